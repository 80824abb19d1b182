package org.reactornetmap.benchmarks;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * The rings by hand: fill or empty up to a batch of slots, then poll, which syncs and waits, as pkt-gen does it. Or, for the
 * sender, sync by ioctl and poll only if there is no room, as our loops do it.
 */
final class BareLine implements SpeedLine {
    private static final long WAIT_NANOS = 100_000_000;

    private final NetmapDriver driver;
    private final SpeedSetup setup;
    private final boolean polls;

    BareLine(final NetmapDriver driver, final SpeedSetup setup, final boolean polls) {
        this.driver = driver;
        this.setup = setup;
        this.polls = polls;
    }

    @Override
    public String name() {
        return polls ? "bare" : "bare-sync";
    }

    @Override
    public SpeedResult run(final int batch, final long nanos) throws Exception {
        final CallCounter sending = new CallCounter(driver);
        final CallCounter receiving = new CallCounter(driver);
        try (DriverPort in = receiving.open(OpenRequest.of(PortSpec.parse("netmap:speed}1")));
                DriverPort out = sending.open(OpenRequest.of(PortSpec.parse("netmap:speed{1")))) {
            final Sender sender = new Sender(sending, out, batch, polls);
            final Receiver receiver = new Receiver(receiving, in, setup.receiverBatch(batch));
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final Thread receiverThread = start("bare-receiver", setup.receiverCpu(), receiver, failure);
            final Thread senderThread = start("bare-sender", setup.senderCpu(), sender, failure);
            final double packetsPerSecond = SpeedLines.measure(receiver.received::get, nanos);
            sender.stopped = true;
            senderThread.join();
            receiver.stopped = true;
            receiverThread.join();
            if (failure.get() != null) {
                throw new IllegalStateException(failure.get());
            }
            return new SpeedResult(
                    packetsPerSecond,
                    (double) sending.calls() / sender.sent,
                    (double) receiving.calls() / receiver.received.get());
        }
    }

    private static Thread start(
            final String name, final int cpu, final Runnable body, final AtomicReference<Throwable> failure) {
        final Thread thread = new Thread(
                () -> {
                    SpeedSetup.pin(cpu);
                    body.run();
                },
                name);
        thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
        thread.start();
        return thread;
    }

    /** pkt-gen's sender_body. */
    private static final class Sender implements Runnable {
        private final Poller poller;
        private final NetmapRing ring;
        private final DriverPort port;
        private final int batch;
        private final boolean polls;
        private final byte[] frame = SpeedLines.frame();
        private volatile boolean stopped;
        private long sent;

        Sender(final NetmapDriver driver, final DriverPort port, final int batch, final boolean polls) {
            this.poller = driver.newPoller();
            this.port = port;
            this.ring = port.netmapIf().txRings().get(0);
            this.batch = batch;
            this.polls = polls;
            poller.add(port, Poller.OUT);
        }

        @Override
        public void run() {
            for (int i = 0; i < ring.numSlots(); i++) { // the first time round, each buffer gets the frame
                mark(i);
            }
            while (!stopped) {
                if (polls || ring.cur() == ring.tail()) {
                    poller.poll(WAIT_NANOS);
                } else {
                    port.txSync();
                }
                sent += fill();
            }
            port.txSync();
            poller.close();
        }

        private void mark(final int slot) {
            final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
            ring.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
        }

        private int fill() {
            final Buffers buffers = ring.buffers();
            final int numSlots = ring.numSlots();
            final int tail = ring.tail();
            int head = ring.head();
            final int count = Math.min(batch, RingMath.distance(head, tail, numSlots));
            for (int i = 0; i < count; i++) {
                final long word = ring.slotWord(head);
                final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
                if ((NetmapSlotDescriptor.flags(word) & NetmapSlotDescriptor.NS_BUF_CHANGED) != 0) {
                    buffers.block(bufIdx).put(buffers.offset(bufIdx), frame);
                }
                ring.slotWord(head, NetmapSlotDescriptor.word(bufIdx, frame.length, 0));
                head = RingMath.next(head, numSlots);
            }
            ring.head(head);
            ring.cur(count < batch ? tail : head);
            return count;
        }
    }

    /** pkt-gen's receiver_body. */
    private static final class Receiver implements Runnable {
        private final Poller poller;
        private final NetmapRing ring;
        private final int batch;
        private final AtomicLong received = new AtomicLong();
        private volatile boolean stopped;
        private long bytes;

        Receiver(final NetmapDriver driver, final DriverPort port, final int batch) {
            this.poller = driver.newPoller();
            this.ring = port.netmapIf().rxRings().get(0);
            this.batch = batch;
            poller.add(port, Poller.IN);
        }

        @Override
        public void run() {
            while (!stopped) {
                poller.poll(WAIT_NANOS);
                received.setOpaque(received.getOpaque() + empty());
            }
            poller.close();
            if (bytes != received.get() * SpeedLines.FRAME_BYTES) {
                throw new IllegalStateException(received.get() + " packets had " + bytes + " bytes");
            }
        }

        private int empty() {
            final int numSlots = ring.numSlots();
            int head = ring.head();
            final int count = Math.min(batch, RingMath.distance(head, ring.tail(), numSlots));
            for (int i = 0; i < count; i++) {
                bytes += NetmapSlotDescriptor.len(ring.slotWord(head));
                head = RingMath.next(head, numSlots);
            }
            ring.head(head);
            ring.cur(head);
            return count;
        }
    }
}
