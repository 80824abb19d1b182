package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.reactornetmap.driver.RegisterFlag.EXCLUSIVE;
import static org.reactornetmap.driver.RegisterFlag.MONITOR_RX;
import static org.reactornetmap.driver.RegisterFlag.MONITOR_TX;
import static org.reactornetmap.driver.RegisterFlag.RX_RINGS_ONLY;
import static org.reactornetmap.driver.RegisterFlag.TX_RINGS_ONLY;
import static org.reactornetmap.driver.RegisterFlag.ZCOPY_MON;
import static org.reactornetmap.driver.RegisterMode.ALL_NIC;
import static org.reactornetmap.driver.RegisterMode.NIC_SW;
import static org.reactornetmap.driver.RegisterMode.ONE_NIC;
import static org.reactornetmap.driver.RegisterMode.SW;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.PortSpecException;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/** netmap's table of port specs, utils/ctrl-api-test.c at 89607e14: all drivers have one parser. */
class PortSpecTableTest {
    private static final Set<RegisterFlag> NONE = Set.of();

    /** The rows of netmap's control test (utils/ctrl-api-test.c, 89607e14) that a whole spec can satisfy. */
    static Stream<Arguments> accepted() {
        return Stream.of(
                arguments("netmap:eth0", "eth0", ALL_NIC, 0, NONE, 0),
                arguments("netmap:eth0-1", "eth0", ONE_NIC, 1, NONE, 0),
                arguments("netmap:eth0/x", "eth0", ALL_NIC, 0, Set.of(EXCLUSIVE), 0),
                arguments("netmap:eth0/z", "eth0", ALL_NIC, 0, Set.of(ZCOPY_MON), 0),
                arguments("netmap:eth0/r", "eth0", ALL_NIC, 0, Set.of(MONITOR_RX), 0),
                arguments("netmap:eth0/t", "eth0", ALL_NIC, 0, Set.of(MONITOR_TX), 0),
                arguments("netmap:eth0-2/Tx", "eth0", ONE_NIC, 2, Set.of(TX_RINGS_ONLY, EXCLUSIVE), 0),
                arguments("netmap:eth0*", "eth0", NIC_SW, 0, NONE, 0),
                arguments("netmap:eth0^", "eth0", SW, 0, NONE, 0),
                arguments("netmap:eth0@2", "eth0", ALL_NIC, 0, NONE, 2),
                arguments("netmap:eth0@2/R", "eth0", ALL_NIC, 0, Set.of(RX_RINGS_ONLY), 2),
                arguments("netmap:eth0@2/R@2", "eth0", ALL_NIC, 0, Set.of(RX_RINGS_ONLY), 2),
                arguments("vale0:0", "vale0:0", ALL_NIC, 0, NONE, 0),
                arguments("vale:0", "vale:0", ALL_NIC, 0, NONE, 0),
                arguments("valeXXX:YYY", "valeXXX:YYY", ALL_NIC, 0, NONE, 0),
                arguments("valeXXX:YYY-4", "valeXXX:YYY", ONE_NIC, 4, NONE, 0),
                arguments("netmap:14", "14", ALL_NIC, 0, NONE, 0),
                arguments("netmap:pipe{0", "pipe{0", ALL_NIC, 0, NONE, 0),
                arguments("netmap:pipe{in", "pipe{in", ALL_NIC, 0, NONE, 0),
                arguments("netmap:pipe{in-7", "pipe{in", ONE_NIC, 7, NONE, 0),
                arguments("vale0:0{0", "vale0:0{0", ALL_NIC, 0, NONE, 0),
                // netmap's rows end in "@netmap:lo/R", "@xxx" and "@opt", which stand for any option: see
                // the refused ones. Here they end in a real one.
                arguments("netmap:eth0@share=netmap:lo", "eth0", ALL_NIC, 0, NONE, 0),
                arguments("netmap:eth0/R@conf:rings=2", "eth0", ALL_NIC, 0, Set.of(RX_RINGS_ONLY), 0),
                arguments("vale0:0@conf:rings=2", "vale0:0", ALL_NIC, 0, NONE, 0),
                arguments("vale0:0/Tx@conf:slots=64", "vale0:0", ALL_NIC, 0, Set.of(TX_RINGS_ONLY, EXCLUSIVE), 0),
                arguments("vale0:0-3@conf:slots=64", "vale0:0", ONE_NIC, 3, NONE, 0));
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @MethodSource("accepted")
    void shouldAccept(
            final String text,
            final String portName,
            final RegisterMode mode,
            final int ringId,
            final Set<RegisterFlag> flags,
            final int memId) {
        final PortSpec spec = PortSpec.parse(text);
        assertThat(spec.portName()).isEqualTo(portName);
        assertThat(spec.mode()).isEqualTo(mode);
        assertThat(spec.ringId()).isEqualTo(ringId);
        assertThat(spec.flags()).isEqualTo(flags);
        assertThat(spec.memId()).isEqualTo(memId);
        assertThat(spec.text()).isEqualTo(text);
    }

    /** The refused rows of netmap's control test (utils/ctrl-api-test.c, 89607e14), and those with an unknown option. */
    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(
            strings = {
                "netmap:eth0-!",
                "netmap:eth0@!netmap:lo/R",
                "netmap:eth0/R@!xxx",
                "netmap:eth0@2/R@!3",
                "netmap:eth0@!",
                "netmap:!",
                "netmap:!^",
                "netmap:!{",
                "netmap:vale0!:0",
                "!eth0",
                "netmap!XXX:eth0",
                "netmap:eth0!&",
                "netmap:pipe{1!}2",
                "vale0:0@!opt",
                "vale0:0/Tx@!opt",
                "vale0:0-3@!opt",
                "vale0:0@!",
                "!",
            })
    void shouldRefuseWhereTheMarkStands(final String marked) {
        final String text = marked.replace("!", "");
        final PortSpecException refusal = catchThrowableOfType(PortSpecException.class, () -> PortSpec.parse(text));
        assertThat(refusal.position()).as(refusal.getMessage()).isEqualTo(marked.indexOf('!'));
    }
}
