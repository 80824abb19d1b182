package org.reactornetmap.model;

import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.embedded.BufferAudit;
import org.reactornetmap.driver.embedded.EmbeddedDriver;
import org.reactornetmap.driver.embedded.Strictness;
import org.reactornetmap.driver.embedded.SwitchStatistics;
import org.reactornetmap.model.RefMemory.Place;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingStateException;

/**
 * Runs operations on an embedded netmap and on the model, and compares both after each. An operation that can do nothing
 * in the state that it meets does nothing, so that any part of a program is a program.
 */
final class Machine implements AutoCloseable {
    private static final int AUDIT_EVERY = 256;

    private final Topology topology;
    private final EmbeddedDriver driver;
    private final DriverDescriptor admin;
    private final Poller poller;
    private final RefWorld model;
    private final @Nullable StringBuilder text;
    private int steps;
    private int serial;

    /** Writes what it does into {@code text}, if there is one. */
    Machine(final Topology topology, final @Nullable StringBuilder text) {
        this.topology = topology;
        this.text = text;
        this.driver = EmbeddedDriver.create(topology.config());
        this.admin = driver.newDescriptor();
        this.poller = driver.newPoller();
        this.model = new RefWorld(
                topology.config().buffers(),
                topology.config().bufSize(),
                topology.config().strictness() == Strictness.FAITHFUL);
    }

    /** Runs one operation; false if there was nothing to do. */
    boolean run(final Op op) {
        final SplittableRandom random = new SplittableRandom(op.seed());
        final RefPort port = model.port(op.target());
        final boolean ran;
        final Candidate candidate = topology.candidates().get(op.target());
        switch (op.kind()) {
            case OPEN -> ran = port == null && open(candidate);
            case NEWIF, DELIF, ATTACH, DETACH -> ran = administer(op.kind(), candidate);
            default -> ran = port != null && run(op.kind(), port, random);
        }
        if (ran) {
            check(steps++ % AUDIT_EVERY == 0);
        }
        return ran;
    }

    private boolean run(final Op.Kind kind, final RefPort port, final SplittableRandom random) {
        return switch (kind) {
            case OPEN, NEWIF, DELIF, ATTACH, DETACH -> throw new IllegalStateException();
            case CLOSE -> close(port);
            case FILL -> fill(port, random);
            case TAKE -> take(port, random);
            case MOVE_CUR -> moveCur(port, random);
            case TX_SYNC -> sync(port, false);
            case RX_SYNC -> sync(port, true);
            case POLL -> poll(port, random.nextInt(1, 4));
            case SWAP_EXTRA -> swapExtra(port, random);
            case FORWARD -> forward(port, random);
            case EXCHANGE -> exchange(port, random);
            case POCKET -> pocket(port);
            case RETURN -> giveBack(port);
            case ILLEGAL_POINTER -> illegalPointer(port, random);
            case WRITE_TAIL -> writeTail(port, random);
        };
    }

    private void say(final Object... words) {
        final StringBuilder out = text;
        if (out != null) {
            for (final Object word : words) {
                out.append(word);
            }
            out.append('\n');
        }
    }

    private boolean open(final Candidate candidate) {
        final Errno expected = model.refusal(candidate);
        say(candidate, expected == null ? "" : " -> " + expected);
        final DriverPort real;
        try {
            real = driver.open(candidate.request());
        } catch (final NetmapErrnoException e) {
            if (e.errno() != expected && !(e.errno() == Errno.ENOMEM && RefWorld.isPrivate(candidate))) {
                throw new AssertionError("expected " + (expected == null ? "success" : expected), e);
            }
            return true;
        }
        if (expected != null) {
            real.close();
            throw new AssertionError("the open succeeded, expected " + expected);
        }
        model.opened(candidate, real);
        return true;
    }

    private boolean administer(final Op.Kind kind, final Candidate candidate) {
        final boolean ofSwitch = kind == Op.Kind.ATTACH || kind == Op.Kind.DETACH;
        if (ofSwitch
                ? !candidate.spec().isVale() || (kind == Op.Kind.ATTACH && model.isInAnotherSwitch(candidate))
                : !candidate.isInterface()) {
            return false;
        }
        final Errno expected =
                switch (kind) {
                    case NEWIF -> model.newif(candidate);
                    case DELIF -> model.delif(candidate);
                    case ATTACH -> model.attach(candidate);
                    default -> model.detach(candidate);
                };
        final Errno found = Requests.call(admin, kind, candidate);
        say(kind, " ", candidate.spec(), found == null ? "" : " -> " + found);
        if (found != expected) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
        return true;
    }

