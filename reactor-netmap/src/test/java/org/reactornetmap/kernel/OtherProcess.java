package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.kernel.KernelDriver;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** A second program that uses netmap, well or badly, until it has done enough, its input ends or it is killed. */
final class OtherProcess implements AutoCloseable {
    private static final long SCRIBBLES = 200_000;

    private final Process process;

    private OtherProcess(final Process process) {
        this.process = process;
    }

    /** Returns when it has its port, and does what it was started for. */
    static OtherProcess start(final Role role, final String spec) {
        return start(role, spec, 0);
    }

    /** As {@link #start(Role, String)}, for a role that throws dice. */
    static OtherProcess start(final Role role, final String spec, final long seed) {
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
                            spec,
                            Long.toString(seed))
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

    /** Waits until it has done enough. */
    void awaitEnough() {
        assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue())
                .isZero();
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
        HOLD(Long.MAX_VALUE) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
                Thread.onSpinWait();
            }
        },
        /** Sends as fast as it can, and keeps what comes in. */
        SEND(Long.MAX_VALUE) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
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
        },
        /** Writes what it likes over head and cur. */
        SCRIBBLE_HEADS(SCRIBBLES) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
                final NetmapRing ring = anyRing(port, dice);
                if (dice.nextBoolean()) {
                    ring.head(anything(ring, dice));
                } else {
                    ring.cur(anything(ring, dice));
                }
            }
        },
        /** Writes what it likes over tail. */
        SCRIBBLE_TAILS(SCRIBBLES) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
                final NetmapRing ring = anyRing(port, dice);
                ring.tail(anything(ring, dice));
            }
        },
        /** Moves tail where it may go, but did not. */
        SCRIBBLE_NEAR_TAILS(SCRIBBLES) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
                final NetmapRing ring = anyRing(port, dice);
                ring.tail(RingMath.plus(ring.tail(), dice.nextInt(4), ring.numSlots()));
            }
        },
        /** Writes what it likes over the lengths of slots. */
        SCRIBBLE_LENGTHS(SCRIBBLES) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
                final NetmapRing ring = anyRing(port, dice);
                final int slot = dice.nextInt(ring.numSlots());
                final long word = ring.slotWord(slot);
                ring.slotWord(
                        slot,
                        NetmapSlotDescriptor.word(
                                NetmapSlotDescriptor.bufIdx(word),
                                dice.nextInt(1 << Short.SIZE),
                                NetmapSlotDescriptor.flags(word)));
            }
        },
        /** Writes what it likes over the flags of slots. */
        SCRIBBLE_FLAGS(SCRIBBLES) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
                final NetmapRing ring = anyRing(port, dice);
                final int slot = dice.nextInt(ring.numSlots());
                final long word = ring.slotWord(slot);
                ring.slotWord(
                        slot,
                        NetmapSlotDescriptor.word(
                                NetmapSlotDescriptor.bufIdx(word),
                                NetmapSlotDescriptor.len(word),
                                dice.nextInt(1 << Short.SIZE)));
            }
        },
        /** Writes what it likes over the buffers' indexes of slots. */
        SCRIBBLE_INDEXES(SCRIBBLES) {
            @Override
            void act(final DriverPort port, final SplittableRandom dice) {
                final NetmapRing ring = anyRing(port, dice);
                ring.slotWord(
                        dice.nextInt(ring.numSlots()),
                        NetmapSlotDescriptor.word(anything(ring, dice), 60, NetmapSlotDescriptor.NS_BUF_CHANGED));
            }
        };

        private final long times;

        Role(final long times) {
            this.times = times;
        }

        abstract void act(DriverPort port, SplittableRandom dice);

        private static NetmapRing anyRing(final DriverPort port, final SplittableRandom dice) {
            final List<NetmapRing> rings = Stream.of(
                            port.netmapIf().txRings(), port.netmapIf().rxRings())
                    .flatMap(List::stream)
                    .toList();
            return rings.get(dice.nextInt(rings.size()));
        }

        /** Half of them are, or nearly are, what might stand there. */
        private static int anything(final NetmapRing ring, final SplittableRandom dice) {
            return dice.nextBoolean() ? dice.nextInt(2 * ring.numSlots()) : dice.nextInt();
        }
    }

    /**
     * Runs in the other process.
     *
     * @param args a {@link Role}, a port spec, and a seed
     */
    public static void main(final String[] args) throws IOException {
        final Role role = Role.valueOf(args[0]);
        final SplittableRandom dice = new SplittableRandom(Long.parseLong(args[2]));
        // Nothing tells that a pipe has ended but a read.
        final Thread input = new Thread(OtherProcess::awaitEnd, "input");
        input.start();
        try (DriverPort port = new KernelDriver().open(OpenRequest.of(PortSpec.parse(args[1])))) {
            role.act(port, dice);
            System.out.println("ready");
            for (long done = 1; done < role.times && input.isAlive(); done++) {
                role.act(port, dice);
            }
        }
        System.exit(0); // though nobody ended the input
    }

    private static void awaitEnd() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
