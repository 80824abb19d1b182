package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactornetmap.flow.TxReport;

class DemoAccountTest {

    private static DemoAccount account(long generated, long received, long transmitted, long held, long counted) {
        DemoSettings settings =
                new DemoSettings(DemoTopology.Kind.PIPE, 1, 16, 1, false, 1, 0, false, List.of(), List.of());
        DemoSnapshot last = new DemoSnapshot(
                1, generated, 3, counted, List.of(new DemoSnapshot.Ring(received, 60, 0, 16, 4, 60, 2, 15)), List.of());
        TxReport report = new TxReport(transmitted, 60 * transmitted, transmitted, 0, 0, 0, 0);
        return new DemoAccount(
                settings,
                1_000_000_000,
                generated,
                1,
                generated - 1,
                0,
                received,
                report,
                3,
                2,
                held,
                0,
                counted,
                -1,
                last,
                List.of());
    }

    @Test
    void shouldBalance() {
        DemoAccount account = account(11, 10, 5, 0, 5);
        assertThat(account.balances()).isTrue();
        assertThat(account.toText()).contains("balanced to the packet").doesNotContain("NOT");
        assertThat(account.toJson()).startsWith("{\"balanced\":true,");
    }

    @Test
    void shouldNameWhatDoesNotBalance() {
        assertThat(account(12, 10, 5, 0, 5).toText()).contains("NOT BALANCED", "sent 11 is not received 10");
        assertThat(account(11, 10, 4, 0, 4).toText())
                .contains("received 10 is not transmitted + filtered + dropped + held 9");
        assertThat(account(11, 10, 4, 1, 4).toText()).contains("held 1 is not nothing 0");
        assertThat(account(11, 10, 5, 0, 4).toText()).contains("transmitted 5 is not counted 4");
        assertThat(account(11, 10, 5, 0, 4).toJson()).startsWith("{\"balanced\":false,");
    }
}
