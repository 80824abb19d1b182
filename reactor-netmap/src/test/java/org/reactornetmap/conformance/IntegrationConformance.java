package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingMath;

/**
 * What netmap's own integration tests check (utils/tests at 89607e14), with random numbers, sizes and contents as in
 * utils/randomized_tests. 009, 010 and 011 are in {@link PersistentPortConformance}.
 */
abstract class IntegrationConformance extends ConformanceTest {
    @RegisterExtension
    final Traffic traffic = new Traffic();

    /** The kinds of port that the tests are repeated for. */
    enum Kind {
        EPHEMERAL("vale0:v0", "vale0:v1", "vale0:v0"),
        PERSISTENT("vale0:v0", "vale0:v1", "netmap:v0"),
        PIPE("netmap:pipe{1", "netmap:pipe}1", "netmap:pipe{1");

        final String first;
        final String second;
        final String monitored;

        Kind(final String first, final String second, final String monitored) {
            this.first = first;
            this.second = second;
            this.monitored = monitored;
        }
    }

    private RawPort v0;
    private RawPort v1;

    private void make(final Kind kind) {
        if (kind != Kind.PIPE) {
            assume(Feature.VALE);
        }
        if (kind == Kind.PERSISTENT) {
            assume(Feature.CONTROL);
            assume(Feature.LEAVES_SWITCHES);
            newif("v0");
            attach("vale0:v0");
        }
    }

    private void open(final Kind kind) {
        make(kind);
        v0 = open(kind.first);
        v1 = open(kind.second);
    }

    @ParameterizedTest
    @EnumSource
    @Pins({"test.001", "test.002", "test.003"})
    void shouldOpenExclusively(final Kind kind) {
        make(kind);
        final RawPort owner = open(kind.first + "/x");
        assertOpenFails(Errno.EBUSY, kind.first);
        assertOpenFails(Errno.EBUSY, kind.first + "/x");
        close(owner);
        open(kind.first);
    }

    @ParameterizedTest
    @EnumSource
    @Pins({"test.004", "test.005", "test.006"})
    void shouldSendFromExtraBuffers(final Kind kind) {
        make(kind);
        v0 = open(kind.first, 12);
        v1 = open(kind.second);
        assertThat(v0.port.extraBuffers()).isEqualTo(12);
        final List<byte[]> frames = traffic.frames();
        final NetmapRing tx = v0.tx();
        final int start = tx.head();
        for (final byte[] frame : frames) {
            assertThat(RawPort.offer(tx, frame)).isTrue();
        }
        exchange(v0, start, RingMath.distance(start, tx.head(), tx.numSlots()));
        v0.port.txSync();
        Traffic.assertReceived(v1, frames);
    }

    /** Puts the content of each filled slot into an extra buffer, which changes places with the slot's. */
    private static void exchange(final RawPort port, final int start, final int slots) {
        final NetmapRing ring = port.tx();
        final Buffers buffers = ring.buffers();
        int slot = start;
        for (int i = 0; i < slots; i++) {
            final long filled = ring.slotWord(slot);
            final byte[] content = RawPort.content(ring, slot);
            final int extra = port.port.netmapIf().bufsHead();
            buffers.listNext(bufIdx(filled), buffers.listNext(extra));
            port.port.netmapIf().bufsHead(bufIdx(filled));
            buffers.block(extra).put(buffers.offset(extra), content);
            ring.slotWord(slot, word(extra, len(filled), flags(filled) | NS_BUF_CHANGED));
            slot = RingMath.next(slot, ring.numSlots());
        }
    }

    @Test
    @Needs(Feature.VALE)
    @Pins("test.007")
    void shouldLearnWhereToSend() {
        final RawPort a = open("vale0:v0");
        final RawPort b = open("vale0:v1");
        final RawPort c = open("vale0:v2");
        // Not at random: of two addresses with the same hash, the later one overwrites the other.
        final byte[] source = Traffic.mac(1);
        final byte[] broadcast = Traffic.frame(Traffic.BROADCAST, source, 150, 'd');
        c.send(broadcast);
        Traffic.assertReceived(a, List.of(broadcast));
        Traffic.assertReceived(b, List.of(broadcast));
        final byte[] unicast = Traffic.frame(source, Traffic.mac(2), 150, 'd');
        a.send(unicast);
        Traffic.assertReceived(c, List.of(unicast));
        assertThat(b.receive()).isEmpty();
    }

