package org.reactornetmap.driver.embedded;

/**
 * Which packets of a batch go where: a list for each ring of each port of a switch and one for all, {@code nm_vale_q},
 * and which of them have packets. One thread at a time.
 */
final class SwitchLists {
    /** The list of packets for everybody, behind those of every ring of every port. */
    static final int FLOOD = ValeSwitch.MAX_PORTS * ValeSwitch.MAX_RINGS;

    /** Fields of a list in {@link #lists}. */
    private static final int HEAD = 0;

    private static final int TAIL = 1;
    private static final int SLOTS = 2;
    private static final int PACKETS = 3;
    private static final int FIELDS = 4;

    private final int[] lists = new int[(FLOOD + 1) * FIELDS];
    private final int[] destinations;
    private int count;

    /** For batches of so many slots. */
    SwitchLists(final int slots) {
        destinations = new int[slots + ValeSwitch.MAX_PORTS];
        for (int list = 0; list <= FLOOD; list++) {
            clear(list);
        }
    }

    /** The list of one ring of one port. */
    static int list(final int port, final int ringId) {
        return port * ValeSwitch.MAX_RINGS + ringId;
    }

    static int port(final int list) {
        return list / ValeSwitch.MAX_RINGS;
    }

    static int ring(final int list) {
        return list % ValeSwitch.MAX_RINGS;
    }

    /** Puts a packet behind the last of a list; whether it is the list's first. */
    boolean append(final int list, final SwitchBatch batch, final int packet) {
        final int at = list * FIELDS;
        final int last = lists[at + TAIL];
        lists[at + TAIL] = packet;
        lists[at + SLOTS] += batch.frags[packet];
        lists[at + PACKETS]++;
        if (last == SwitchBatch.END) {
            lists[at + HEAD] = packet;
            return true;
        }
        batch.next[last] = packet;
        return false;
    }

    /** {@link SwitchBatch#END} if the list is empty. */
    int head(final int list) {
        return lists[list * FIELDS + HEAD];
    }

    int slots(final int list) {
        return lists[list * FIELDS + SLOTS];
    }

    int packets(final int list) {
        return lists[list * FIELDS + PACKETS];
    }

    void clear(final int list) {
        final int at = list * FIELDS;
        lists[at + HEAD] = SwitchBatch.END;
        lists[at + TAIL] = SwitchBatch.END;
        lists[at + SLOTS] = 0;
        lists[at + PACKETS] = 0;
    }

    /** Remembers a list that has packets, or that those for everybody go to. */
    void addDestination(final int list) {
        destinations[count++] = list;
    }

    int destinations() {
        return count;
    }

    int destination(final int index) {
        return destinations[index];
    }

    /** The batch is done. */
    void clearDestinations() {
        count = 0;
    }
}