    private boolean close(final RefPort port) {
        say(port, ".close()");
        port.real.close();
        model.closed(port);
        return true;
    }

    private @Nullable RefRing anyRing(final List<RefRing> rings, final SplittableRandom random) {
        return rings.isEmpty() ? null : rings.get(random.nextInt(rings.size()));
    }

    private boolean fill(final RefPort port, final SplittableRandom random) {
        final RefRing ring = anyRing(port.txRings, random);
        if (ring == null || ring.left() == 0) {
            return false;
        }
        final int count = random.nextInt(1, ring.left() + 1);
        say(port, ": fill ", count, " slots of ", ring, ":");
        for (int i = 0; i < count; i++) {
            final RefSlot slot = ring.atHead();
            final int frame = newFrame(random);
            slot.length = random.nextInt(8) == 0 ? random.nextInt(1 << 16) : random.nextInt(Frame.LENGTH + 1);
            slot.flags = random.nextInt(4) == 0 ? NS_MOREFRAG : 0;
            slot.ptr = random.nextLong();
            write(ring, slot, frame);
            ring.write(slot, ring.done);
            ring.advance();
            say("    ", Frame.toString(frame), " ", slot);
        }
        return true;
    }

    private static void write(final RefRing ring, final RefSlot slot, final int frame) {
        Frame.write(ring.ring().buffers(), slot.buffer, frame);
        ring.memory.wrote(slot.buffer, frame, Frame.LENGTH);
    }

    /** Few hosts, so that a switch knows most of them. */
    private int newFrame(final SplittableRandom random) {
        final int hosts = random.nextInt(4) == 0 ? 16 : 5;
        return Frame.number(random.nextInt(hosts), random.nextInt(hosts), ++serial);
    }

    private boolean take(final RefPort port, final SplittableRandom random) {
        final RefRing ring = anyRing(port.rxRings, random);
        if (ring == null || ring.left() == 0) {
            return false;
        }
        final int count = random.nextInt(1, ring.left() + 1);
        say(port, ": take ", count, " slots of ", ring);
        for (int i = 0; i < count; i++) {
            checkFrame(ring, ring.atHead());
            ring.advance();
        }
        return true;
    }

    /** Reads where the real slot says the frame is. */
    private static void checkFrame(final RefRing ring, final RefSlot slot) {
        ring.memory.checkFrame(ring.ring().buffers(), slot.buffer, slot.length);
    }

    private boolean moveCur(final RefPort port, final SplittableRandom random) {
        final RefRing ring = anyRing(port.rings(), random);
        if (ring == null) {
            return false;
        }
        ring.ahead = random.nextInt(ring.left() + 1);
        say(port, ": cur of ", ring, " = head + ", ring.ahead);
        ring.writePointers();
        return true;
    }

    private boolean sync(final RefPort port, final boolean rx) {
        say(port, rx ? ".rxSync()" : ".txSync()");
        if (port.rings(rx).stream().anyMatch(ring -> ring.stopped)) {
            refuseSync(port, rx);
            return true;
        }
        sync(port.real, rx);
        port.rings(rx).forEach(RefRing::sync);
        return true;
    }

    private static void refuseSync(final RefPort port, final boolean rx) {
        try {
            sync(port.real, rx);
        } catch (final NetmapErrnoException e) {
            if (e.errno() == Errno.EIO) {
                return;
            }
            throw new AssertionError("expected EIO", e);
        }
        throw new AssertionError("the sync of a stopped ring succeeded");
    }

    private static void sync(final DriverPort real, final boolean rx) {
        if (rx) {
            real.rxSync();
        } else {
            real.txSync();
        }
    }

