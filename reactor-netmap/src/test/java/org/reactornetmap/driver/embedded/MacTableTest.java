package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hash and the table of a learning switch. */
class MacTableTest {
    private final MacTable table = new MacTable();

    /** An address written as people do, as the number that its bytes make in little-endian order. */
    private static long mac(final String hex) {
        return Long.reverseBytes(Long.parseUnsignedLong(hex, 16)) >>> 16;
    }

    /** Computed by netmap's own nm_vale_rthash. */
    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "000000000000, 269",
        "020000000001, 92",
        "020000000002, 23",
        "deadbeef0001, 60",
        "001b21809aff, 184",
        "feffffffffff, 637"
    })
    void shouldHashAsNetmap(final String address, final int hash) {
        assertThat(MacTable.hash(mac(address))).isEqualTo(hash);
    }

    @Test
    void shouldRememberTheLastPortOfAnAddress() {
        table.learn(mac("020000000001"), 3);
        table.learn(mac("020000000002"), 253);
        table.learn(mac("020000000001"), 4);
        assertThat(table.port(mac("020000000001"))).isEqualTo(4);
        assertThat(table.port(mac("020000000002"))).isEqualTo(253);
        assertThat(table.port(mac("020000000003"))).isEqualTo(MacTable.UNKNOWN);
    }

    @Test
    void shouldForgetAnAddressWhenAnotherHasItsHash() {
        assertThat(MacTable.hash(mac("0200000007e7"))).isEqualTo(MacTable.hash(mac("020000000001")));
        table.learn(mac("020000000001"), 3);
        table.learn(mac("0200000007e7"), 4);
        assertThat(table.port(mac("020000000001"))).isEqualTo(MacTable.UNKNOWN);
        assertThat(table.port(mac("0200000007e7"))).isEqualTo(4);
    }

    @Test
    void shouldKnowTheZeroAddressAtPort0BeforeAnythingWasLearned() {
        assertThat(table.port(0)).isZero();
    }
}
