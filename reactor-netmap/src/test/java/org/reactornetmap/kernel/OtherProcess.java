package org.reactornetmap.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.kernel.KernelDriver;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** A second program that uses netmap, well or badly, until its input ends or it is killed. */
final class OtherProcess implements AutoCloseable {
    private final Process process;

    private OtherProcess(final Process process) {
        this.process = process;
    }

    /** Returns when it has its port, and does what it was started for. */
    static OtherProcess start(final Role role, final String spec) {
        try {
            final Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            role.name(),
                            spec)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            final String line = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            if (line == null) {
                throw new IllegalStateException(role + " of " + spec + " ended at once");
            }
            return new OtherProcess(process);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Lets it end by itself, and waits for that. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    /** What it does with its port. */
    enum Role {
        /** Has it. */
        HOLD {
            @Override
            void act(final DriverPort port) {
                Thread.onSpinWait();
            }
        },
        /** Sends as fast as it can, and keeps what comes in. */
        SEND {
            @Override
            void act(final DriverPort port) {
                for (final NetmapRing ring : port.netmapIf().txRings()) {
                    for (int slot = ring.head(); slot != ring.tail(); slot = RingMath.next(slot, ring.numSlots())) {
                        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
                        ring.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, 60, 0));
                    }
                    ring.head(ring.tail());
                    ring.cur(ring.tail());
                }
                port.txSync();
            }
        };

        abstract void act(DriverPort port);
    }

    /**
     * Runs in the other process.
     *
     * @param args a {@link Role} and a port spec
     */
    public static void main(final String[] args) throws IOException {
        final Role role = Role.valueOf(args[0]);
        // Nothing tells that a pipe has ended but a read.
        final Thread input = new Thread(OtherProcess::awaitEnd, "input");
        input.start();
        try (DriverPort port = new KernelDriver().open(OpenRequest.of(PortSpec.parse(args[1])))) {
            role.act(port);
            System.out.println("ready");
            while (input.isAlive()) {
                role.act(port);
            }
        }
    }

    private static void awaitEnd() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
