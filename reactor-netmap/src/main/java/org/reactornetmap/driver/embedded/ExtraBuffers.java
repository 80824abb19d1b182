package org.reactornetmap.driver.embedded;

import java.util.BitSet;
import java.util.function.IntConsumer;
import org.reactornetmap.ring.NetmapIf;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The list of extra buffers: {@code ni_bufs_head} names the first, the first four bytes of each name the next, 0 ends
 * it. User space may write anything there. Guarded by the world's lock.
 */
final class ExtraBuffers {
    private static final Logger LOG = Loggers.getLogger(ExtraBuffers.class);

    private ExtraBuffers() {}

    /** Makes the list; may grant less than asked for. */
    static int allocate(final BufferPool pool, final NetmapIf netmapIf, final MemoryObjects memory, final int wanted) {
        int head = 0;
        int granted = 0;
        int last = 0;
        while (granted < wanted) {
            last = pool.take(last);
            if (last == 0) {
                LOG.warn("no more buffers after {} of {} extra ones", granted, wanted);
                break;
            }
            memory.firstWord(last, head);
            head = last;
            granted++;
        }
        netmapIf.bufsHead(head);
        return granted;
    }

    /** Frees what the list holds; stops where it makes no sense. */
    static void free(final BufferPool pool, final NetmapIf netmapIf, final MemoryObjects memory, final String port) {
        int head = netmapIf.bufsHead();
        while (pool.isValid(head)) {
            final int bufIdx = head;
            head = memory.firstWord(bufIdx);
            memory.firstWord(bufIdx, 0);
            if (!pool.give(bufIdx)) {
                LOG.warn("{}: buffer {} was in the list of extra buffers, but is free already", port, bufIdx);
                break;
            }
        }
        if (head != 0) {
            LOG.warn("{}: the list of extra buffers breaks at index {}; what follows is lost", port, head);
        }
        netmapIf.bufsHead(0);
    }

    /** Shows what the list holds, a repeated buffer once more and then no further. */
    static void forEach(
            final BufferPool pool, final NetmapIf netmapIf, final MemoryObjects memory, final IntConsumer consumer) {
        final BitSet seen = new BitSet();
        int bufIdx = netmapIf.bufsHead();
        while (pool.isValid(bufIdx)) {
            consumer.accept(bufIdx);
            if (seen.get(bufIdx)) {
                return;
            }
            seen.set(bufIdx);
            bufIdx = memory.firstWord(bufIdx);
        }
    }
}
