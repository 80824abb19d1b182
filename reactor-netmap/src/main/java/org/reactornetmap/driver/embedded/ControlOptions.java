package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqOptCsbDescriptor;
import org.reactornetmap.driver.NmreqOptExtmemDescriptor;
import org.reactornetmap.driver.NmreqOptOffsetsDescriptor;
import org.reactornetmap.driver.NmreqOptionDescriptor;

/**
 * The options of one control request, as the kernel takes them in: each copied once, by a walk that may never end but for
 * the size of the buffer it fills; then each starts as not supported.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap.c#L3383">nmreq_copyin,
 *     nmreq_copyout, nmreq_checkoptions</a>
 */
final class ControlOptions {
    /** {@code NETMAP_REQ_MAXSIZE}: most bytes of a body and its options. */
    static final int MAX_BYTES = 4_096;

    private static final int POINTER = 8;
    private static final int HEADER = NmreqOptionDescriptor.LENGTH;
    private static final int MODE_WORD = 8;

    /** Pointers to body and options, and the table of known options. */
    private static final int OVERHEAD = 2 * POINTER + NmreqOptionDescriptor.MAX * POINTER;

    /** What the kernel allocates. */
    private static final int BUFFER =
            (2 + NmreqOptionDescriptor.MAX) * POINTER + MAX_BYTES + NmreqOptionDescriptor.MAX * POINTER;

    /** A copy of an option; one that is walked over twice has two. */
    private static final class Copy {
        final ControlOption option;
        int status;

        Copy(final ControlOption option) {
            this.option = option;
        }
    }

    private final ControlRequest request;
    private final List<Copy> copies = new ArrayList<>();
    private final @Nullable Copy[] byType = new @Nullable Copy[NmreqOptionDescriptor.MAX];

    private ControlOptions(final ControlRequest request) {
        this.request = request;
    }

    /**
     * Takes the options in.
     *
     * @param bodyBytes what the body takes of the space
     * @throws NetmapErrnoException as {@link org.reactornetmap.driver.DriverDescriptor#control} says, statuses written
     */
    static ControlOptions copyIn(final ControlRequest request, final int bodyBytes) {
        final ControlOptions made = new ControlOptions(request);
        made.copyAll(bodyBytes);
        made.copies.forEach(copy -> copy.status = Errno.EOPNOTSUPP.number());
        return made;
    }

    private void copyAll(final int bodyBytes) {
        int counted = bodyBytes;
        int filled = OVERHEAD + bodyBytes;
        final int count = request.options().size();
        int next = count == 0 ? -1 : 0;
        while (next >= 0) {
            if (filled + POINTER + HEADER > BUFFER) {
                throw tooLong("The chain of options does not end, or has too many.");
            }
            final Copy copy = new Copy(request.options().get(next));
            copies.add(copy);
            counted += HEADER;
            filled += POINTER + HEADER;
            if (index(copy)) {
                final long size = payloadBytes(copy.option);
                if (size > MAX_BYTES
                        || Long.compareUnsigned(copy.option.size(), MAX_BYTES) > 0
                        || counted + size > MAX_BYTES
                        || filled + size > BUFFER) {
                    copyOut();
                    throw tooLong("A request with its options has at most " + MAX_BYTES + " bytes.");
                }
                if (size > copy.option.struct().capacity() - HEADER) {
                    copyOut();
                    throw failure(Errno.EFAULT, copy.option + " is too short.");
                }
                counted += (int) size;
                filled += (int) size;
            }
            next = next + 1 < count ? next + 1 : request.loopsTo();
        }
    }

    /** Finds its place in the table; false if netmap does not know it. */
    private boolean index(final Copy copy) {
        final int type = copy.option.type();
        if (type == 0) {
            copy.status = Errno.EINVAL.number();
            copyOut();
            throw failure(Errno.EINVAL, "There is no option 0.");
        }
        if (Integer.compareUnsigned(type, NmreqOptionDescriptor.MAX) >= 0) {
            return false;
        }
        final Copy first = byType[type];
        if (first != null) {
            copy.status = Errno.EINVAL.number();
            first.status = Errno.EINVAL.number();
            copyOut();
            throw failure(Errno.EINVAL, "Option " + type + " is there twice: leave one of both.");
        }
        byType[type] = copy;
        return true;
    }

    /** {@code nmreq_opt_size_by_type}, at most what is too much anyway. */
    private static long payloadBytes(final ControlOption option) {
        return switch (option.type()) {
            case NmreqOptionDescriptor.EXTMEM -> NmreqOptExtmemDescriptor.LENGTH - HEADER;
            case NmreqOptionDescriptor.CSB -> NmreqOptCsbDescriptor.LENGTH - HEADER;
            case NmreqOptionDescriptor.OFFSETS -> NmreqOptOffsetsDescriptor.LENGTH - HEADER;
            case NmreqOptionDescriptor.SYNC_KLOOP_MODE -> MODE_WORD;
            case NmreqOptionDescriptor.SYNC_KLOOP_EVENTFDS -> {
                final long said = option.size();
                yield Long.compareUnsigned(said, MAX_BYTES) > 0 ? MAX_BYTES + 1L : Math.max(0, said - HEADER);
            }
            default -> 0;
        };
    }

    /** The option of a type that netmap knows. */
    @Nullable
    ControlOption find(final int type) {
        final Copy copy = byType[type];
        return copy == null ? null : copy.option;
    }

    /** Says what became of an option that is there. */
    void status(final int type, final int number) {
        final Copy copy = byType[type];
        if (copy != null) {
            copy.status = number;
        }
    }

    /** Refuses a request of which an option was not honoured. */
    void requireHonoured() {
        for (final Copy copy : copies) {
            if (copy.status == Errno.EOPNOTSUPP.number()) {
                throw failure(
                        Errno.EOPNOTSUPP,
                        "Option " + Integer.toUnsignedString(copy.option.type()) + " is not supported: leave it out.");
            }
        }
    }

    /** Writes every status back. */
    void copyOut() {
        copies.forEach(copy -> copy.option.status(copy.status));
    }

    private NetmapErrnoException tooLong(final String advice) {
        return failure(Errno.EMSGSIZE, advice);
    }

    private NetmapErrnoException failure(final Errno errno, final String advice) {
        return NetmapErrnoException.of(request.call(), request.name(), errno, advice);
    }
}
