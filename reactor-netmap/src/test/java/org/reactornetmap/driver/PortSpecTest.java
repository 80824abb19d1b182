package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.reactornetmap.driver.RegisterFlag.EXCLUSIVE;
import static org.reactornetmap.driver.RegisterFlag.MONITOR_RX;
import static org.reactornetmap.driver.RegisterFlag.MONITOR_TX;
import static org.reactornetmap.driver.RegisterFlag.RX_RINGS_ONLY;
import static org.reactornetmap.driver.RegisterFlag.TX_RINGS_ONLY;
import static org.reactornetmap.driver.RegisterFlag.ZCOPY_MON;
import static org.reactornetmap.driver.RegisterMode.ALL_NIC;
import static org.reactornetmap.driver.RegisterMode.NIC_SW;
import static org.reactornetmap.driver.RegisterMode.NULL;
import static org.reactornetmap.driver.RegisterMode.ONE_NIC;
import static org.reactornetmap.driver.RegisterMode.ONE_SW;
import static org.reactornetmap.driver.RegisterMode.SW;

import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.driver.PortOption.Conf;
import org.reactornetmap.driver.PortOption.Extmem;
import org.reactornetmap.driver.PortOption.Offset;
import org.reactornetmap.driver.PortOption.Share;

class PortSpecTest {

    private static final Set<RegisterFlag> NONE = Set.of();

    static Stream<Arguments> moreSpecs() {
        return Stream.of(
                arguments("netmap:em0.123", "em0.123", ALL_NIC, 0, NONE, 0),
                arguments("netmap:eth0^0", "eth0", ONE_SW, 0, NONE, 0),
                arguments("netmap:eth0^3/R", "eth0", ONE_SW, 3, Set.of(RX_RINGS_ONLY), 0),
                arguments("netmap:eth0^@7", "eth0", SW, 0, NONE, 7),
                arguments("netmap:eth0*/x", "eth0", NIC_SW, 0, Set.of(EXCLUSIVE), 0),
                arguments("netmap:eth0-0", "eth0", ONE_NIC, 0, NONE, 0),
                arguments("netmap:eth0-007", "eth0", ONE_NIC, 7, NONE, 0),
                arguments("netmap:eth0-4094", "eth0", ONE_NIC, 4094, NONE, 0),
                arguments("netmap:eth0-1@2/T@2", "eth0", ONE_NIC, 1, Set.of(TX_RINGS_ONLY), 2),
                arguments("netmap:eth0/xx", "eth0", ALL_NIC, 0, Set.of(EXCLUSIVE), 0),
                arguments("netmap:eth0/@3", "eth0", ALL_NIC, 0, NONE, 3),
                arguments("netmap:eth0/x@2/R", "eth0", ALL_NIC, 0, Set.of(EXCLUSIVE, RX_RINGS_ONLY), 2),
                arguments("netmap:eth0@65535", "eth0", ALL_NIC, 0, NONE, 65535),
                arguments("vale0:a}out/R", "vale0:a}out", ALL_NIC, 0, Set.of(RX_RINGS_ONLY), 0),
                arguments(
                        "netmap:eth0/xztrRT",
                        "eth0",
                        ALL_NIC,
                        0,
                        Set.of(EXCLUSIVE, ZCOPY_MON, MONITOR_TX, MONITOR_RX, RX_RINGS_ONLY, TX_RINGS_ONLY),
                        0));
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @MethodSource("moreSpecs")
    void shouldParse(String text, String portName, RegisterMode mode, int ringId, Set<RegisterFlag> flags, int memId) {
        PortSpec spec = PortSpec.parse(text);

        assertThat(spec.portName()).isEqualTo(portName);
        assertThat(spec.mode()).isEqualTo(mode);
        assertThat(spec.ringId()).isEqualTo(ringId);
        assertThat(spec.flags()).isEqualTo(flags);
        assertThat(spec.flagBits()).isEqualTo(RegisterFlag.bitsOf(flags));
        assertThat(spec.memId()).isEqualTo(memId);
        assertThat(spec.isVale()).isEqualTo(text.startsWith("vale"));
        assertThat(spec.text()).isEqualTo(text);
        assertThat(spec).hasToString(text);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "netmap:x{1,       true,  x,       1",
        "netmap:x}1,       false, x,       1",
        "netmap:eth0.5}in, false, eth0.5,  in",
        "vale0:a{p_1/R,    true,  vale0:a, p_1",
        "vale:a}0@2,       false, vale:a,  0",
    })
    void shouldTakePipesApart(String text, boolean master, String parent, String id) {
        PortSpec spec = PortSpec.parse(text);

        assertThat(spec.isPipe()).isTrue();
        assertThat(spec.isPipeMaster()).isEqualTo(master);
        assertThat(spec.pipeParent()).isEqualTo(parent);
        assertThat(spec.pipeId()).isEqualTo(id);
    }