    @Test
    @Pins({"test.008", "1.9.7"})
    void shouldHaveAsMuchSpaceAsWasReceived() {
        final RawPort receiver = open("netmap:pipeA{1");
        final RawPort sender = open("netmap:pipeA}1");
        final int most = sender.tx().numSlots() - 1;
        final int sent = 1 + traffic.random().nextInt(100);
        final int received = traffic.random().nextInt(sent + 1);
        final byte[] frame = Traffic.frame(274, 'h');
        final byte[][] frames = new byte[sent][];
        Arrays.fill(frames, frame);
        sender.send(frames);
        receiver.port.rxSync();
        RawPort.advance(receiver.rx(), received);
        receiver.port.rxSync();
        sender.port.txSync();
        final int available = RawPort.space(sender.tx());
        assertThat(most - available).isEqualTo(sent - received);
        final byte[][] oneTooMany = new byte[available + 1][];
        Arrays.fill(oneTooMany, frame);
        assertThat(Traffic.trySend(sender, List.of(oneTooMany))).isEqualTo(available);
    }

    @ParameterizedTest
    @EnumSource
    @Needs(Feature.MONITORS)
    @Pins({"test.012", "test.013", "test.014"})
    void shouldCopyWhatIsReceivedToAMonitor(final Kind kind) {
        open(kind);
        final RawPort monitor = open(kind.monitored + "/r");
        final List<byte[]> frames = traffic.frames();
        Traffic.send(v1, frames);
        Traffic.assertReceived(monitor, frames);
        Traffic.assertReceived(v0, frames);
    }

    @ParameterizedTest
    @EnumSource
    @Needs(Feature.MONITORS)
    @Pins({"test.015", "test.016", "test.017"})
    void shouldHandWhatWasReceivedToAZeroCopyMonitor(final Kind kind) {
        open(kind);
        final RawPort monitor = open(kind.monitored + "/z");
        final List<byte[]> frames = traffic.frames();
        Traffic.send(v1, frames);
        assertThat(monitor.receive()).isEmpty();
        Traffic.assertReceived(v0, frames);
        Traffic.assertReceived(monitor, frames);
    }

    @ParameterizedTest
    @EnumSource
    @Needs(Feature.MONITORS)
    @Pins({"test.018", "test.019", "test.020"})
    void shouldCopyWhatIsSentToAMonitor(final Kind kind) {
        open(kind);
        final RawPort monitor = open(kind.monitored + "/t");
        final List<byte[]> frames = traffic.frames();
        Traffic.send(v0, frames);
        Traffic.assertReceived(monitor, frames);
        Traffic.assertReceived(v1, frames);
    }

    @ParameterizedTest
    @EnumSource
    @Pins({"test.021", "test.022", "test.023"})
    void shouldReceiveWhatWasSent(final Kind kind) {
        open(kind);
        for (int round = 0; round < 20; round++) {
            final List<byte[]> frames = traffic.frames();
            Traffic.send(v0, frames);
            Traffic.assertReceived(v1, frames);
            final List<byte[]> back = traffic.frames();
            Traffic.send(v1, back);
            Traffic.assertReceived(v0, back);
        }
    }

    @Test
    @Needs(Feature.INTERFACES)
    @Pins("test.024")
    void shouldReceiveAcrossACableWhatWasSent() {
        final List<ConformanceTarget.Interface> pair = target().cabledInterfaces();
        final RawPort left = open("netmap:" + pair.get(0).name());
        final RawPort right = open("netmap:" + pair.get(1).name());
        final List<byte[]> frames = traffic.frames(1 + traffic.random().nextInt(100), 274);
        Traffic.send(left, frames);
        Traffic.assertSame(right.receive(frames.size()), frames);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PIPE")
    @Needs(Feature.MONITORS)
    @Pins({"test.025", "test.026"})
    void shouldHandWhatWasSentToAZeroCopyMonitorOfASwitchedPort(final Kind kind) {
        open(kind);
        final RawPort monitor = open(kind.monitored + "/z");
        final List<byte[]> frames = traffic.frames();
        Traffic.send(v0, frames);
        Traffic.assertReceived(monitor, frames);
        Traffic.assertReceived(v1, frames);
    }

    @Test
    @Needs(Feature.MONITORS)
    @Pins("test.027")
    void shouldHandWhatWasSentToAZeroCopyMonitorOfAPipeOnceItIsReceived() {
        open(Kind.PIPE);
        final RawPort monitor = open("netmap:pipe{1/z");
        final List<byte[]> frames = traffic.frames();
        Traffic.send(v0, frames);
        assertThat(monitor.receive()).isEmpty();
        Traffic.assertReceived(v1, frames);
        Traffic.send(v0, traffic.frames(1, 60));
        Traffic.assertReceived(monitor, frames);
    }
}
