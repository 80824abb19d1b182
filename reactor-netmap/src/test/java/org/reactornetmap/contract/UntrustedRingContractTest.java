package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.Region;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.ring.RingStateException;

/** Another process writes to the ring what it likes: nothing bad is followed or emitted, and the ring goes on. */
@Timeout(60)
class UntrustedRingContractTest {
    private static final int MOREFRAG = NetmapSlotDescriptor.NS_MOREFRAG;

    private final NetmapLoop loop = NetmapLoop.manual();
    private final EmbeddedNetmap netmap = ContractA.netmap();
    private final DriverPort sender = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:x{1@1")));
    private final NetmapRing tx = sender.netmapIf().txRings().get(0);
    private final long[] words = new long[ContractA.SLOTS];
    private final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);

    /** Buffers whose index was overwritten may be lost, as they are for the kernel; none may be in two places. */
    @AfterEach
    void close() {
        netmap.close();
        sender.close();
        assertThat(netmap.driver().audit().duplicated()).isEmpty();
    }

    private void assertBalanced() {
        netmap.close();
        sender.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private NetmapPort receiver(final int extraBuffers) {
        final NetmapPort receiver = netmap.open(
                "netmap:x}1@1",
                PortOptions.builder().loop(loop).extraBuffers(extraBuffers).build());
        receiver.packets().subscribe(reader);
        ContractB.settle(loop);
        return receiver;
    }

    /** One slot of the sender's ring: a good frame, and what is then done to its word. */
    private void fill(final int number, final int flags) {
        final int slot = tx.head();
        assertThat(slot).as("room in the ring").isNotEqualTo(tx.tail());
        final int bufIdx = NetmapSlotDescriptor.bufIdx(tx.slotWord(slot));
        words[slot] = tx.slotWord(slot);
        tx.buffers().slice(bufIdx).put(ContractB.frame(number));
        tx.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, ContractB.FRAME_BYTES, flags));
        advance();
    }

    private void fillBadIndex(final int badIndex, final int flags) {
        final int slot = tx.head();
        words[slot] = tx.slotWord(slot);
        tx.slotWord(slot, NetmapSlotDescriptor.word(badIndex, ContractB.FRAME_BYTES, flags));
        advance();
    }

    private void fillBadLength(final int length, final int flags) {
        final int slot = tx.head();
        words[slot] = tx.slotWord(slot);
        tx.slotWord(slot, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(tx.slotWord(slot)), length, flags));
        advance();
    }

    private void advance() {
        final int next = RingMath.next(tx.head(), ContractA.SLOTS);
        tx.head(next);
        tx.cur(next);
    }

    private void sync() {
        sender.txSync();
        ContractB.settle(loop);
        sender.txSync();
    }

    private RxStatistics statistics(final NetmapPort receiver) {
        ContractB.settle(loop);
        ContractB.assertConserved(receiver);
        return receiver.rx(0).statistics();
    }

    private static List<Integer> range(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    /** Good frames, several times round the ring, to see that every slot is still of use. */
    private void assertGoesOn(final NetmapPort receiver) {
        final int before = reader.numbers.size();
        final long malformed = statistics(receiver).malformed();
        for (int i = 0; i < 5 * ContractA.SLOTS; i++) {
            fill(1000 + i, 0);
            sync();
        }
        assertThat(reader.numbers.subList(before, reader.numbers.size()))
                .isEqualTo(range(1000, 1000 + 5 * ContractA.SLOTS));
        assertThat(statistics(receiver).malformed()).isEqualTo(malformed);
        assertThat(statistics(receiver).released()).isEqualTo(reader.numbers.size());
    }

    /** What a VALE switch leaves behind of a lease that it did not use up. */
    @Test
    void shouldPassOverSlotsOfLengthZero() {
        final NetmapPort receiver = receiver(4);
        fill(0, 0);
        fillBadLength(0, 0);
        fillBadLength(0, MOREFRAG);
        fillBadLength(0, 0);
        fill(1, 0);
        sync();
        assertThat(reader.numbers).containsExactly(0, 1);
        assertThat(statistics(receiver).empty()).isEqualTo(3);
        assertThat(statistics(receiver).malformed()).isZero();
        assertThat(statistics(receiver).received()).isEqualTo(2);
        assertGoesOn(receiver);
        assertBalanced();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, 1024, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldReturnASlotWithABadIndexAndReplaceIt(final int badIndex) {
        final NetmapPort receiver = receiver(4);
        fill(0, 0);
        fillBadIndex(badIndex, 0);
        fill(1, 0);
        sync();
        assertThat(reader.numbers).containsExactly(0, 1);
        assertThat(statistics(receiver).malformed()).isEqualTo(1);
        assertThat(statistics(receiver).received()).isEqualTo(2);

        // The spare came back to the sender in the place of the bad index.
        final int index = NetmapSlotDescriptor.bufIdx(tx.slotWord(1));
        assertThat(tx.buffers().isValid(index)).isTrue();
        assertThat(index).isNotEqualTo(NetmapSlotDescriptor.bufIdx(words[1]));
        assertGoesOn(receiver);
    }

    @Test
    void shouldReturnABadIndexAsItIsWithoutASpare() {
        final NetmapPort receiver = receiver(0);
        fillBadIndex(0, 0);
        fill(1, 0);
        sync();
        assertThat(reader.numbers).containsExactly(1);
        assertThat(statistics(receiver).malformed()).isEqualTo(1);
        assertThat(NetmapSlotDescriptor.bufIdx(tx.slotWord(0))).isZero();
        tx.slotWord(0, words[0]);
        assertGoesOn(receiver);
        assertBalanced();
    }

    @ParameterizedTest
    @ValueSource(ints = {ContractA.BUF_SIZE + 1, 2048, 65_535})
    void shouldReturnASlotThatIsLongerThanItsBuffer(final int length) {
        final NetmapPort receiver = receiver(4);
        fill(0, 0);
        fillBadLength(length, 0);
        fill(1, 0);
        sync();
        assertThat(reader.numbers).containsExactly(0, 1);
        assertThat(statistics(receiver).malformed()).isEqualTo(1);
        assertThat(NetmapSlotDescriptor.bufIdx(tx.slotWord(1)))
                .as("a good index is not replaced")
                .isEqualTo(NetmapSlotDescriptor.bufIdx(words[1]));
        assertGoesOn(receiver);
        assertBalanced();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldDropAPacketOfSeveralSlotsAsAWholeIfOneIsBad(final int badSlot) {
        final NetmapPort receiver = receiver(4);
        fill(0, 0);
        for (int i = 0; i < 3; i++) {
            final int flags = i < 2 ? MOREFRAG : 0;
            if (i == badSlot) {
                fillBadLength(ContractA.BUF_SIZE + 1, flags);
            } else {
                fill(77, flags);
            }
        }
        fill(1, 0);
        sync();
        assertThat(reader.numbers).containsExactly(0, 1);
        assertThat(statistics(receiver).malformed()).isEqualTo(1);
        assertGoesOn(receiver);
        assertBalanced();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldReplaceTheBadIndexOfAPacketOfSeveralSlotsOnly(final int badSlot) {
        final NetmapPort receiver = receiver(4);
        for (int i = 0; i < 3; i++) {
            final int flags = i < 2 ? MOREFRAG : 0;
            if (i == badSlot) {
                fillBadIndex(-5, flags);
            } else {
                fill(77, flags);
            }
        }
        sync();
        assertThat(reader.numbers).isEmpty();
        assertThat(statistics(receiver).malformed()).isEqualTo(1);
        for (int slot = 0; slot < 3; slot++) {
            final int index = NetmapSlotDescriptor.bufIdx(tx.slotWord(slot));
            assertThat(tx.buffers().isValid(index)).isTrue();
            if (slot != badSlot) {
                assertThat(index).isEqualTo(NetmapSlotDescriptor.bufIdx(words[slot]));
            }
        }
        assertGoesOn(receiver);
    }

    @Test
    void shouldCountEveryMalformedPacket() {
        final NetmapPort receiver = receiver(16);
        for (int i = 0; i < 4; i++) {
            fill(i, 0);
            fillBadLength(ContractA.BUF_SIZE + 1, 0);
            fillBadIndex(0, 0);
        }
        sync();
        assertThat(reader.numbers).isEqualTo(range(0, 4));
        assertThat(statistics(receiver).malformed()).isEqualTo(8);
        assertGoesOn(receiver);
    }

    /** A malformed packet takes no demand. */
    @Test
    void shouldTakeNoDemandForWhatIsMalformed() {
        final ContractA.Reader one = new ContractA.Reader(1);
        final NetmapPort receiver = netmap.open("netmap:x}1@1", ContractA.on(loop));
        receiver.packets().subscribe(one);
        fillBadLength(ContractA.BUF_SIZE + 1, 0);
        fill(0, 0);
        fill(1, 0);
        sync();
        assertThat(one.numbers).containsExactly(0);
        one.request(1);
        ContractB.settle(loop);
        assertThat(one.numbers).containsExactly(0, 1);
        assertBalanced();
    }

    /** The longest packet has num_slots - 1 slots; one that goes on beyond that is malformed, up to its real end. */
    @Test
    void shouldDropAPacketThatIsLongerThanTheRing() {
        final NetmapPort receiver = receiver(0);
        final NetmapRing rx = openReceiversRing();
        for (int i = 0; i < ContractA.FULL - 1; i++) {
            fill(77, MOREFRAG);
        }
        fill(77, 0);
        sender.txSync();
        rx.slotWord(ContractA.FULL - 1, tx.slotWord(ContractA.FULL - 1) | NetmapSlotDescriptor.word(0, 0, MOREFRAG));
        ContractB.settle(loop);
        sender.txSync();
        assertThat(reader.numbers).isEmpty();
        assertThat(statistics(receiver).malformed()).isEqualTo(1);

        fill(78, MOREFRAG);
        fill(79, 0); // its end
        fill(1, 0);
        sync();
        assertThat(reader.numbers).containsExactly(1);
        assertThat(statistics(receiver).malformed()).as("one packet").isEqualTo(1);
        assertGoesOn(receiver);
        second.forEach(DriverPort::close);
        assertBalanced();
    }

    @Test
    void shouldEmitThePacketThatHasAsManySlotsAsTheRingCanHold() {
        final NetmapPort receiver = netmap.open("netmap:x}1@1", ContractA.on(loop));
        final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
        receiver.packets().subscribe(sink);
        for (int i = 0; i < ContractA.FULL; i++) {
            fill(i, i < ContractA.FULL - 1 ? MOREFRAG : 0);
        }
        sync();
        assertThat(sink.count()).isEqualTo(1);
        assertThat(sink.get(0).segments()).isEqualTo(ContractA.FULL);
        assertThat(sink.get(0).length()).isEqualTo(ContractA.FULL * ContractB.FRAME_BYTES);
        sink.releaseAll();
        assertThat(statistics(receiver).malformed()).isZero();
        assertBalanced();
    }

    private final List<DriverPort> second = new ArrayList<>();

    /** Another descriptor of the receiver's port, as another process would have. */
    private NetmapRing openReceiversRing() {
        final DriverPort other = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:x}1@1")));
        second.add(other);
        return other.netmapIf().rxRings().get(0);
    }

    /** Head and cur are rewritten from the loop's own before every sync. */
    @Test
    void shouldNotCareWhatOthersWriteToHeadAndCur() {
        final NetmapPort receiver = receiver(4);
        final NetmapRing rx = openReceiversRing();
        for (int i = 0; i < 100; i++) {
            fill(i, 0);
            sender.txSync();
            rx.head(i * 7 - 20);
            rx.cur(Integer.MAX_VALUE - i);
            ContractB.settle(loop);
            sender.txSync();
        }
        assertThat(reader.numbers).isEqualTo(range(0, 100));
        assertThat(statistics(receiver).released()).isEqualTo(100);
        second.forEach(DriverPort::close);
        assertBalanced();
    }

    /** A driver that lets others write to the rings between a sync and what follows. */
    private static final class MeddledDriver implements NetmapDriver {
        private final NetmapDriver real;
        private final Consumer<NetmapRing> afterRxSync;

        MeddledDriver(final NetmapDriver real, final Consumer<NetmapRing> afterRxSync) {
            this.real = real;
            this.afterRxSync = afterRxSync;
        }

        @Override
        public String name() {
            return "meddled";
        }

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public DriverPort open(final OpenRequest request) {
            return new MeddledPort(this, real.open(request));
        }

        @Override
        public DriverDescriptor newDescriptor() {
            return real.newDescriptor();
        }

        @Override
        public Poller newPoller() {
            return new MeddledPoller(real.newPoller());
        }
    }

    private static final class MeddledPort implements DriverPort {
        private final MeddledDriver driver;
        private final DriverPort real;

        MeddledPort(final MeddledDriver driver, final DriverPort real) {
            this.driver = driver;
            this.real = real;
        }

        @Override
        public NetmapDriver driver() {
            return driver;
        }

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public Region region() {
            return real.region();
        }

        @Override
        public NetmapIf netmapIf() {
            return real.netmapIf();
        }

        @Override
        public int extraBuffers() {
            return real.extraBuffers();
        }

        @Override
        public int portTxRings() {
            return real.portTxRings();
        }

        @Override
        public int portRxRings() {
            return real.portRxRings();
        }

        @Override
        public void txSync() {
            real.txSync();
        }

        @Override
        public void rxSync() {
            real.rxSync();
            real.netmapIf().rxRings().forEach(driver.afterRxSync);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private static final class MeddledPoller implements Poller {
        private final Poller real;

        MeddledPoller(final Poller real) {
            this.real = real;
        }

        private static DriverPort unwrap(final DriverPort port) {
            return ((MeddledPort) port).real;
        }

        @Override
        public void add(final DriverPort port, final int interest) {
            real.add(unwrap(port), interest);
        }

        @Override
        public void remove(final DriverPort port) {
            real.remove(unwrap(port));
        }

        @Override
        public int poll(final long timeoutNanos) {
            return real.poll(timeoutNanos);
        }

        @Override
        public int ready(final DriverPort port) {
            return real.ready(unwrap(port));
        }

        @Override
        public void wakeup() {
            real.wakeup();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    /** Out of range, and behind the last one seen. */
    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, ContractA.SLOTS, 1_000_000, 2, 4})
    void shouldEndTheStreamIfTailIsImpossible(final int badTail) {
        final boolean[] meddle = {false};
        final MeddledDriver driver = new MeddledDriver(netmap.driver(), ring -> {
            if (meddle[0]) {
                ring.tail(badTail);
            }
        });
        try (NetmapPort receiver = NetmapPort.open(
                "netmap:x}1@1", PortOptions.builder().loop(loop).driver(driver).build())) {
            final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
            receiver.packets().subscribe(sink);
            for (int i = 0; i < 5; i++) {
                fill(i, 0);
            }
            sync();
            assertThat(sink.count()).isEqualTo(5);
            sink.get(0).release();
            sink.get(1).release();
            ContractB.settle(loop); // head is 2 now; the kernel may move tail from 5 to 1, and not to 2
            meddle[0] = true;
            fill(5, 0);
            sync();
            assertThat(sink.error)
                    .isInstanceOf(RingStateException.class)
                    .hasMessageContaining("x}1")
                    .hasMessageContaining(String.valueOf(badTail))
                    .hasMessageContaining("last tail 5");
            assertThat(sink.count()).as("nothing was emitted").isEqualTo(5);
            assertThat(ContractB.number(sink.get(4))).isEqualTo(4);
            sink.releaseAll();
        }
        assertBalanced();
    }

    @Test
    void shouldRefuseARingThatIsBadWhenOpened() {
        final NetmapRing rx = openReceiversRing();
        for (final int bad : new int[] {-1, ContractA.SLOTS, 1_000_000}) {
            rx.tail(bad);
            assertThatThrownBy(() -> netmap.open("netmap:x}1@1", ContractA.on(loop)))
                    .isInstanceOf(RingStateException.class)
                    .hasMessageContaining("tail");
            rx.tail(0);
            rx.head(bad);
            assertThatThrownBy(() -> netmap.open("netmap:x}1@1", ContractA.on(loop)))
                    .isInstanceOf(RingStateException.class)
                    .hasMessageContaining("head");
            rx.head(0);
        }
        final NetmapPort receiver = receiver(4);
        fill(0, 0);
        sync();
        assertThat(reader.numbers).containsExactly(0);
        assertThat(statistics(receiver).malformed()).isZero();
        second.forEach(DriverPort::close);
        assertBalanced();
    }
}
