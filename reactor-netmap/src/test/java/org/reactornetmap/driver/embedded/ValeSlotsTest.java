package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;
import static org.reactornetmap.driver.embedded.ValePeer.LENGTH;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** What a VALE switch does with slots: their flags, their lengths, and data that is not in them. */
class ValeSlotsTest {
    private static final int MOREFRAG = NetmapSlotDescriptor.NS_MOREFRAG;

    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final ValePeer a = ValePeer.open(driver, "vale0:a", 1, 16);
    private final ValePeer b = ValePeer.open(driver, "vale0:b", 1, 32);

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        ValePeer.assertBalanced(driver);
        a.close();
        b.close();
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private List<Integer> receivedFlags() {
        return received(word -> NetmapSlotDescriptor.flags(word));
    }

    private List<Integer> receivedLengths() {
        return received(word -> NetmapSlotDescriptor.len(word));
    }

    private List<Integer> received(final LongToIntFunction what) {
        b.port.port.rxSync();
        final NetmapRing ring = b.port.rx();
        final List<Integer> all = new ArrayList<>();
        for (int slot = ring.head(); slot != ring.tail(); slot++) {
            all.add(what.applyAsInt(ring.slotWord(slot)));
        }
        return all;
    }

    @Test
    void shouldNumberTheSlotsOfAPacketInItsFlags() {
        a.put(ALL, 1, 0).putMore(ALL, 1, 1).putMore(ALL, 1, 2).put(ALL, 1, 3).send();
        assertThat(receivedFlags()).containsExactly(1 << 8, (3 << 8) | MOREFRAG, (3 << 8) | MOREFRAG, 3 << 8);
    }

    @Test
    void shouldEndAPacketWhoseEndIsMissing() {
        a.put(ALL, 1, 0).putMore(ALL, 1, 1).putMore(ALL, 1, 2).send();
        assertThat(receivedFlags()).containsExactly(1 << 8, (2 << 8) | MOREFRAG, 2 << 8);
        a.put(ALL, 1, 3).send();
        assertThat(b.receive()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void shouldLookAtTheSecondSlotWhenTheFirstIsEmpty() {
        a.commit(0, 0, MOREFRAG).put(ALL, 1, 5).send();
        assertThat(receivedLengths()).containsExactly(0, LENGTH);
        assertThat(b.receive()).containsExactly(-1, 5);
    }

    @Test
    void shouldEmptyABadSlotInsideAPacket() {
        a.putMore(ALL, 1, 5).commit(0, 300, MOREFRAG).put(ALL, 1, 6).send();
        assertThat(b.receive()).containsExactly(5, -1, 6);
        assertThat(ValePeer.statistics(driver, "vale0:b").emptied()).isOne();
        assertThat(ValePeer.statistics(driver, "vale0:b").delivered()).isOne();
    }

    @Test
    void shouldClearTheMarkOfASwappedBufferOnBothSides() {
        a.fill(0, ALL, 1, 5)
                .commit(0, LENGTH, NetmapSlotDescriptor.NS_BUF_CHANGED)
                .send();
        assertThat(NetmapSlotDescriptor.flags(a.port.tx().slotWord(0))).isZero();
        assertThat(b.receive()).containsExactly(5);
        final long word = b.port.rx().slotWord(0);
        b.port.rx()
                .slotWord(
                        0,
                        NetmapSlotDescriptor.word(
                                NetmapSlotDescriptor.bufIdx(word), LENGTH, NetmapSlotDescriptor.NS_BUF_CHANGED));
        b.port.port.rxSync();
        assertThat(NetmapSlotDescriptor.flags(b.port.rx().slotWord(0))).isZero();
    }

    @Test
    void shouldFillTheBufferThatTheReceiverSwappedIn() {
        try (TestPort c = TestPort.open(driver, "vale0:c", 1, 8, 1)) {
            final int spare = c.port.netmapIf().bufsHead();
            final int old = NetmapSlotDescriptor.bufIdx(c.rx().slotWord(0));
            c.port.netmapIf().bufsHead(old);
            c.rx().buffers().listNext(old, 0);
            c.rx().slotWord(0, NetmapSlotDescriptor.word(spare, 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
            a.put(ALL, 1, 77).send();
            c.port.rxSync();
            assertThat(NetmapSlotDescriptor.bufIdx(c.rx().slotWord(0))).isEqualTo(spare);
            assertThat(c.rx().buffers().slice(spare).getInt(14)).isEqualTo(77);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
        b.receive();
    }

    private void putIndirect(final long pointer, final int len, final int flags) {
        a.port.tx().slotPtr(a.port.tx().head(), pointer);
        a.commit(0, len, flags | NetmapSlotDescriptor.NS_INDIRECT);
    }

    @Test
    void shouldReadIndirectFramesWhereTheyLie() {
        final ByteBuffer memory = ByteBuffer.allocateDirect(1_000);
        ValePeer.frame(memory.slice(7, LENGTH), ALL, 1, 42);
        final long pointer = driver.userMemory().map(memory);
        putIndirect(pointer + 7, LENGTH, 0);
        a.put(ALL, 1, 43).send();
        assertThat(b.receive()).containsExactly(42, 43);
        assertThat(ValePeer.statistics(driver, "vale0:b").emptied()).isZero();
    }

    @Test
    void shouldDropAnIndirectFrameWhoseAddressesCannotBeRead() {
        final long pointer = driver.userMemory().map(ByteBuffer.allocateDirect(100));
        driver.userMemory().unmap(pointer);
        putIndirect(pointer, LENGTH, 0);
        putIndirect(0, LENGTH, 0);
        putIndirect(-1, LENGTH, 0);
        a.send();
        assertThat(b.receive()).isEmpty();
        assertThat(ValePeer.statistics(driver, "vale0:a").malformed()).isEqualTo(3);
    }

    @Test
    void shouldEmptyTheSlotOfAnIndirectFrameThatCannotBeReadToItsEnd() {
        final ByteBuffer memory = ByteBuffer.allocateDirect(LENGTH);
        ValePeer.frame(memory, ALL, 1, 42);
        final long pointer = driver.userMemory().map(memory);
        putIndirect(pointer, LENGTH + 1, 0);
        a.putMore(ALL, 1, 43);
        putIndirect(0, 100, 0);
        a.send();
        assertThat(b.receive()).containsExactly(-1, 43, -1);
        assertThat(ValePeer.statistics(driver, "vale0:b").emptied()).isEqualTo(2);
        assertThat(ValePeer.statistics(driver, "vale0:b").delivered()).isEqualTo(2);
    }

    @Test
    void shouldCopyWholeFramesOfEveryLength() {
        for (int len = 14; len <= 256; len++) {
            final NetmapRing ring = a.port.tx();
            final ByteBuffer frame = ring.buffers().slice(NetmapSlotDescriptor.bufIdx(ring.slotWord(ring.head())));
            for (int i = 0; i < 256; i++) {
                frame.put(i, (byte) (i < 6 ? 0xFF : i * 7 + len));
            }
            a.commit(0, len, 0).send();
            b.port.port.rxSync();
            final NetmapRing to = b.port.rx();
            final long word = to.slotWord(to.head());
            assertThat(NetmapSlotDescriptor.len(word)).isEqualTo(len);
            assertThat(to.buffers().slice(NetmapSlotDescriptor.bufIdx(word)).slice(0, len))
                    .isEqualTo(frame.slice(0, len));
            TestPort.advance(to, 1);
        }
    }
}
