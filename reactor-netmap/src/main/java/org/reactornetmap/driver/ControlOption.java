package org.reactornetmap.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An option of a {@link ControlRequest}: a {@code struct nmreq_option} and what follows it. Mutable, as the struct is:
 * netmap writes its status and sometimes its values back. One thread at a time.
 */
public final class ControlOption {
    private final ByteBuffer struct;

    private ControlOption(final ByteBuffer struct) {
        this.struct = struct;
    }

    /**
     * An option full of zeros.
     *
     * @param type {@code nro_reqtype}, u32; {@link NmreqOptionDescriptor} has netmap's
     * @param bytes size of the struct, header included; less than netmap expects gives {@code EFAULT}
     * @return a new option
     * @throws IllegalArgumentException if it is shorter than the header
     */
    public static ControlOption of(final int type, final int bytes) {
        if (bytes < NmreqOptionDescriptor.LENGTH) {
            throw new IllegalArgumentException(
                    "bytes is " + bytes + ": an option has at least " + NmreqOptionDescriptor.LENGTH);
        }
        final ByteBuffer struct = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
        struct.putInt(NmreqOptionDescriptor.REQTYPE_OFFSET, type);
        return new ControlOption(struct);
    }

    /**
     * The whole struct, by the offsets of its descriptor. {@code nro_next} does not count: the request makes the chain.
     *
     * @return the option's own memory, in native byte order
     */
    public ByteBuffer struct() {
        return struct;
    }

    /**
     * What option it is.
     *
     * @return {@code nro_reqtype}, u32
     */
    public int type() {
        return struct.getInt(NmreqOptionDescriptor.REQTYPE_OFFSET);
    }

    /**
     * What netmap said to it.
     *
     * @return the error number in {@code nro_status}, 0 if it was honoured
     */
    public int status() {
        return struct.getInt(NmreqOptionDescriptor.STATUS_OFFSET);
    }

    /**
     * Writes what netmap says to it; for drivers.
     *
     * @param number an error number, or 0
     */
    public void status(final int number) {
        struct.putInt(NmreqOptionDescriptor.STATUS_OFFSET, number);
    }

    /**
     * The size it says it has.
     *
     * @return {@code nro_size}, bytes; netmap reads it of options only whose size is not fixed
     */
    public long size() {
        return struct.getLong(NmreqOptionDescriptor.SIZE_OFFSET);
    }

    /**
     * Sets the size it says it has, true or not.
     *
     * @param bytes {@code nro_size}
     * @return this
     */
    public ControlOption size(final long bytes) {
        struct.putLong(NmreqOptionDescriptor.SIZE_OFFSET, bytes);
        return this;
    }

    @Override
    public String toString() {
        return "option " + Integer.toUnsignedString(type()) + " (" + struct.capacity() + " bytes, status " + status()
                + ")";
    }
}
