package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** Frames of an interface: a number, 60 bytes unless said otherwise, and rings that are worked by hand. */
final class NicFrames {
    static final int LENGTH = 60;

    private NicFrames() {}

    /** A netmap large enough for an interface's buffers. */
    static EmbeddedDriver world() {
        return EmbeddedDriver.create(
                EmbeddedConfig.builder().buffers(16_384).bufSize(2_048).build());
    }

    static InterfaceConfig.Builder config() {
        return InterfaceConfig.builder().slots(16);
    }

    static ByteBuffer frame(final int number) {
        return frame(number, LENGTH);
    }

    /** Every byte behind the number tells its place, so that a frame that was put together wrongly shows. */
    static ByteBuffer frame(final int number, final int length) {
        final ByteBuffer frame = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        for (int i = 4; i < length; i++) {
            frame.put(i, (byte) i);
        }
        return frame.putInt(0, number);
    }

    static List<Integer> numbers(final List<ByteBuffer> frames) {
        return frames.stream()
                .map(frame -> frame.order(ByteOrder.nativeOrder()).getInt(0))
                .toList();
    }

    /** Fills the next TX slot with a frame. */
    static void put(final NetmapRing ring, final int number) {
        put(ring, frame(number), 0);
    }

    static void put(final NetmapRing ring, final ByteBuffer frame, final int flags) {
        final int slot = ring.head();
        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
        final ByteBuffer block = ring.buffers().block(bufIdx);
        block.put(ring.buffers().offset(bufIdx), frame, frame.position(), frame.remaining());
        ring.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, frame.remaining(), flags));
        TestPort.advance(ring, 1);
    }

    static void send(final TestPort port, final int... numbers) {
        Arrays.stream(numbers).forEach(number -> put(port.tx(), number));
        port.port.txSync();
    }

    /** Marks the slots from head to tail. */
    static void mark(final NetmapRing ring, final int flags) {
        for (int i = ring.head(); i != ring.tail(); i = (i + 1) % ring.numSlots()) {
            final long word = ring.slotWord(i);
            ring.slotWord(
                    i,
                    NetmapSlotDescriptor.word(
                            NetmapSlotDescriptor.bufIdx(word),
                            NetmapSlotDescriptor.len(word),
                            NetmapSlotDescriptor.flags(word) | flags));
        }
    }

    /** {@code start}, {@code start + 1}, and so on. */
    static int[] sequence(final int start, final int count) {
        final int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> start + i);
        return numbers;
    }

    static List<Integer> list(final int start, final int count) {
        final List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(start + i);
        }
        return numbers;
    }
}
