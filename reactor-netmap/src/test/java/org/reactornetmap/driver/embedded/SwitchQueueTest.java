package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** Leases of forwarders that fill one ring at the same time: a second one comes while the first fills its slots. */
class SwitchQueueTest {
    private static final int SLOTS = 8;
    private static final int DATA = 64;

    private final List<Integer> arrivals = new ArrayList<>();
    private final KernelRing ring;
    private final SwitchCounters counters = new SwitchCounters();
    private final List<Runnable> meanwhile = new ArrayList<>();
    private final SwitchQueue queue;

    SwitchQueueTest() {
        final EmbeddedWorld world = new EmbeddedWorld(
                EmbeddedConfig.builder().buffers(100).bufSize(256).build());
        final Registration request = new Registration("null:n", "n", RegisterMode.NULL, List.of());
        request.rxRings = 1;
        request.rxSlots = SLOTS;
        request.memId = 1;
        synchronized (world) {
            final Adapter port = world.lookup(request, true);
            port.memory().prepare(request.text);
            ring = port.requireRing(true, 0);
        }
        queue = new SwitchQueue(ring) {
            @Override
            void arrived() {
                arrivals.add(tail());
            }

            @Override
            boolean isStopped() {
                return false;
            }

            @Override
            int fill(final SwitchBatch batch, final SwitchCounters counted, final int start, final int room) {
                if (!meanwhile.isEmpty()) {
                    meanwhile.remove(0).run();
                }
                return super.fill(batch, counted, start, room);
            }
        };
    }

    /** Packets of so many slots each; every slot holds as many bytes as the packet's number says, and 1 more. */
    private void deliver(final int first, final int... frags) {
        final SwitchBatch batch = new SwitchBatch(SLOTS * 2);
        final ByteBuffer data = ByteBuffer.allocateDirect(DATA);
        int slot = 0;
        for (int i = 0; i < frags.length; i++) {
            batch.frags[slot] = frags[i];
            batch.next[slot] = i == frags.length - 1 ? SwitchBatch.END : slot + frags[i];
            for (int f = 0; f < frags[i]; f++) {
                batch.data[slot] = data;
                batch.len[slot] = first + i + 1;
                slot++;
            }
        }
        batch.unicast = 0;
        batch.needed = IntStream.of(frags).sum();
        queue.deliver(batch, counters);
    }

    /** The lengths of what is there, less 1, from a slot on. */
    private List<Integer> from(final int first) {
        final NetmapRing slots = ring.ring;
        final List<Integer> all = new ArrayList<>();
        for (int slot = first; slot != queue.tail(); slot = RingMath.next(slot, SLOTS)) {
            all.add(NetmapSlotDescriptor.len(slots.slotWord(slot)) - 1);
        }
        return all;
    }

    @Test
    void shouldShowLeasesInTheOrderTheyWereTaken() {
        meanwhile.add(() -> {
            deliver(20, 1, 1);
            // The first has not reported yet.
            assertThat(queue.tail()).isZero();
        });
        deliver(10, 1, 1, 1);
        assertThat(from(0)).containsExactly(10, 11, 12, 20, 21);
        assertThat(arrivals).containsExactly(5);
    }

    @Test
    void shouldLeaveEmptySlotsWhenALeaseThatIsNotTheLastWasTooLong() {
        // Seven slots: the first leases four of the six it needs, for two packets of three slots, and uses three.
        queue.release(0);
        deliver(1, 1, 1, 1);
        queue.release(2);
        // Free: 6 slots.
        meanwhile.add(() -> deliver(20, 1));
        deliver(10, 3, 2);
        assertThat(from(2)).containsExactly(3, 10, 10, 10, 11, 11, 20);
        queue.release(queue.tail());
        final int start = queue.tail();
        meanwhile.add(() -> deliver(40, 1));
        deliver(30, 4, 2);
        assertThat(from(start)).containsExactly(30, 30, 30, 30, 31, 31, 40);
        assertThat(counters.emptied.sum()).isZero();
    }

    @Test
    void shouldTakeBackWhatTheLastLeaseDidNotUse() {
        deliver(10, 5, 3);
        assertThat(from(0)).containsExactly(10, 10, 10, 10, 10);
        deliver(20, 1, 1);
        assertThat(from(5)).containsExactly(20, 21);
        deliver(30, 1);
        assertThat(from(0)).hasSize(7);
        assertThat(counters.delivered.sum()).isEqualTo(3);
    }

    @Test
    void shouldFillTheRestOfALeaseWithEmptySlotsIfAnotherLeasedBehindIt() {
        // Six of seven slots are wanted; two packets, of which the second does not fit into what was leased.
        deliver(1, 1);
        meanwhile.add(() -> {
            queue.release(1);
            deliver(20, 1);
        });
        deliver(10, 4, 4);
        assertThat(from(1)).containsExactly(10, 10, 10, 10, -1, -1, 20);
        assertThat(counters.delivered.sum()).isEqualTo(3);
        assertThat(arrivals).containsExactly(1, 0);
    }

    @Test
    void shouldMoveNothingForAPacketThatDoesNotFit() {
        deliver(1, 1, 1, 1, 1);
        arrivals.clear();
        deliver(10, 4);
        assertThat(from(0)).hasSize(4);
        assertThat(arrivals).isEmpty();
        deliver(20, 3);
        assertThat(from(4)).containsExactly(20, 20, 20);
        assertThat(arrivals).containsExactly(7);
    }

    @Test
    void shouldTakeNoLeaseOfAFullRing() {
        deliver(1, 7);
        for (int i = 0; i < 3 * SLOTS; i++) {
            deliver(2, 1);
        }
        assertThat(from(0)).hasSize(7);
        queue.release(7);
        deliver(5, 2);
        assertThat(from(7)).containsExactly(5, 5);
    }

    @Test
    void shouldNotRunOutOfLeasesWhileOneTakesLong() {
        meanwhile.add(() -> {
            deliver(20, 1, 1);
            for (int i = 0; i < SLOTS - 1; i++) {
                deliver(30, 5);
            }
        });
        deliver(10, 1);
        assertThat(from(0)).containsExactly(10, 20, 21);
        deliver(40, 1);
        assertThat(from(3)).containsExactly(40);
    }
}
