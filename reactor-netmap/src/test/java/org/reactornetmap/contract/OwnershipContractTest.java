package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.packet.LeakLevel;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketReleasedException;

/** Who owns a packet, what a release does, and what is caught of those who forget. */
@Timeout(60)
class OwnershipContractTest {
    private static final int MULTI = 3 * ContractA.BUF_SIZE;

    private final NetmapLoop loop = NetmapLoop.manual();

    @AfterEach
    void forgetLevel() {
        System.clearProperty(LeakLevel.PROPERTY);
    }

    /** A pipe whose far end is read by a subscriber that holds everything. */
    private final class Line implements AutoCloseable {
        final EmbeddedNetmap netmap;
        final NetmapPort sender;
        final NetmapPort receiver;
        final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);

        Line(final EmbeddedNetmap netmap) {
            this.netmap = netmap;
            sender = netmap.open("netmap:x{1", ContractA.on(loop));
            receiver = netmap.open("netmap:x}1", ContractA.on(loop));
            receiver.packets().subscribe(sink);
        }

        Packet receive(final ByteBuffer frame) {
            final int before = sink.count();
            sender.inject(frame);
            ContractB.work(() -> sink.count() > before, loop);
            return sink.get(before);
        }

        RxStatistics statistics() {
            ContractB.settle(loop);
            return receiver.rx(0).statistics();
        }

        @Override
        public void close() {
            ContractB.settle(loop);
            ContractB.assertConserved(receiver);
            netmap.close();
            assertBalanced();
        }

