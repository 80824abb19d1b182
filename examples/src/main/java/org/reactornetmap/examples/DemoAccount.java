package org.reactornetmap.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.reactornetmap.flow.TxReport;

/**
 * Where every packet went.
 *
 * @param settings what was run
 * @param nanos from the start to the generator's last packet
 * @param generated packets that the generator made
 * @param refused of these, empty or longer than a ring holds
 * @param sent of these, put into the generator's TX rings
 * @param lostBefore of these, dropped by a switch
 * @param received packets that the RX rings gave
 * @param transmitted what the lanes' sends report
 * @param filtered packets that the filter released
 * @param dropped packets released anywhere else on the way
 * @param held packets nobody had released at the end
 * @param lostBehind of the transmitted ones, dropped by a switch
 * @param counted packets that the sink counted
 * @param tapped packets that the tap saw; -1 without a tap
 * @param last the counters of rings and lanes
 * @param work what each lane saw
 */
record DemoAccount(
        DemoSettings settings,
        long nanos,
        long generated,
        long refused,
        long sent,
        long lostBefore,
        long received,
        TxReport transmitted,
        long filtered,
        long dropped,
        long held,
        long lostBehind,
        long counted,
        long tapped,
        DemoSnapshot last,
        List<LaneWork> work) {

    boolean balances() {
        return differences().isEmpty();
    }

    /** Each equation that does not hold. */
    private List<String> differences() {
        List<String> wrong = new ArrayList<>();
        check(wrong, "generated", generated, "sent + refused", sent + refused);
        if (hasSwitch()) {
            check(wrong, "sent", sent, "received + dropped by the switch", received + lostBefore);
        } else {
            check(wrong, "sent", sent, "received", received);
        }
        check(
                wrong,
                "received",
                received,
                "transmitted + filtered + dropped + held",
                transmitted.sent() + filtered + dropped + held);
        check(wrong, "held", held, "nothing", 0);
        if (hasSwitch()) {
            check(wrong, "transmitted", transmitted.sent(), "counted + dropped by the switch", counted + lostBehind);
        } else {
            check(wrong, "transmitted", transmitted.sent(), "counted", counted);
        }
        return wrong;
    }

    private static void check(List<String> wrong, String name, long left, String others, long right) {
        if (left != right) {
            wrong.add(String.format(Locale.ROOT, "%s %,d is not %s %,d", name, left, others, right));
        }
    }

    private boolean hasSwitch() {
        return settings.topology() == DemoTopology.Kind.VALE;
    }

    private double seconds() {
        return nanos / 1e9;
    }

    private double packetsPerSync() {
        long syncs =
                last.rings().stream().mapToLong(DemoSnapshot.Ring::syncs).max().orElse(0);
        return syncs == 0 ? 0 : (double) last.sent() / syncs;
    }

    private long badChecksums() {
        return work.stream().mapToLong(LaneWork::badChecksums).sum();
    }

    String toText() {
        StringBuilder text = new StringBuilder();
        line(text, "generated", generated, rates(generated, -1));
        if (refused > 0) {
            line(text, "  refused", refused, "empty, or longer than a ring holds");
        }
        if (hasSwitch()) {
            line(text, "  switch lost", lostBefore, "did not fit the receiver's rings, or too short");
        }
        line(text, "received", received, rates(received, last.receivedBytes()));
        line(
                text,
                "= transmitted",
                transmitted.sent(),
                String.format(
                        Locale.ROOT,
                        "%s; %.0f a sync; %,d by exchange of buffers, %,d by copy",
                        rates(transmitted.sent(), transmitted.bytes()),
                        packetsPerSync(),
                        transmitted.swapped(),
                        transmitted.copied()));
        line(text, "+ filtered", filtered, "dropping " + DropRule.describe(settings.drops()));
        line(text, "+ dropped", dropped, "");
        line(text, "+ held", held, "");
        if (hasSwitch()) {
            line(text, "  switch lost", lostBehind, "did not fit the sink's rings");
        }
        line(text, "counted", counted, "by the sink");
        if (tapped >= 0) {
            line(text, "tapped", tapped, "seen by a monitor of the receiving port, which keeps the newest");
        }
        text.append(String.format(Locale.ROOT, "%nseen by the lanes: %s", seen()));
        List<String> wrong = differences();
        text.append(String.format("%n%s%n", wrong.isEmpty() ? "balanced to the packet" : "NOT BALANCED"));
        wrong.forEach(each -> text.append(String.format("  %s%n", each)));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, long value, String remark) {
        text.append(String.format(Locale.ROOT, "%-14s%,15d  %s", name, value, remark)
                        .stripTrailing())
                .append(System.lineSeparator());
    }

    private String rates(long packets, long bytes) {
        String rate = Units.si(packets / seconds()) + "pkt/s";
        return bytes < 0 ? rate : rate + ", " + Units.si(bytes * 8 / seconds()) + "bit/s";
    }

    private String seen() {
        List<String> parts = new ArrayList<>();
        for (LaneWork.Kind kind : LaneWork.Kind.values()) {
            parts.add(String.format(
                    Locale.ROOT, "%,d %s", count(kind), kind == LaneWork.Kind.OTHER ? "other" : kind.name()));
        }
        parts.add(String.format(Locale.ROOT, "%,d with a wrong IPv4 checksum", badChecksums()));
        return String.join(", ", parts);
    }

    private long count(LaneWork.Kind kind) {
        return work.stream().mapToLong(each -> each.count(kind)).sum();
    }

    /** One object, on one line. */
    String toJson() {
        JsonObject kinds = new JsonObject();
        for (LaneWork.Kind kind : LaneWork.Kind.values()) {
            kinds.put(kind.name().toLowerCase(Locale.ROOT), count(kind));
        }
        List<JsonObject> rings = new ArrayList<>();
        for (DemoSnapshot.Ring ring : last.rings()) {
            rings.add(new JsonObject()
                    .put("received", ring.received())
                    .put("receivedBytes", ring.receivedBytes())
                    .put("sent", ring.sent())
                    .put("sentBytes", ring.sentBytes())
                    .put("syncs", ring.syncs()));
        }
        List<JsonObject> lanes = new ArrayList<>();
        for (DemoSnapshot.Lane lane : last.lanes()) {
            lanes.add(new JsonObject().put("passed", lane.passed()).put("bytes", lane.bytes()));
        }
        return new JsonObject()
                .put("balanced", balances())
                .put("seconds", seconds())
                .put("generated", generated)
                .put("refused", refused)
                .put("sent", sent)
                .put("received", received)
                .put("transmitted", transmitted.sent())
                .put("filtered", filtered)
                .put("dropped", dropped)
                .put("held", held)
                .put("lostBefore", lostBefore)
                .put("lostBehind", lostBehind)
                .put("tapped", tapped)
                .put("counted", counted)
                .put("swapped", transmitted.swapped())
                .put("copied", transmitted.copied())
                .put("packetsPerSecond", received / seconds())
                .put("bitsPerSecond", last.receivedBytes() * 8 / seconds())
                .put("packetsPerSync", packetsPerSync())
                .put("wrongIpv4Checksums", badChecksums())
                .put("kinds", kinds)
                .put("rings", rings)
                .put("lanes", lanes)
                .toString();
    }
}
