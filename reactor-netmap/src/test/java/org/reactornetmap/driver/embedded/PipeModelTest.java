package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingMath;

/**
 * Random fills, syncs, partial releases and swaps on one lane against a model that counts slots from the beginning of
 * time: what was filled, accepted, shown, released and freed.
 */
class PipeModelTest {
    private static final int STEPS = 20_000;

    static long[] seeds() {
        return new SplittableRandom(System.nanoTime()).longs(12).toArray();
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("seeds")
    void shouldBehaveAsTheModel(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Strictness strictness = random.nextBoolean() ? Strictness.STRICT : Strictness.FAITHFUL;
        final EmbeddedDriver driver = TestPort.world(strictness);
        final int slots = random.nextInt(2, 40);
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, slots, 10);
                TestPort b = TestPort.open(driver, "netmap:x}1", 0, 0, 10)) {
            final Model model = new Model(a, b, random);
            for (int step = 0; step < STEPS; step++) {
                model.step();
                if (step % 500 == 0) {
                    final BufferAudit audit = driver.audit();
                    assertThat(audit.lost()).hasSize(model.spares.size());
                    assertThat(audit.duplicated()).isEmpty();
                }
            }
            model.returnSpares();
            assertThat(driver.audit().isBalanced()).isTrue();
        }
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private static final class Model {
        private final TestPort a;
        private final TestPort b;
        private final NetmapRing tx;
        private final NetmapRing rx;
        private final int n;
        private final SplittableRandom random;
        private final List<long[]> filled = new ArrayList<>();
        private final Deque<Integer> spares = new ArrayDeque<>();

        /** Counted from the beginning: slots whose tail each side knows, and what each side did. */
        private int accepted;

        private int complete;
        private int taken;
        private int released;
        private int txLimit;
        private int rxLimit;

        Model(final TestPort a, final TestPort b, final SplittableRandom random) {
            this.a = a;
            this.b = b;
            this.tx = a.tx();
            this.rx = b.rx();
            this.n = tx.numSlots();
            this.random = random;
            this.txLimit = n - 1;
            takeSpares(a);
        }

        private void takeSpares(final TestPort port) {
            int head = port.port.netmapIf().bufsHead();
            while (head != 0) {
                spares.add(head);
                head = tx.buffers().listNext(head);
            }
            port.port.netmapIf().bufsHead(0);
        }

        void returnSpares() {
            for (final int spare : spares) {
                tx.buffers().listNext(spare, a.port.netmapIf().bufsHead());
                a.port.netmapIf().bufsHead(spare);
            }
        }

        void step() {
            switch (random.nextInt(4)) {
                case 0 -> fill();
                case 1 -> take();
                case 2 -> txSync();
                default -> rxSync();
            }
        }

        private void fill() {
            for (int k = random.nextInt(n); k > 0 && filled.size() < txLimit; k--) {
                final int slot = filled.size() % n;
                assertThat(tx.head()).isEqualTo(slot);
                final boolean swap = random.nextInt(4) == 0;
                int buffer = bufIdx(tx.slotWord(slot));
                if (swap) {
                    spares.add(buffer);
                    buffer = spares.remove();
                }
                final int value = random.nextInt();
                TestPort.write(tx.buffers(), buffer, value);
                final int flags = (swap ? NS_BUF_CHANGED : 0) | (random.nextInt(3) == 0 ? NS_MOREFRAG : 0);
                final long word = word(buffer, random.nextInt(65_536), flags);
                final long ptr = random.nextLong();
                tx.slotWord(slot, word);
                tx.slotPtr(slot, ptr);
                filled.add(new long[] {word, ptr, value});
                tx.head((slot + 1) % n);
            }
            tx.cur(RingMath.plus(tx.head(), random.nextInt(txLimit - filled.size() + 1), n));
        }

        private void txSync() {
            final int freed = released;
            a.port.txSync();
            accepted = filled.size();
            for (int i = accepted; i > complete; i--) {
                if ((filled.get(i - 1)[0] & word(0, 0, NS_MOREFRAG)) == 0) {
                    complete = i;
                    break;
                }
            }
            txLimit = freed + n - 1;
            assertThat(tx.tail()).isEqualTo(txLimit % n);
        }

        private void take() {
            for (int k = random.nextInt(n); k > 0 && taken < rxLimit; k--) {
                final int slot = taken % n;
                final long[] expected = filled.get(taken);
                assertThat(rx.slotWord(slot)).isEqualTo(expected[0]);
                assertThat(rx.slotPtr(slot)).isEqualTo(expected[1]);
                assertThat(TestPort.valueAt(rx, slot)).isEqualTo((int) expected[2]);
                if (random.nextInt(4) == 0) {
                    spares.add(bufIdx(rx.slotWord(slot)));
                    rx.slotWord(slot, word(spares.remove(), len(expected[0]), NS_BUF_CHANGED));
                }
                taken++;
                rx.head(taken % n);
            }
            rx.cur(RingMath.plus(rx.head(), random.nextInt(rxLimit - taken + 1), n));
        }

        private void rxSync() {
            final int shown = complete;
            b.port.rxSync();
            released = taken;
            rxLimit = shown;
            assertThat(rx.tail()).isEqualTo(rxLimit % n);
        }
    }
}