        void assertBalanced() {
            assertThat(netmap.driver().audit().isBalanced()).isTrue();
        }
    }

    private static void elsewhere(final Runnable action) {
        CompletableFuture.runAsync(action).orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static void assertReleased(final Packet packet) {
        assertThat(packet.isReleased()).isTrue();
        for (final ThrowingCallable read : List.<ThrowingCallable>of(
                packet::length,
                packet::wireLength,
                () -> packet.u8(0),
                () -> packet.u16(0),
                () -> packet.u32(0),
                () -> packet.i64(0),
                () -> packet.u8(-1),
                () -> packet.set8(0, 1),
                () -> packet.set16(0, 1),
                () -> packet.set32(0, 1),
                () -> packet.segment(0),
                packet::buffer,
                packet::bufferCopy,
                packet::toBytes,
                () -> packet.copyTo(ByteBuffer.allocate(4096)),
                packet::retain)) {
            assertThatThrownBy(read).isInstanceOf(PacketReleasedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, MULTI})
    void shouldThrowOnEveryReadAfterRelease(final int bytes) {
        try (Line line = new Line(ContractA.netmap())) {
            final Packet packet = line.receive(ContractB.frame(1, bytes));
            packet.touch("the last place").release();
            assertReleased(packet);
            assertThatThrownBy(packet::length).hasMessageContaining("the last place");
            assertThat(line.statistics().released()).isEqualTo(1);
            assertThat(line.statistics().held()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, MULTI})
    void shouldThrowOnEveryReadOnAnyThreadAfterAReleaseElsewhere(final int bytes) {
        try (Line line = new Line(ContractA.netmap())) {
            final Packet packet = line.receive(ContractB.frame(1, bytes));
            elsewhere(() -> {
                packet.release();
                assertReleased(packet); // though the loop has not heard of it yet
            });
            assertReleased(packet);
            ContractB.settle(loop);
            assertReleased(packet);
            elsewhere(() -> assertReleased(packet));
            assertThat(line.statistics().released()).isEqualTo(1);
        }
    }

    @Test
    void shouldThrowElsewhereAfterAReleaseOnTheLoop() {
        try (Line line = new Line(ContractA.netmap())) {
            final Packet packet = line.receive(ContractB.frame(1));
            packet.release();
            assertThatThrownBy(() -> elsewhere(() -> packet.u8(0)))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(PacketReleasedException.class);
        }
    }

    @Test
    void shouldCountTheFirstReleaseAndIgnoreAndCountTheOthers() {
        try (Line line = new Line(ContractA.netmap())) {
            final Packet first = line.receive(ContractB.frame(1));
            final Packet second = line.receive(ContractB.frame(2));
            first.release();
            first.release();
            elsewhere(first::release);
            assertThat(line.statistics().released()).isEqualTo(1);
            assertThat(line.statistics().ignoredReleases()).isEqualTo(2);
            assertThat(line.statistics().held()).isEqualTo(1);
            assertThat(ContractB.number(second)).isEqualTo(2);
            second.release();
        }
    }

    @Test
    void shouldReleaseInOnNextWithoutEverBeingHeld() {
        try (Line line = new Line(ContractA.netmap())) {
            line.sink.cancel();
            final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);
            line.receiver.packets().subscribe(reader);
            line.sender.inject(ContractB.frame(1), ContractB.frame(2, MULTI));
            ContractB.settle(loop);
            assertThat(reader.numbers).containsExactly(1, 2);
            assertThat(line.statistics().released()).isEqualTo(2);
            assertThat(line.statistics().held()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, MULTI})
    void shouldNeedOneReleaseForEachOwner(final int bytes) {
        try (Line line = new Line(ContractA.netmap())) {
            final Packet packet = line.receive(ContractB.frame(1, bytes));
            packet.retain().retain();
            packet.release();
            elsewhere(packet::release);
            ContractB.settle(loop);
            assertThat(ContractB.number(packet)).isEqualTo(1);
            assertThat(line.statistics().released()).isZero();
            packet.release();
            assertReleased(packet);
            assertThat(line.statistics().released()).isEqualTo(1);
            assertThat(line.statistics().ignoredReleases()).isZero();
        }
    }

    @Test
    void shouldTakeRetainsAndReleasesOfManyThreads() {
        try (Line line = new Line(ContractA.netmap())) {
            final Packet packet = line.receive(ContractB.frame(1));
            final CompletableFuture<?>[] owners = new CompletableFuture<?>[8];
            for (int i = 0; i < owners.length; i++) {
                packet.retain();
                owners[i] = CompletableFuture.runAsync(() -> {
                    for (int round = 0; round < 1000; round++) {
                        packet.retain();
                        assertThat(ContractB.number(packet)).isEqualTo(1);
                        packet.release();
                    }
                    packet.release();
                });
            }
            final CompletableFuture<Void> all = CompletableFuture.allOf(owners);
            ContractB.work(all::isDone, loop);
            all.join();
            assertThat(ContractB.number(packet)).isEqualTo(1);
            packet.release();
            assertThat(line.statistics().released()).isEqualTo(1);
            assertThat(line.statistics().ignoredReleases()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, MULTI})
    void shouldPoisonReleasedBuffersInTests(final int bytes) {
        try (Line line = new Line(ContractA.netmap())) {
            final Packet packet = line.receive(ContractB.frame(1, bytes));
            final ByteBuffer kept = packet.segment(packet.segments() - 1);
            packet.release();
            ContractB.settle(loop);
            for (int i = 0; i < kept.limit(); i++) {
                assertThat(kept.get(i)).isEqualTo((byte) 0xDD);
            }
        }
    }

    @Test
    void shouldHandOutAFreshViewEachTimeInTests() {
        try (Line line = new Line(ContractA.netmap())) {
            final Set<Integer> identities = new HashSet<>();
            final Packet first = line.receive(ContractB.frame(0));
            first.release();
            for (int i = 1; i < 5 * ContractA.SLOTS; i++) {
                final Packet packet = line.receive(ContractB.frame(i));
                assertThat(packet).isNotSameAs(first);
                identities.add(System.identityHashCode(packet));
                first.release(); // a stale release must not touch any later packet
                assertThat(ContractB.number(packet)).isEqualTo(i);
                packet.release();
            }
            assertThat(identities).hasSizeGreaterThan(4 * ContractA.SLOTS);
            assertReleased(first);
            assertThat(line.statistics().ignoredReleases()).isEqualTo(5 * ContractA.SLOTS - 1);
        }
    }

    @Test
    void shouldPoolViewsOutsideTests() {
        try (Line line = new Line(EmbeddedNetmap.create(ContractA.config()))) {
            final Packet first = line.receive(ContractB.frame(1));
            first.touch("gone");
            first.release();
            assertThat(first.isReleased()).isTrue();
            final Packet second = line.receive(ContractB.frame(2));
            assertThat(second).isSameAs(first);
            assertThat(ContractB.number(second)).isEqualTo(2);
            second.release();
            assertThatThrownBy(second::length).hasMessageNotContaining("gone");
        }
    }

    @Test
    void shouldFailTheCloseWithTheLastTouchOfEveryPacketNotReleased() {
        final Line line = new Line(ContractA.netmap());
        final Packet first = line.receive(ContractB.frame(1)).touch("before").touch("in the cellar");
        final Packet second = line.receive(ContractB.frame(2, MULTI)).touch("in the attic");
        final Packet third = line.receive(ContractB.frame(3));
        line.receive(ContractB.frame(4)).touch("released").release();
        ContractB.settle(loop);

        assertThatThrownBy(line.netmap::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("3 leaks")
                .hasMessageContaining("x}1")
                .hasMessageContaining("in the cellar")
                .hasMessageContaining("in the attic")
                .hasMessageContaining("not touched")
                .hasMessageNotContaining("before")
                .hasMessageNotContaining("last touch: released");
        assertReleased(first);
        assertReleased(second);
        assertReleased(third);
        first.release();
        line.netmap.close();
        line.assertBalanced();
    }

    @Test
    void shouldNotFailTheCloseOutsideTests() {
        final Line line = new Line(EmbeddedNetmap.create(ContractA.config()));
        final Packet packet = line.receive(ContractB.frame(1));
        line.netmap.close();
        assertReleased(packet);
        line.assertBalanced();
    }

    private String leakReportAt(final String level) {
        System.setProperty(LeakLevel.PROPERTY, level);
        final Line line = new Line(ContractA.netmap());
        final Packet packet = line.receive(ContractB.frame(1));
        touchInAMethodOfItsOwn(packet);
        packet.retain();
        try {
            line.netmap.close();
        } catch (AssertionError e) {
            line.assertBalanced();
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("the close did not fail");
    }

    private static void touchInAMethodOfItsOwn(final Packet packet) {
        packet.touch("hint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"disabled", "simple"})
    void shouldKeepTheLastHintOnly(final String level) {
        assertThat(leakReportAt(level))
                .contains("hint")
                .doesNotContain("touchInAMethodOfItsOwn")
                .doesNotContain("emitted");
    }

    /** One packet in 128 is traced at {@code advanced}, the first of a ring among them. */
    @ParameterizedTest
    @ValueSource(strings = {"advanced", "paranoid", "ADVANCED"})
    void shouldTellWhereItWasTouchedRetainedAndEmitted(final String level) {
        assertThat(leakReportAt(level))
                .contains("hint")
                .contains("touchInAMethodOfItsOwn")
                .contains("retain")
                .contains("emitted");
    }

    @ParameterizedTest
    @EnumSource(
            value = LeakLevel.class,
            names = {"ADVANCED", "PARANOID"})
    void shouldTraceOnePacketIn128OrEach(final LeakLevel level) {
        System.setProperty(LeakLevel.PROPERTY, level.name());
        final Line line = new Line(ContractA.netmap());
        line.receive(ContractB.frame(0)).release();
        final Packet second = line.receive(ContractB.frame(1)).touch("hint");
        String message = "";
        try {
            line.netmap.close();
        } catch (AssertionError e) {
            message = String.valueOf(e.getMessage());
        }
        assertReleased(second);
        assertThat(message.contains("shouldTraceOnePacketIn128OrEach")).isEqualTo(level == LeakLevel.PARANOID);
    }

    @Test
    void shouldRecordNothingWhenDisabled() {
        System.setProperty(LeakLevel.PROPERTY, "disabled");
        try (Line line = new Line(EmbeddedNetmap.create(ContractA.config()))) {
            final Packet packet = line.receive(ContractB.frame(1)).touch("hint");
            packet.release();
            assertThatThrownBy(packet::length)
                    .isInstanceOf(PacketReleasedException.class)
                    .hasMessageNotContaining("hint");
        }
    }

    @Test
    void shouldNameTheLevelsWhenOneIsWrong() {
        System.setProperty(LeakLevel.PROPERTY, "loud");
        assertThatThrownBy(EmbeddedNetmap::create)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loud")
                .hasMessageContaining("paranoid");
    }
}
