package org.reactornetmap.driver;

/**
 * {@code poll(2)} over several ports of one driver. One thread owns it; only {@link #wakeup()} may be called by others.
 * A poll syncs the rings it asks about: RX rings of a port polled for {@link #IN}, TX rings of one polled for
 * {@link #OUT}. A port opened without {@link RegisterFlag#NO_TX_POLL} has its TX rings synced by every poll.
 */
public interface Poller extends AutoCloseable {
    /** An RX ring has slots beyond cur. */
    int IN = 0x1;

    /** A TX ring has slots beyond cur. */
    int OUT = 0x4;

    /** The port failed: its next sync throws the reason. */
    int ERR = 0x8;

    /**
     * Adds a port, or changes what it is polled for.
     *
     * @param port a port of the driver that made this poller
     * @param interest {@link #IN}, {@link #OUT}, both or 0: with 0 only {@link #wakeup()} and a failure end the poll
     */
    void add(DriverPort port, int interest);

    /**
     * Removes a port; nothing happens if it is not there.
     *
     * @param port the port
     */
    void remove(DriverPort port);

    /**
     * Waits until a port is ready, a wake-up comes or the time is over. A wake-up that came before counts. May return
     * early with 0.
     *
     * @param timeoutNs nanoseconds; 0 does not wait, negative waits for ever
     * @return number of ready ports
     * @throws org.reactornetmap.ring.RingStateException if a pointer is illegal and the driver is strict
     */
    int poll(long timeoutNs);

    /**
     * For a loop that has no thread to let sleep: what would end a sleep from now on calls back instead, once. It is
     * void after the next {@link #poll(long)}. What was ready before does not call back: look first.
     *
     * @param wake called on the thread that makes a port ready; must not block
     * @return false if a port may become ready without a call, so that the caller has to look again by itself; a driver
     *     that cannot call back says so always
     */
    default boolean callBack(final Runnable wake) {
        return false;
    }

    /**
     * What the last {@link #poll(long)} found.
     *
     * @param port a port of this poller
     * @return {@link #IN}, {@link #OUT}, {@link #ERR} bits
     */
    int ready(DriverPort port);

    /** Makes the poll under way, or else the next one, return. Any thread; cheap if the poll is not sleeping. */
    void wakeup();

    /** Frees what the poller holds; ports stay open. */
    @Override
    void close();
}
