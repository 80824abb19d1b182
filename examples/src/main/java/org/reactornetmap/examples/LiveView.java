package org.reactornetmap.examples;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows how a {@link DemoPipeline} is doing: a table that stays in its place on a terminal, else a line at a time. */
final class LiveView {

    private static final int OTHER_ROWS = 5;

    private final PrintWriter out;
    private final boolean inPlace;
    private DemoSnapshot before;
    private int linesShown;

    /**
     * A view of what happens from now on.
     *
     * @param out where to show it
     * @param rows of the terminal that this is, 0 if it is none; a table that does not fit can't stay in its place
     * @param start the counters now
     */
    LiveView(PrintWriter out, int rows, DemoSnapshot start) {
        this.out = out;
        this.inPlace = start.rings().size() + start.lanes().size() + OTHER_ROWS < rows;
        this.before = start;
    }

    void show(DemoSnapshot now) {
        double seconds = (now.nanos() - before.nanos()) / 1e9;
        if (inPlace) {
            String table = table(now, seconds);
            if (linesShown > 0) {
                out.printf("\u001b[%dA\u001b[J", linesShown); // up, and clear what is below
            }
            out.print(table);
            linesShown = (int) table.lines().count();
        } else {
            out.println(line(now, seconds));
        }
        out.flush();
        before = now;
    }

    private String line(DemoSnapshot now, double seconds) {
        return String.format(
                Locale.ROOT,
                "%5.1f s  rx %spkt/s %sbit/s  tx %spkt/s  %.0f pkt/sync  waiting %d of %d slots  in lanes %d",
                now.nanos() / 1e9,
                Units.si((now.received() - before.received()) / seconds),
                Units.si((now.receivedBytes() - before.receivedBytes()) * 8 / seconds),
                Units.si((now.sent() - before.sent()) / seconds),
                packetsPerSync(now),
                now.rings().stream().mapToInt(DemoSnapshot.Ring::waiting).sum(),
                now.rings().stream().mapToInt(DemoSnapshot.Ring::slots).sum(),
                now.lanes().stream().mapToLong(DemoSnapshot.Lane::queued).sum());
    }

    /** One sync serves all rings of the port. */
    private double packetsPerSync(DemoSnapshot now) {
        long syncs = 0;
        for (int i = 0; i < now.rings().size(); i++) {
            syncs = Math.max(
                    syncs, now.rings().get(i).syncs() - before.rings().get(i).syncs());
        }
        return syncs == 0 ? 0 : (double) (now.sent() - before.sent()) / syncs;
    }

    private String table(DemoSnapshot now, double seconds) {
        StringBuilder text = new StringBuilder();
        row(text, "%5.1f s", now.nanos() / 1e9);
        row(
                text,
                "ring  %9s %10s %11s   %9s %10s %9s %6s",
                "rx pkt/s",
                "rx bit/s",
                "waiting",
                "tx pkt/s",
                "tx bit/s",
                "pkt/sync",
                "free");
        for (int i = 0; i < now.rings().size(); i++) {
            ring(text, i, now.rings().get(i), before.rings().get(i), seconds);
        }
        row(
                text,
                "all   %9s %10s %11s   %9s %10s %9.0f",
                Units.si((now.received() - before.received()) / seconds),
                Units.si((now.receivedBytes() - before.receivedBytes()) * 8 / seconds),
                "",
                Units.si((now.sent() - before.sent()) / seconds),
                Units.si((now.sentBytes() - before.sentBytes()) * 8 / seconds),
                packetsPerSync(now));
        row(text, "");
        row(text, "lane  %9s %10s %11s", "pkt/s", "bit/s", "queued");
        for (int i = 0; i < now.lanes().size(); i++) {
            DemoSnapshot.Lane lane = now.lanes().get(i);
            DemoSnapshot.Lane last = before.lanes().get(i);
            row(
                    text,
                    "%4d  %9s %10s %11d",
                    i,
                    Units.si((lane.passed() - last.passed()) / seconds),
                    Units.si((lane.bytes() - last.bytes()) * 8 / seconds),
                    lane.queued());
        }
        return text.toString();
    }

    private static void ring(
            StringBuilder text, int index, DemoSnapshot.Ring now, DemoSnapshot.Ring last, double seconds) {
        long syncs = now.syncs() - last.syncs();
        row(
                text,
                "%4d  %9s %10s %11s   %9s %10s %9.0f %6d",
                index,
                Units.si((now.received() - last.received()) / seconds),
                Units.si((now.receivedBytes() - last.receivedBytes()) * 8 / seconds),
                now.waiting() + "/" + now.slots(),
                Units.si((now.sent() - last.sent()) / seconds),
                Units.si((now.sentBytes() - last.sentBytes()) * 8 / seconds),
                syncs == 0 ? 0.0 : (double) (now.sent() - last.sent()) / syncs,
                now.free());
    }

    private static void row(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append(System.lineSeparator());
    }
}
