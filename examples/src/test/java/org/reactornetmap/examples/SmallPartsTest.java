package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;

/** Units, time spans, rules and the live view. */
class SmallPartsTest {

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "0, '0 '", "999, '999 '", "999.6, 1.00 k", "1234, 1.23 k", "12345, 12.3 k", "123456, 123 k",
        "999499, 999 k", "999500, 1.00 M", "14880000, 14.9 M", "7.5e9, 7.50 G", "2e15, 2000 T", "NaN, '0 '"
    })
    void shouldWriteThreeDigits(double value, String text) {
        assertThat(Units.si(value)).isEqualTo(text);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({"500ms, 500", "5s, 5000", "5, 5000", "2m, 120000", "1h, 3600000", "0s, 0"})
    void shouldReadTimeSpans(String text, long millis) {
        assertThat(new TimeSpan().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void shouldKeepWhatNoRuleDrops() {
        DropRule.Converter converter = new DropRule.Converter();
        List<DropRule> rules =
                List.of(converter.convert("tcp:23"), converter.convert("arp"), converter.convert("none"));
        Packet telnet = PacketPool.wrap(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23));
        Packet web = PacketPool.wrap(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80));
        Packet arp = PacketPool.wrap(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
        assertThat(DropRule.keep(rules).test(telnet)).isFalse();
        assertThat(DropRule.keep(rules).test(arp)).isFalse();
        assertThat(DropRule.keep(rules).test(web)).isTrue();
        assertThat(DropRule.keep(List.of()).test(arp)).isTrue();
        assertThat(DropRule.describe(rules)).isEqualTo("tcp:23, arp");
        assertThat(DropRule.describe(List.of(converter.convert("none")))).isEqualTo("nothing");
    }

    private static DemoSnapshot snapshot(long seconds, long packets) {
        return new DemoSnapshot(
                seconds * 1_000_000_000,
                packets,
                0,
                packets,
                List.of(new DemoSnapshot.Ring(
                        packets, packets * 1000, 3, 1024, packets, packets * 1000, packets / 200, 900)),
                List.of(new DemoSnapshot.Lane(packets, packets * 1000, 5)));
    }

    @Test
    void shouldStayInItsPlaceOnATerminal() {
        StringWriter out = new StringWriter();
        LiveView view = new LiveView(new PrintWriter(out), 24, snapshot(0, 0));
        view.show(snapshot(1, 2_000_000));
        assertThat(out.toString())
                .doesNotContain("\u001b")
                .containsPattern("   0 +2\\.00 M +16\\.0 G +3/1024 +2\\.00 M +16\\.0 G +200 +900")
                .containsPattern("all +2\\.00 M +16\\.0 G +2\\.00 M +16\\.0 G +200")
                .containsPattern("   0 +2\\.00 M +16\\.0 G +5");
        int lines = (int) out.toString().lines().count();
        view.show(snapshot(2, 3_000_000));
        assertThat(out.toString()).contains("\u001b[" + lines + "A\u001b[J").containsPattern("all +1\\.00 M");
    }

    @ParameterizedTest(name = "{displayName} of {0} rows")
    @CsvSource({"0", "7"})
    void shouldWriteLinesWhereATableCannotStay(int rows) {
        StringWriter out = new StringWriter();
        LiveView view = new LiveView(new PrintWriter(out), rows, snapshot(0, 0));
        view.show(snapshot(1, 2_000_000));
        view.show(snapshot(2, 3_000_000));
        assertThat(out.toString().lines())
                .containsExactly(
                        "  1.0 s  rx 2.00 Mpkt/s 16.0 Gbit/s  tx 2.00 Mpkt/s  200 pkt/sync  waiting 3 of 1024 slots"
                                + "  in lanes 5",
                        "  2.0 s  rx 1.00 Mpkt/s 8.00 Gbit/s  tx 1.00 Mpkt/s  200 pkt/sync  waiting 3 of 1024 slots"
                                + "  in lanes 5");
    }
}
