package org.reactornetmap.operators.filter.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How compiled programs read big-endian values. Their code names these members. */
final class FrameAccess {
    static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle BUFFER_SHORTS = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle BUFFER_INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private FrameAccess() {}

    /** The buffer without its limit, which the views would keep to. */
    static ByteBuffer whole(final ByteBuffer frame) {
        return frame.duplicate().clear();
    }
}
