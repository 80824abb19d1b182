package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reactornetmap.conformance.ConformanceTarget;

/**
 * Two veth interfaces, the ends of one cable, up, with one queue each way unless it is told otherwise, and silent: no ARP,
 * no IPv6. Needs root and iproute2.
 */
public final class VethPair implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private final String prefix;
    private final int queues;
    private final End left;
    private final End right;

    private VethPair(final String prefix, final int queues) {
        this.prefix = prefix;
        this.queues = queues;
        final String each = " numtxqueues " + queues + " numrxqueues " + queues;
        ip("link add " + prefix + "a" + each + " type veth peer name " + prefix + "b" + each);
        for (final String end : List.of(prefix + "a", prefix + "b")) {
            silence(end);
        }
        ip("link set " + prefix + "a arp off up", "link set " + prefix + "b arp off up");
        left = new End(prefix + "a");
        right = new End(prefix + "b");
    }

    /** Makes two new interfaces. */
    public static VethPair create() {
        return create(1);
    }

    /**
     * Makes two new interfaces.
     *
     * @param queues TX queues, and RX queues, of each
     */
    public static VethPair create(final int queues) {
        return new VethPair("rn" + ProcessHandle.current().pid() % 100_000 + 'x' + COUNT.incrementAndGet(), queues);
    }

    /** Makes two new interfaces with the names of these, which are gone. */
    public VethPair again() {
        return new VethPair(prefix, queues);
    }

    /** Names of all network interfaces of this machine. */
    static Set<String> interfaces() {
        try (Stream<Path> all = Files.list(INTERFACES)) {
            return all.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of them. */
    public End left() {
        return left;
    }

    /** The other. */
    public End right() {
        return right;
    }

    List<ConformanceTarget.Interface> ends() {
        return List.of(left, right);
    }

    /** Both ends vanish, if they have not already. */
    @Override
    public void close() {
        right.host.close();
        left.remove();
    }

    private static void silence(final String name) {
        final Path ipv6 = Path.of("/proc/sys/net/ipv6/conf", name, "disable_ipv6");
        if (Files.exists(ipv6)) {
            try {
                Files.writeString(ipv6, "1");
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** {@code ip -batch}: one process for all commands. */
    public static void ip(final String... commands) {
        final Process ip = start(commands);
        try {
            final String said = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(ip.waitFor())
                    .as("exit status of ip %s; it said: %s", String.join("; ", commands), said)
                    .isZero();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Its output is not ours: an {@code ip link del} that never ends would hold that open beyond our end. */
    private static Process start(final String... commands) {
        try {
            final Process ip = new ProcessBuilder("ip", "-batch", "-")
                    .redirectErrorStream(true)
                    .start();
            ip.getOutputStream().write(String.join("\n", commands).getBytes(StandardCharsets.US_ASCII));
            ip.getOutputStream().close();
            return ip;
        } catch (final IOException e) {
            throw new UncheckedIOException("kernel tests need ip (iproute2)", e);
        }
    }

    /** One end, with a packet socket for its host. */
    public static final class End implements ConformanceTarget.Interface {
        private final String name;
        private final PacketSocket host;

        private End(final String name) {
            this.name = name;
            this.host = PacketSocket.open(name, ConformanceTarget.ETHER_TYPE);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean hostSend(final ByteBuffer frame) {
            return host.send(frame);
        }

        @Override
        public List<ByteBuffer> hostReceived() {
            return host.receive();
        }

        /**
         * Returns when the name is gone. The command itself ends no sooner than netmap's last reference to the interface:
         * when its ports are closed, or never, since netmap at 89607e14 keeps one for each VALE_ATTACH that it refused for
         * its mode.
         */
        @Override
        public void remove() {
            host.close();
            if (!interfaces().contains(name)) {
                return;
            }
            final Process removing = start("link del " + name);
            while (interfaces().contains(name)) {
                assertThat(removing.isAlive() || removing.exitValue() == 0)
                        .as("ip link del %s", name)
                        .isTrue();
                Thread.onSpinWait();
            }
        }
    }
}
