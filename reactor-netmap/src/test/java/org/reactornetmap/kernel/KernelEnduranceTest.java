package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.kernel.BufferCount;
import org.reactornetmap.driver.kernel.KernelDriver;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Opening and closing, again and again: nothing is left behind, and a port that is closed is free at once. */
@Tag("kernel")
@Timeout(1_200)
class KernelEnduranceTest {
    private static final String CONF = "@1@conf:rings=1,slots=16";
    private static final PortOptions OPTIONS =
            PortOptions.builder().driver("kernel").build();

    private final BufferCount buffers = new BufferCount();

    @AfterEach
    void countBuffers() {
        buffers.close();
    }

    private static DriverPort openEnd(final String spec) {
        return new KernelDriver().open(new OpenRequest(PortSpec.parse(spec + CONF), -1, 0, 0, 0, 0, 4));
    }

    /** Sends all but the last of one's slots; half of them are taken and the others left where they are. */
    private static void pass(final DriverPort from, final DriverPort to) {
        final NetmapRing tx = from.netmapIf().txRings().get(0);
        for (int slot = tx.head(); slot != tx.tail(); slot = RingMath.next(slot, tx.numSlots())) {
            tx.slotWord(slot, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(tx.slotWord(slot)), 60, 0));
        }
        tx.head(tx.tail());
        tx.cur(tx.tail());
        from.txSync();
        to.rxSync();
        final NetmapRing rx = to.netmapIf().rxRings().get(0);
        final int received = RingMath.distance(rx.head(), rx.tail(), rx.numSlots());
        assertThat(received).isEqualTo(rx.numSlots() - 1);
        rx.head(RingMath.plus(rx.head(), received / 2, rx.numSlots()));
        rx.cur(rx.head());
        to.rxSync();
    }

    @Test
    void shouldOpenAndClosePipeEndsTenThousandTimesUnderTraffic() {
        final int times = Integer.getInteger("kernel.opens", 10_000);
        final AtomicLong passed = new AtomicLong();
        try (NetmapPort a = NetmapPort.open("netmap:endure{0" + CONF, OPTIONS);
                NetmapPort b = NetmapPort.open("netmap:endure}0" + CONF, OPTIONS)) {
            final Disposable reader = b.packets().subscribe(packet -> {
                packet.release();
                passed.incrementAndGet();
            });
            final ByteBuffer frame = Frames.udp("10.0.0.1", 1, "10.0.0.2", 53);
            final Disposable sender = a.send(Flux.generate(sink -> sink.next(PacketPool.wrap(frame.duplicate()))))
                    .subscribe();
            final long start = System.nanoTime();
            for (int opened = 0; opened < times; opened += 2) {
                try (DriverPort left = openEnd("netmap:endure{1");
                        DriverPort right = openEnd("netmap:endure}1")) {
                    pass(left, right);
                    pass(right, left);
                }
            }
            System.out.printf(
                    "%,d opens and closes in %.1f s beside %,d packets%n",
                    times, (System.nanoTime() - start) / 1e9, passed.get());
            sender.dispose();
            reader.dispose();
        }
        assertThat(passed).hasPositiveValue();
    }

    @Test
    void shouldOpenAPipeWhoseParentIsMadeForItAHundredTimes() {
        final int times = 100;
        final long start = System.nanoTime();
        for (int opened = 0; opened < times; opened++) {
            try (DriverPort left = openEnd("netmap:orphan{1");
                    DriverPort right = openEnd("netmap:orphan}1")) {
                pass(left, right);
            }
        }
        System.out.printf("%d parents made and removed in %.1f s%n", times, (System.nanoTime() - start) / 1e9);
    }

    /** Linux keeps a port registered until its last mapping is gone: close takes it away first, whoever has views of it. */
    @Test
    void shouldBeFreeForExclusiveUseAfterCloseThoughPacketsAreHeld() throws InterruptedException {
        final List<Packet> held = new ArrayList<>();
        final List<ByteBuffer> views = new ArrayList<>();
        final int count = 5;
        try (NetmapPort keeper = NetmapPort.open("netmap:exclusive{0" + CONF, OPTIONS);
                NetmapPort far = NetmapPort.open("netmap:exclusive{1" + CONF, OPTIONS)) {
            assertThat(keeper.isClosed()).isFalse();
            for (int i = 0; i < 20; i++) {
                try (NetmapPort port = NetmapPort.open("netmap:exclusive}1/x" + CONF, OPTIONS)) {
                    final CountDownLatch received = new CountDownLatch(count);
                    port.packets().subscribe(packet -> {
                        held.add(packet);
                        views.add(packet.buffer());
                        received.countDown();
                    });
                    final ByteBuffer frame = Frames.udp("10.0.0.1", 1, "10.0.0.2", 53);
                    far.send(Flux.range(0, count).map(n -> PacketPool.wrap(frame.duplicate())))
                            .block(Duration.ofSeconds(60));
                    assertThat(received.await(60, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
        assertThat(views)
                .hasSize(20 * count)
                .allSatisfy(view -> assertThat(view.getLong(0)).isZero());
        held.forEach(Packet::release);
    }
}
