package org.reactornetmap.driver.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.reactornetmap.driver.Poller;

/**
 * An array of {@code struct pollfd} and a {@code struct timespec}, for {@code ppoll}. One thread.
 *
 * <pre>
 * +-------------------------------+---------------+---------------+
 * |            fd (s32)           |  events (s16) | revents (s16) |
 * +-------------------------------+---------------+---------------+
 * </pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/poll.2.html">poll(2)</a>
 */
final class PollFds {
    private static final int FD_OFFSET = 0;
    private static final int EVENTS_OFFSET = 4;
    private static final int REVENTS_OFFSET = 6;
    private static final int LENGTH = 8;
    private static final int TIMESPEC_LENGTH = 16;
    private static final long SECOND_NS = 1_000_000_000;

    private static final int POLLHUP = 0x10;
    private static final int POLLNVAL = 0x20;

    private final int count;
    private final ByteBuffer memory;
    private final long fds;
    private final long timespec;

    PollFds(final int count) {
        this.count = count;
        // The timespec comes first, for it must be aligned; the buffer's own memory is.
        memory = ByteBuffer.allocateDirect(TIMESPEC_LENGTH + count * LENGTH).order(ByteOrder.nativeOrder());
        timespec = Pointer.nativeValue(Native.getDirectBufferPointer(memory));
        fds = timespec + TIMESPEC_LENGTH;
    }

    /** What to wait for at a place; a negative descriptor is passed over. */
    void set(final int index, final int fd, final int events) {
        final int at = at(index);
        memory.putInt(at + FD_OFFSET, fd).putShort(at + EVENTS_OFFSET, (short) events);
    }

    /** Waits for at most so many nanoseconds: the number of places with events, or a negated error number. */
    int poll(final long timeoutNs) {
        memory.putLong(0, timeoutNs / SECOND_NS).putLong(Long.BYTES, timeoutNs % SECOND_NS);
        return Libc.ppoll(fds, count, timespec);
    }

    /** What the last poll found at a place, as {@link Poller}'s bits, which are poll(2)'s. */
    int ready(final int index) {
        final int events = memory.getShort(at(index) + REVENTS_OFFSET);
        final int known = events & (Poller.IN | Poller.OUT | Poller.ERR);
        return (events & (POLLHUP | POLLNVAL)) == 0 ? known : known | Poller.ERR;
    }

    private static int at(final int index) {
        return TIMESPEC_LENGTH + index * LENGTH;
    }
}