    private boolean poll(final RefPort port, final int choice) {
        final int interest = ((choice & 1) * Poller.IN) | ((choice >> 1) * Poller.OUT);
        say(port, ": poll ", interest);
        poller.add(port.real, interest);
        final int count = poller.poll(0);
        final int ready = poller.ready(port.real);
        poller.remove(port.real);
        final boolean wantsTx = (interest & Poller.OUT) != 0;
        final boolean sends = wantsTx || !port.candidate.request().moreFlags().contains(RegisterFlag.NO_TX_POLL);
        final int expected = (sends ? pollTx(port, wantsTx) : 0) | ((interest & Poller.IN) == 0 ? 0 : pollRx(port));
        if (ready != expected || count != (expected == 0 ? 0 : 1)) {
            throw new AssertionError("poll found " + count + " ready port with " + ready + ", expected " + expected);
        }
        return true;
    }

    private static int pollTx(final RefPort port, final boolean wanted) {
        boolean searching = wanted;
        for (final RefRing ring : port.txRings) {
            if (searching || ring.done > 0) {
                if (ring.stopped) {
                    return Poller.ERR;
                }
                ring.sync();
                searching &= !ring.isReady();
            }
        }
        return wanted && !searching ? Poller.OUT : 0;
    }

    private static int pollRx(final RefPort port) {
        if (port.rxRings.stream().anyMatch(ring -> ring.stopped)) {
            return Poller.ERR;
        }
        port.rxRings.forEach(RefRing::sync);
        return port.rxRings.stream().anyMatch(RefRing::isReady) ? Poller.IN : 0;
    }

    /** The position of a slot that user space owns, -1 if it owns none. */
    private static int anyOwned(final @Nullable RefRing ring, final SplittableRandom random) {
        return ring == null || ring.left() == 0 ? -1 : ring.done + random.nextInt(ring.left());
    }

    private boolean swapExtra(final RefPort port, final SplittableRandom random) {
        final RefRing ring = anyRing(port.rings(), random);
        final int position = anyOwned(ring, random);
        if (ring == null || position < 0 || port.extraCount() == 0) {
            return false;
        }
        say(port, ": swap slot ", ring.index(position), " of ", ring, " with the first extra buffer");
        final RefSlot slot = ring.slots.get(position);
        final int old = slot.buffer;
        slot.buffer = port.popExtra(ring.ring().buffers(), Place.RING);
        slot.flags |= NS_BUF_CHANGED;
        port.pushExtra(ring.ring().buffers(), old, Place.RING);
        ring.write(slot, position);
        return true;
    }

    /** As a bridge does: the buffers of received packets change places with those of a TX ring. */
    private boolean forward(final RefPort port, final SplittableRandom random) {
        final RefRing from = anyRing(port.rxRings, random);
        final List<RefPort> ports = model.ports();
        final RefRing to = anyRing(ports.get(random.nextInt(ports.size())).txRings, random);
        if (from == null || to == null || from.memory != to.memory) {
            return false;
        }
        final int count = Math.min(from.left(), to.left());
        if (count == 0) {
            return false;
        }
        say(port, ": forward ", count, " slots from ", from, " to ", to);
        for (int i = 0; i < count; i++) {
            final RefSlot received = from.atHead();
            final RefSlot sent = to.atHead();
            checkFrame(from, received);
            sent.length = received.length;
            sent.flags = NS_BUF_CHANGED | (received.flags & NS_MOREFRAG);
            sent.ptr = 0;
            swap(received, sent);
            if (to.needsFrames() && !to.memory.hasFrame(sent.buffer, Math.min(sent.length, Frame.HEADER))) {
                write(to, sent, newFrame(random));
            }
            from.write(received, from.done);
            to.write(sent, to.done);
            from.advance();
            to.advance();
        }
        return true;
    }

    private static void swap(final RefSlot one, final RefSlot other) {
        final int buffer = one.buffer;
        one.buffer = other.buffer;
        other.buffer = buffer;
        one.flags |= NS_BUF_CHANGED;
        other.flags |= NS_BUF_CHANGED;
    }

    private boolean exchange(final RefPort port, final SplittableRandom random) {
        final RefRing one = anyRing(port.rings(), random);
        final List<RefPort> ports = model.ports();
        final RefRing other = anyRing(ports.get(random.nextInt(ports.size())).rings(), random);
        final int onePosition = anyOwned(one, random);
        final int otherPosition = anyOwned(other, random);
        if (one == null || other == null || one.memory != other.memory || onePosition < 0 || otherPosition < 0) {
            return false;
        }
        say(
                port,
                ": exchange slot ",
                one.index(onePosition),
                " of ",
                one,
                " and slot ",
                other.index(otherPosition),
                " of ",
                other);
        swap(one.slots.get(onePosition), other.slots.get(otherPosition));
        one.write(one.slots.get(onePosition), onePosition);
        other.write(other.slots.get(otherPosition), otherPosition);
        return true;
    }

