package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers of netmap.h (API 14, 89607e14), as literals. */
class RegisterCodesTest {

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({"ALL_NIC,1", "SW,2", "NIC_SW,3", "ONE_NIC,4", "NULL,7", "ONE_SW,8"})
    void shouldHaveCodeOfMode(RegisterMode mode, int code) {
        assertThat(mode.code()).isEqualTo(code);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "MONITOR_TX,0x100",
        "MONITOR_RX,0x200",
        "ZCOPY_MON,0x400",
        "EXCLUSIVE,0x800",
        "RX_RINGS_ONLY,0x2000",
        "TX_RINGS_ONLY,0x4000",
        "ACCEPT_VNET_HDR,0x8000",
        "DO_RX_POLL,0x10000",
        "NO_TX_POLL,0x20000"
    })
    void shouldHaveBitOfFlag(RegisterFlag flag, String bits) {
        assertThat(flag.bits()).isEqualTo(Long.decode(bits));
    }

    @Test
    void shouldJoinFlags() {
        assertThat(RegisterFlag.bitsOf(Set.of())).isZero();
        assertThat(RegisterFlag.bitsOf(EnumSet.allOf(RegisterFlag.class))).isEqualTo(0x3ef00);
    }
}
