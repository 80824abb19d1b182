package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.conformance.ConformanceTarget;
import org.reactornetmap.driver.kernel.VethPair;
import org.reactornetmap.flow.IdleStrategy;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Direction;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.test.StepVerifier;

/** An interface of this machine, with another machine's stack at the far end of its cable: a network namespace. */
@Tag("kernel")
@Timeout(180)
@SuppressWarnings("try") // the other machine is only there
class KernelHostTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final PortOptions KERNEL =
            PortOptions.builder().driver("kernel").build();
    private static final String FAR = "10.77.0.2";
    private static final int IPV4 = 0x0800;
    private static final int ICMP = 1;

    private final VethPair veth = VethPair.create();
    private final String near = veth.left().name();

    @AfterEach
    void close() {
        veth.close();
    }

    /** Puts the right end into a namespace, and gives both ends addresses. */
    private AutoCloseable farHost() {
        final String far = veth.right().name();
        final String inside = "netns exec " + far + " ip ";
        VethPair.ip(
                "netns add " + far,
                "link set " + far + " netns " + far,
                inside + "addr add " + FAR + "/24 dev " + far,
                inside + "link set " + far + " arp on up",
                "addr add 10.77.0.1/24 dev " + near,
                "link set " + near + " arp on");
        return () -> VethPair.ip("link del " + near, "netns del " + far);
    }

    /** Asks the other machine for an echo, through the sockets of this one. */
    private static boolean answers(final Duration within) throws IOException {
        return InetAddress.getByName(FAR).isReachable((int) within.toMillis());
    }

    private static boolean isEcho(final Packet packet) {
        return packet.length() > 34 && packet.u16(12) == IPV4 && packet.u8(23) == ICMP;
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepAnInterfaceWorkingForItsHostWhileAPipelineLooksOn(final IdleStrategy idle) throws Exception {
        final AtomicInteger in = new AtomicInteger();
        final AtomicInteger out = new AtomicInteger();
        try (AutoCloseable host = farHost();
                NetmapLoop loop = NetmapLoop.builder("onlooker").idle(idle).build();
                NetmapPort port = NetmapPort.open(
                        "netmap:" + near + "*",
                        KERNEL.toBuilder().loop(loop).forward(true).build())) {
            port.packets().subscribe(packet -> {
                if (isEcho(packet)) {
                    (packet.direction() == Direction.INBOUND ? in : out).incrementAndGet();
                }
                packet.release();
            });
            for (int i = 0; i < 5; i++) {
                assertThat(answers(TIMEOUT)).isTrue();
            }
            assertThat(port.rx(0).statistics().forwarded()).isGreaterThanOrEqualTo(5);
            assertThat(port.rx(1).statistics().forwarded()).isGreaterThanOrEqualTo(5);
        }
        assertThat(in.get()).isGreaterThanOrEqualTo(5);
        assertThat(out.get()).isGreaterThanOrEqualTo(in.get());
    }

    @Test
    void shouldBeAFirewallBetweenTheInterfaceAndItsHost() throws Exception {
        try (AutoCloseable host = farHost();
                NetmapLoop loop = NetmapLoop.create("firewall");
                NetmapPort nic = NetmapPort.open(
                        "netmap:" + near, KERNEL.toBuilder().loop(loop).build());
                NetmapPort stack = nic.host()) {
            final AtomicBoolean closed = new AtomicBoolean();
            nic.packets()
                    .filter(packet -> !closed.get() || !isEcho(packet))
                    .as(stack::send)
                    .subscribe(report -> {}, e -> {});
            stack.packets().as(nic::send).subscribe(report -> {}, e -> {});
            assertThat(answers(TIMEOUT)).isTrue();
            closed.set(true);
            assertThat(answers(Duration.ofMillis(500))).isFalse();
            closed.set(false);
            assertThat(answers(TIMEOUT)).isTrue();
        }
    }

    @Test
    void shouldTalkToTheHostStack() {
        final ByteBuffer frame = Frames.ethernet()
                .src("02:00:00:00:00:0a")
                .dst("ff:ff:ff:ff:ff:ff")
                .etherType(ConformanceTarget.ETHER_TYPE)
                .payload(46)
                .build();
        try (NetmapPort nic = NetmapPort.open("netmap:" + near, KERNEL);
                NetmapPort host = nic.host()) {
            StepVerifier.create(host.packets().take(1))
                    .expectSubscription()
                    .then(() ->
                            assertThat(veth.left().hostSend(frame.duplicate())).isTrue())
                    .assertNext(packet -> {
                        assertThat(ByteBuffer.wrap(packet.toBytes())).isEqualTo(frame);
                        assertThat(packet.direction()).isEqualTo(Direction.OUTBOUND);
                        packet.release();
                    })
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(host.inject(frame.duplicate()).sent()).isEqualTo(1);
            final long start = System.nanoTime();
            List<ByteBuffer> received = List.of();
            while (received.isEmpty()) {
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));
                received = veth.left().hostReceived();
            }
            assertThat(received).containsExactly(frame);
        }
    }
}