    private boolean pocket(final RefPort port) {
        if (port.extraCount() == 0) {
            return false;
        }
        say(port, ": take the first extra buffer out of the list");
        port.popExtra(port.rings().get(0).ring().buffers(), Place.POCKET);
        return true;
    }

    private boolean giveBack(final RefPort port) {
        final int buffer = port.memory.in(Place.POCKET).nextSetBit(0);
        if (buffer < 0) {
            return false;
        }
        say(port, ": put buffer ", buffer, " into the list of extra buffers");
        port.pushExtra(port.rings().get(0).ring().buffers(), buffer, Place.POCKET);
        return true;
    }

    /** A strict sync refuses the ring, has synced those before it, and leaves those behind it alone. */
    private boolean illegalPointer(final RefPort port, final SplittableRandom random) {
        final boolean rx = random.nextBoolean();
        final RefRing bad = anyRing(port.rings(rx), random);
        if (bad == null || bad.isAhead() || bad.stopped || topology.config().strictness() != Strictness.STRICT) {
            return false;
        }
        final NetmapRing ring = bad.ring();
        final int legal = bad.limit - bad.accepted;
        final int beyond = bad.n - 1 - legal;
        final boolean head = random.nextBoolean();
        final int value = beyond == 0 || random.nextInt(4) == 0
                ? bad.n + random.nextInt(3)
                : bad.index(bad.limit + 1 + random.nextInt(beyond));
        say(port, ": ", rx ? "rxSync" : "txSync", " with ", head ? "head" : "cur", " of ", bad, " at ", value);
        if (head) {
            ring.head(value);
        } else {
            ring.cur(value);
        }
        try {
            sync(port.real, rx);
            throw new AssertionError("the sync took it");
        } catch (final RingStateException e) {
            if (!e.getMessage().contains("hwcur")) {
                throw new AssertionError("a message without the pointers", e);
            }
        }
        for (final RefRing before : port.rings(rx)) {
            if (before == bad) {
                break;
            }
            before.sync();
        }
        bad.writePointers();
        return true;
    }

    private boolean writeTail(final RefPort port, final SplittableRandom random) {
        final RefRing ring = anyRing(port.rings(), random);
        if (ring == null) {
            return false;
        }
        ring.tailWritten = true;
        ring.ring().tail(random.nextInt(-1, ring.n + 1));
        say(port, ": tail of ", ring, " = ", ring.ring().tail());
        return true;
    }

    private void check(final boolean thoroughly) {
        for (final RefRing ring : model.rings()) {
            ring.check();
        }
        final int free = model.global.count(Place.FREE);
        if (driver.freeBuffers() != free) {
            throw new AssertionError(driver.freeBuffers() + " buffers are free, expected " + free);
        }
        if (thoroughly) {
            checkAudit();
        }
    }

    private void checkAudit() {
        final BufferAudit real = driver.audit();
        final BufferAudit found = new BufferAudit(
                real.total(),
                real.free(),
                real.inRings(),
                real.extra(),
                real.lost().stream().sorted().toList(),
                real.duplicated(),
                real.reclaimed());
        final BufferAudit expected = model.audit();
        if (!found.equals(expected)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
        for (final SwitchStatistics port : driver.switchStatistics()) {
            if (!port.equals(model.statistics(port.port()))) {
                throw new AssertionError("expected " + model.statistics(port.port()) + ", found " + port);
            }
        }
    }

    /** Gives everything back and closes every port. */
    void finish() {
        say("give back, close everything");
        for (final RefPort port : model.ports()) {
            while (giveBack(port)) {
                check(false);
            }
        }
        for (final RefPort port : model.ports()) {
            close(port);
            check(true);
        }
        for (final Candidate candidate : topology.candidates()) {
            administer(Op.Kind.DETACH, candidate);
            check(true);
        }
        for (final Candidate candidate : topology.candidates()) {
            administer(Op.Kind.DELIF, candidate);
            check(true);
        }
    }

    @Override
    public void close() {
        poller.close();
        admin.close();
    }
}
