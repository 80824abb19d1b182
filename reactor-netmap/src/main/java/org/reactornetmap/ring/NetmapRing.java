package org.reactornetmap.ring;

import static org.reactornetmap.ring.NetmapRingDescriptor.BUF_ALIGN_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.CUR_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.DIR_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.DIR_RX;
import static org.reactornetmap.ring.NetmapRingDescriptor.FLAGS_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.HEAD_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.NUM_SLOTS_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.OFFSET_MASK_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.RINGID_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.SLOTS_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.TAIL_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.TS_SEC_OFFSET;
import static org.reactornetmap.ring.NetmapRingDescriptor.TS_USEC_OFFSET;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A view of one {@code netmap_ring} and its slots in shared memory. All accesses are plain: netmap exchanges head, cur
 * and tail inside a system call, on the thread that makes it. Not thread-safe: one thread owns a ring. {@code num_slots},
 * {@code offset_mask} and {@code buf_align} are read once, at creation, because another process may scribble over them
 * later.
 */
public final class NetmapRing {
    private static final VarHandle SHORT =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("netmap rings are supported on little-endian machines only");
        }
    }

    private final ByteBuffer memory;
    private final Buffers buffers;
    private final int numSlots;
    private final int ringId;
    private final boolean rx;
    private final long offsetMask;
    private final long bufAlign;

    NetmapRing(final ByteBuffer memory, final Buffers buffers) {
        this.memory = memory;
        this.buffers = buffers;
        this.numSlots = (int) INT.get(memory, NUM_SLOTS_OFFSET);
        this.ringId = (short) SHORT.get(memory, RINGID_OFFSET) & 0xFFFF;
        this.rx = (short) SHORT.get(memory, DIR_OFFSET) == DIR_RX;
        this.offsetMask = (long) LONG.get(memory, OFFSET_MASK_OFFSET);
        this.bufAlign = (long) LONG.get(memory, BUF_ALIGN_OFFSET);
    }

    /**
     * The buffers this ring's slots point to.
     *
     * @return the region's buffers
     */
    public Buffers buffers() {
        return buffers;
    }

    /**
     * Number of slots; one always stays empty.
     *
     * @return at least 2, not necessarily a power of two
     */
    public int numSlots() {
        return numSlots;
    }

    /**
     * The ring's number in its port and direction.
     *
     * @return 0-based; host rings follow the NIC's
     */
    public int ringId() {
        return ringId;
    }

    /**
     * Whether this is an RX ring.
     *
     * @return false for a TX ring
     */
    public boolean isRx() {
        return rx;
    }

    /**
     * The bits of a slot's {@code ptr} that say how far inside its buffer a frame begins.
     *
     * @return 0 if frames begin where their buffers do, as they do unless the port was opened with offsets
     */
    public long offsetMask() {
        return offsetMask;
    }

    /**
     * What the place where a frame begins, on a TX ring with offsets, must be a multiple of: the NIC drops others.
     *
     * @return bytes; 0 if any place will do
     */
    public long bufAlign() {
        return bufAlign;
    }

    /**
     * First slot owned by user space, as it stands in shared memory.
     *
     * @return whatever the memory says
     */
    public int head() {
        return (int) INT.get(memory, HEAD_OFFSET);
    }

    /**
     * Sets head: gives the slots before it to the kernel at the next sync.
     *
     * @param head 0..numSlots-1
     */
    public void head(final int head) {
        INT.set(memory, HEAD_OFFSET, head);
    }

    /**
     * The wake-up point, as it stands in shared memory.
     *
     * @return whatever the memory says
     */
    public int cur() {
        return (int) INT.get(memory, CUR_OFFSET);
    }

    /**
     * Sets the wake-up point: poll sleeps until tail differs from it.
     *
     * @param cur head..tail
     */
    public void cur(final int cur) {
        INT.set(memory, CUR_OFFSET, cur);
    }

    /**
     * First slot owned by the kernel, as it stands in shared memory.
     *
     * @return whatever the memory says: validate before use
     */
    public int tail() {
        return (int) INT.get(memory, TAIL_OFFSET);
    }

    /**
     * Sets tail; the kernel's side only.
     *
     * @param tail 0..numSlots-1
     */
    public void tail(final int tail) {
        INT.set(memory, TAIL_OFFSET, tail);
    }

    /**
     * The ring's flags.
     *
     * @return {@code NR_…} bits
     */
    public int flags() {
        return (int) INT.get(memory, FLAGS_OFFSET);
    }

    /**
     * Sets the ring's flags.
     *
     * @param flags {@code NR_…} bits
     */
    public void flags(final int flags) {
        INT.set(memory, FLAGS_OFFSET, flags);
    }

    /**
     * Time of the last RX sync: microsecond resolution, one stamp for the whole burst.
     *
     * @return nanoseconds since 1970, 0 if never set
     */
    public long timestampNanos() {
        return (long) LONG.get(memory, TS_SEC_OFFSET) * 1_000_000_000L
                + (long) LONG.get(memory, TS_USEC_OFFSET) * 1_000L;
    }

    /**
     * Sets the ring's time stamp; the kernel's side only.
     *
     * @param seconds since 1970
     * @param micros 0..999999
     */
    public void timestamp(final long seconds, final long micros) {
        LONG.set(memory, TS_SEC_OFFSET, seconds);
        LONG.set(memory, TS_USEC_OFFSET, micros);
    }

    /**
     * The first eight bytes of a slot: see {@link NetmapSlotDescriptor#bufIdx(long)} and its siblings.
     *
     * @param slot 0..numSlots-1
     * @return the word
     */
    public long slotWord(final int slot) {
        return (long) LONG.get(memory, SLOTS_OFFSET + (slot << 4));
    }

    /**
     * Writes the first eight bytes of a slot.
     *
     * @param slot 0..numSlots-1
     * @param word from {@link NetmapSlotDescriptor#word(int, int, int)}
     */
    public void slotWord(final int slot, final long word) {
        LONG.set(memory, SLOTS_OFFSET + (slot << 4), word);
    }

    /**
     * The slot's {@code ptr} field.
     *
     * @param slot 0..numSlots-1
     * @return 64 bits
     */
    public long slotPtr(final int slot) {
        return (long) LONG.get(memory, SLOTS_OFFSET + NetmapSlotDescriptor.PTR_OFFSET + (slot << 4));
    }

    /**
     * Writes the slot's {@code ptr} field.
     *
     * @param slot 0..numSlots-1
     * @param ptr 64 bits
     */
    public void slotPtr(final int slot, final long ptr) {
        LONG.set(memory, SLOTS_OFFSET + NetmapSlotDescriptor.PTR_OFFSET + (slot << 4), ptr);
    }

    @Override
    public String toString() {
        return (rx ? "RX" : "TX") + " ring " + ringId + " (" + numSlots + " slots, head " + head() + ", cur " + cur()
                + ", tail " + tail() + ")";
    }
}
