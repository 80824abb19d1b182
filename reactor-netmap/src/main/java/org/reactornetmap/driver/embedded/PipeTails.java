package org.reactornetmap.driver.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The {@code pipe_tail}s of a TX ring and the RX ring that it is joined to: all that the threads at both ends of a pipe
 * exchange, apart from slots and buffers. Each is written by the other ring's thread with release, after the slots, and
 * read with acquire, before them; so the slots below a tail, and what their buffers hold, are seen whole.
 */
final class PipeTails {
    private static final VarHandle TX_TAIL;
    private static final VarHandle RX_TAIL;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TX_TAIL = lookup.findVarHandle(PipeTails.class, "txTail", int.class);
            RX_TAIL = lookup.findVarHandle(PipeTails.class, "rxTail", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by VarHandle
    private int txTail;

    @SuppressWarnings("unused") // by VarHandle
    private int rxTail;

    PipeTails(final int slots) {
        TX_TAIL.setRelease(this, slots - 1);
    }

    int txTail() {
        return (int) TX_TAIL.getAcquire(this);
    }

    void publishTx(final int tail) {
        TX_TAIL.setRelease(this, tail);
    }

    int rxTail() {
        return (int) RX_TAIL.getAcquire(this);
    }

    void publishRx(final int tail) {
        RX_TAIL.setRelease(this, tail);
    }
}