    @Test
    void shouldHaveNoPipePartsWithoutPipe() {
        PortSpec spec = PortSpec.parse("netmap:eth0");

        assertThat(spec.isPipe()).isFalse();
        assertThat(spec.isPipeMaster()).isFalse();
        assertThatThrownBy(spec::pipeParent).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(spec::pipeId).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void shouldTakeNamesUpTo63Characters() {
        String name = "a".repeat(63);

        assertThat(PortSpec.parse("netmap:" + name + "/x").portName()).isEqualTo(name);
        assertThat(PortSpec.parse("vale:" + "a".repeat(58)).portName()).hasSize(63);
    }

    static Stream<Arguments> options() {
        return Stream.of(
                arguments("@share=netmap:eth1", new Share("eth1")),
                arguments("@share=vale0:a", new Share("vale0:a")),
                arguments("@share:port=netmap:x{1", new Share("x{1")),
                arguments("@extmem=/dev/hugepages/a,b=c", extmem("/dev/hugepages/a,b=c")),
                arguments("@extmem:file=/tmp/m=1", extmem("/tmp/m=1")),
                arguments("@extmem:if-num=1,file=m", new Extmem("m", 1, 0, 0, 0, 0, 0)),
                arguments("@extmem:file=m,if-size=2", new Extmem("m", 0, 2, 0, 0, 0, 0)),
                arguments("@extmem:file=m,ring-num=3", new Extmem("m", 0, 0, 3, 0, 0, 0)),
                arguments("@extmem:file=m,ring-size=4", new Extmem("m", 0, 0, 0, 4, 0, 0)),
                arguments("@extmem:file=m,buf-num=5", new Extmem("m", 0, 0, 0, 0, 5, 0)),
                arguments("@extmem:file=m,buf_size=2147483647", new Extmem("m", 0, 0, 0, 0, 0, Integer.MAX_VALUE)),
                arguments("@conf:", Conf.DEFAULT),
                arguments("@conf:rings=4", new Conf(4, 4, 0, 0, 0, 0)),
                arguments("@conf:tx-rings=65535", new Conf(65535, 0, 0, 0, 0, 0)),
                arguments("@conf:rx-rings=4", new Conf(0, 4, 0, 0, 0, 0)),
                arguments("@conf:host-rings=4", new Conf(0, 0, 4, 4, 0, 0)),
                arguments("@conf:host-tx-rings=4", new Conf(0, 0, 4, 0, 0, 0)),
                arguments("@conf:host_rx_rings=4", new Conf(0, 0, 0, 4, 0, 0)),
                arguments("@conf:slots=4", new Conf(0, 0, 0, 0, 4, 4)),
                arguments("@conf:tx-slots=4", new Conf(0, 0, 0, 0, 4, 0)),
                arguments("@conf:rx-slots=4", new Conf(0, 0, 0, 0, 0, 4)),
                arguments("@conf:tx-rings=2,rings=4,slots=64", new Conf(2, 4, 0, 0, 64, 64)),
                arguments("@conf:rings=,rings=3,slots=", new Conf(3, 3, 0, 0, 0, 0)),
                arguments("@conf:rings=4,slots=64@conf:rx-rings=1@conf:slots=0", new Conf(4, 1, 0, 0, 0, 0)),
                arguments("@conf:tx-rings=2@conf:rings=3", new Conf(3, 3, 0, 0, 0, 0)),
                arguments("@offset=64", new Offset(64, 0)),
                arguments("@offset:initial=64", new Offset(64, 0)),
                arguments("@offset:bits=64,initial=128", new Offset(128, 64)));
    }

    private static Extmem extmem(String file) {
        return new Extmem(file, 0, 0, 0, 0, 0, 0);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @MethodSource("options")
    void shouldReadOption(String text, PortOption option) {
        assertThat(PortSpec.parse("netmap:eth0" + text).options()).containsExactly(option);
        assertThat(PortSpec.parse("vale1:b-2/R@3" + text).options()).containsExactly(option);
    }

    @Test
    void shouldReadSeveralOptions() {
        PortSpec spec = PortSpec.parse("netmap:eth0@5@offset=2@conf:rings=2@extmem=m@share=netmap:lo");

        assertThat(spec.memId()).isEqualTo(5);
        assertThat(spec.options())
                .containsExactlyInAnyOrder(new Share("lo"), extmem("m"), new Conf(2, 2, 0, 0, 0, 0), new Offset(2, 0));
        assertThat(spec.option(Share.class)).hasValue(new Share("lo"));
        assertThat(PortSpec.parse("netmap:eth0").option(Share.class)).isEmpty();
    }

    @Test
    void shouldOpenNullPortInGlobalMemoryUnlessToldOtherwise() {
        PortSpec spec = PortSpec.nullPort("n0");

        assertThat(spec.mode()).isEqualTo(NULL);
        assertThat(spec.portName()).isEqualTo("n0");
        assertThat(spec.memId()).isEqualTo(1);
        assertThat(spec.isVale()).isFalse();
        assertThat(spec).isEqualTo(PortSpec.parse("null:n0"));
        assertThat(PortSpec.nullPort("n0@4").memId()).isEqualTo(4);
        assertThat(PortSpec.nullPort("n0@share=netmap:lo").memId()).isZero();
        assertThat(PortSpec.nullPort("n0/T@conf:tx-rings=10,tx-slots=256").options())
                .containsExactly(new Conf(10, 0, 0, 0, 256, 0));
    }

    @Test
    void shouldEqualSpecsOfTheSameText() {
        assertThat(PortSpec.parse("netmap:eth0/x"))
                .isEqualTo(PortSpec.parse("netmap:eth0/x"))
                .hasSameHashCodeAs(PortSpec.parse("netmap:eth0/x"))
                .isNotEqualTo(PortSpec.parse("netmap:eth0/R"));
    }

    @Test
    void shouldNotLetCallersChangeIt() {
        PortSpec spec = PortSpec.parse("netmap:eth0/x@conf:rings=2");

        assertThatThrownBy(() -> spec.flags().add(RX_RINGS_ONLY)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> spec.options().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
