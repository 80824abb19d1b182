package org.reactornetmap.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;
import org.reactornetmap.driver.embedded.Strictness;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.Region;
import org.reactornetmap.ring.RingStateException;

/** A small netmap whose shared memory somebody scribbles on, as an input says. */
final class ScribbledWorld {
    static final int BUFFERS = 128;

    private static final int PAGE = 4_096;

    /** Where the netmap_ifs and rings of this configuration lie, at the most. */
    private static final int MOST_PAGES = 256;

    /** What is written of an object: a netmap_if without most of its offsets, a ring without its slots. */
    private static final int HEADER = 64;

    private static final String[] SPECS = {
        "netmap:x{1@1", "netmap:x}1@1", "vale0:a@1", "vale0:b@1", "null:n", "netmap:x}1/rt@1", "vale0:a/z@1", "vale0:b"
    };

    private static final Logger OURS = Logger.getLogger("org.reactornetmap");

    private static final long[] OBJECT_PAGES = objectPages();

    private final FuzzInput in;
    private final EmbeddedDriver driver;
    private final Poller poller;
    private final Region region;

    /** As they were before any header was written over. */
    private final Buffers buffers;

    private final @Nullable DriverPort[] ports = new @Nullable DriverPort[SPECS.length];
    private final List<ByteBuffer> objects = new ArrayList<>();

    ScribbledWorld(final FuzzInput in) {
        silenceWarnings();
        this.in = in;
        this.driver = EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(BUFFERS)
                .bufSize(64)
                .interfaces(12)
                .rings(24)
                .strictness(in.nextBoolean() ? Strictness.FAITHFUL : Strictness.STRICT)
                .build());
        this.poller = driver.newPoller();
        for (int i = 0; i < 2 + in.next(SPECS.length - 1); i++) {
            open(i);
        }
        region = port(0).region();
        buffers = port(0).netmapIf().txRings().get(0).buffers();
    }

    /** Each bad ring, broken list and held packet is a warning. */
    static void silenceWarnings() {
        OURS.setLevel(Level.OFF);
    }

    int freeBuffers() {
        return driver.freeBuffers();
    }

    private void open(final int number) {
        if (ports[number] != null) {
            return;
        }
        final int slots = 2 + in.next(8);
        try {
            ports[number] =
                    driver.open(new OpenRequest(PortSpec.parse(SPECS[number]), -1, 1, 1, slots, slots, in.next(6)));
        } catch (final NetmapException e) {
            // Busy, or what was scribbled over an extra list used the pool up.
            return;
        }
    }

    private DriverPort port(final int number) {
        final DriverPort port = ports[number];
        if (port == null) {
            throw new IllegalStateException();
        }
        return port;
    }

    /** Each netmap_if and ring there was at first, as another process has them mapped. */
    private List<ByteBuffer> objects() {
        if (objects.isEmpty()) {
            for (final long page : OBJECT_PAGES) {
                header(region, page).ifPresent(objects::add);
            }
        }
        return objects;
    }

    private static Optional<ByteBuffer> header(final Region region, final long offset) {
        try {
            return Optional.of(region.slice(offset, HEADER));
        } catch (final IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Where objects are when every port is open: they are handed out in the same order in every world. */
    private static long[] objectPages() {
        final ScribbledWorld world = new ScribbledWorld(new FuzzInput(new byte[] {0, 6}));
        final long[] found = LongStream.range(0, MOST_PAGES)
                .map(page -> page * PAGE)
                .filter(offset -> header(world.region, offset).isPresent())
                .toArray();
        world.close();
        return found;
    }

    void step() {
        final int number = in.next(ports.length);
        final DriverPort port = ports[number];
        if (port == null) {
            open(number);
            return;
        }
        try {
            step(number, port);
        } catch (final RingStateException | NetmapException e) {
            // What a sync of a bad ring may throw.
            return;
        }
    }

    private void step(final int number, final DriverPort port) {
        switch (in.next(12)) {
            case 0 -> port.txSync();
            case 1 -> port.rxSync();
            case 2 -> poll(port);
            case 3 -> {
                port.close();
                ports[number] = null;
            }
            case 4 -> port.netmapIf().bufsHead(in.nextNumber(BUFFERS));
            case 5 -> writeObject();
            case 6, 7, 8 -> writeSlot(anyRing(port));
            case 9 -> buffers.listNext(2 + in.next(BUFFERS - 2), in.nextNumber(BUFFERS));
            default -> writePointer(anyRing(port));
        }
    }

    private NetmapRing anyRing(final DriverPort port) {
        return in.nextBoolean()
                ? port.netmapIf().txRings().get(0)
                : port.netmapIf().rxRings().get(0);
    }

    private void poll(final DriverPort port) {
        poller.add(port, in.next(4) == 0 ? Poller.IN : Poller.IN | Poller.OUT);
        try {
            poller.poll(0);
        } finally {
            poller.remove(port);
        }
    }

    private void writeObject() {
        final ByteBuffer object = objects().get(in.next(objects().size()));
        object.putInt(in.next(HEADER / Integer.BYTES) * Integer.BYTES, in.nextNumber(BUFFERS));
    }

    private void writeSlot(final NetmapRing ring) {
        final int slot = in.next(ring.numSlots());
        if (in.nextBoolean()) {
            ring.slotWord(slot, in.nextLong());
        } else {
            ring.slotWord(slot, (ring.slotWord(slot) & ~0xFFFF_FFFFL) | (in.nextNumber(BUFFERS) & 0xFFFF_FFFFL));
        }
        if (in.nextBoolean()) {
            ring.slotPtr(slot, in.nextLong());
        }
    }

    private void writePointer(final NetmapRing ring) {
        final int value = in.nextNumber(ring.numSlots());
        switch (in.next(4)) {
            case 0 -> ring.head(value);
            case 1 -> ring.cur(value);
            case 2 -> ring.tail(value);
            default -> {
                ring.head(in.next(ring.numSlots()));
                ring.cur(ring.head());
            }
        }
    }

    void close() {
        poller.close();
        for (final DriverPort port : ports) {
            if (port != null) {
                port.close();
            }
        }
    }
}
