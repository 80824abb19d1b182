package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RequestType;

/** What REGISTER refuses, and what descriptors share. */
abstract class RegisterConformance extends ConformanceTest {
    private static final int ALL_NIC = 1;

    private static ControlRequest register(final String name, final int mode) {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, name);
        request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, mode);
        return request;
    }

    @Test
    @Pins("1.13a")
    @Needs(Feature.CONTROL)
    void shouldRegisterADescriptorOnce() {
        final DriverDescriptor descriptor = closing(driver().newDescriptor());
        descriptor.control(register("p{1", ALL_NIC));
        assertFails(Errno.EBUSY, () -> descriptor.control(register("p{1", ALL_NIC)));
    }

    @Test
    @Pins("1.8b")
    @Needs(Feature.CONTROL)
    void shouldAcceptAFlagThatTheKernelDoesNotRead() {
        final ControlRequest request = register("p{1", ALL_NIC);
        request.body().putLong(NmreqRegisterDescriptor.FLAGS_OFFSET, RegisterFlag.DO_RX_POLL.bits());
        final DriverDescriptor descriptor = closing(driver().newDescriptor());
        descriptor.control(request);
        descriptor.rxSync();
    }

    @ParameterizedTest
    @ValueSource(strings = {"p{", "{1", "p}", "}1"})
    @Pins("1.9.1c")
    @Needs(Feature.CONTROL)
    void shouldRefuseAPipeWithoutParentOrId(final String name) {
        assertFails(Errno.EINVAL, () -> control(register(name, ALL_NIC)));
    }

    @Test
    @Pins("1.13b")
    @Needs({Feature.CONTROL, Feature.VALE, Feature.INTERFACES})
    void shouldRefuseAnInterfaceThatASwitchHas() {
        final String name = target().cabledInterfaces().get(0).name();
        attach("vale0:" + name);
        assertOpenFails(Errno.EBUSY, "netmap:" + name);
    }

    @Test
    @Pins("1.13c")
    void shouldRefuseAMemoryThatDoesNotExist() {
        assertOpenFails(Errno.EINVAL, "netmap:p{1@999");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 6, 9, -1})
    @Pins("1.13d")
    @Needs(Feature.CONTROL)
    void shouldRefuseAnUnknownMode(final int mode) {
        assertFails(Errno.EINVAL, () -> control(register("p{1", mode)));
    }

    @Test
    @Pins("1.13e")
    void shouldRefuseARingThatNeitherDirectionHas() {
        open("netmap:p{1@conf:tx-rings=2,rx-rings=1");
        assertOpenFails(Errno.EINVAL, "netmap:p{1-2");
    }

    @Test
    @Pins("1.13f")
    void shouldFallBackToRing0WhereADirectionLacksTheRing() {
        open("netmap:p{1@conf:tx-rings=2,rx-rings=1");
        final RawPort second = open("netmap:p{1-1");
        assertThat(second.tx().ringId()).isEqualTo(1);
        assertThat(second.rx().ringId()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vale0:a^", "vale0:a*", "vale0:a^0"})
    @Pins("1.13g")
    @Needs(Feature.VALE)
    void shouldRefuseHostRingsWhereThereAreNone(final String spec) {
        assertOpenFails(Errno.EINVAL, spec);
    }

    @Test
    @Pins("1.13h")
    void shouldNotFindAnInterfaceThatDoesNotExist() {
        assertOpenFails(Errno.ENXIO, "netmap:nosuchif");
    }

    @Test
    @Pins("1.13i")
    void shouldRefuseWhatThePoolsCannotHold() {
        final OpenRequest huge = new OpenRequest(PortSpec.nullPort("n@1"), -1, 256, 256, 4_096, 4_096, 0);
        assertThat(catchThrowableOfType(NetmapMemoryException.class, () -> open(huge))
                        .errno())
                .isEqualTo(Errno.ENOMEM);
        open("null:n@1@conf:slots=16");
    }

    @Test
    @Pins("1.13j")
    @Needs(Feature.CONTROL)
    void shouldRefuseAnUnknownOptionAndSayWhich() {
        final ControlOption unknown = ControlOption.of(1_234, NmreqOptionDescriptor.LENGTH);
        assertFails(Errno.EOPNOTSUPP, () -> control(register("p{1", ALL_NIC).option(unknown)));
        assertThat(unknown.status()).isEqualTo(Errno.EOPNOTSUPP.number());
    }

    @Test
    @Pins("1.13k")
    @Needs(Feature.CONTROL)
    void shouldNotSyncBeforeARegister() {
        final DriverDescriptor descriptor = closing(driver().newDescriptor());
        assertFails(Errno.ENXIO, descriptor::txSync);
        assertFails(Errno.ENXIO, descriptor::rxSync);
        assertThat(descriptor.port()).isNull();
    }

    @Test
    @Pins("1.13l")
    @Needs(Feature.INTERFACES)
    void shouldFailSyncsOfAnInterfaceThatIsGone() {
        final ConformanceTarget.Interface gone = target().cabledInterfaces().get(0);
        final RawPort port = open("netmap:" + gone.name());
        gone.remove();
        assertFails(Errno.EIO, port.port::txSync);
        assertFails(Errno.EIO, port.port::rxSync);
        assertOpenFails(Errno.ENXIO, "netmap:" + gone.name());
    }

    @Test
    @Timeout(120)
    @Pins("1.7k")
    @Needs(Feature.INTERFACES)
    void shouldWakeASleeperWhoseInterfaceVanishes() throws InterruptedException {
        final ConformanceTarget.Interface gone = target().cabledInterfaces().get(0);
        assertWakes(open("netmap:" + gone.name()), gone::remove);
    }

    @Test
    @Pins("1.13m")
    void shouldKeepRingsForOneOwnerWhoAsksForThat() {
        open("netmap:p{1-0@conf:rings=2");
        assertOpenFails(Errno.EBUSY, "netmap:p{1/x");
        open("netmap:p{1-1/x");
        assertOpenFails(Errno.EBUSY, "netmap:p{1");
        open("netmap:p{1-0");
    }

    @Test
    @Pins("1.13n")
    void shouldShareRingsBetweenDescriptorsOfOnePort() {
        final RawPort first = open("netmap:p{1");
        final RawPort second = open("netmap:p{1");
        first.send(Traffic.frame(60, 'a'));
        assertThat(second.tx().head()).isEqualTo(1);
    }

    @Test
    @Pins("1.13o")
    void shouldBindOneDirectionOnly() {
        final RawPort tx = open("netmap:p{1/T");
        assertThat(tx.port.netmapIf().txRings()).hasSize(1);
        assertThat(tx.port.netmapIf().rxRings()).isEmpty();
        final RawPort rx = open("netmap:p}1/R");
        assertThat(rx.port.netmapIf().txRings()).isEmpty();
        tx.send(Traffic.frame(60, 'a'));
        assertThat(rx.receive()).hasSize(1);
    }

    @Test
    @Pins("1.13p")
    void shouldOpenNullPortsWhoseRingsMoveNothing() {
        final RawPort port = open("null:n@1@conf:rings=2,slots=32");
        assertThat(port.port.netmapIf().txRings()).hasSize(2);
        final int space = RawPort.space(port.tx());
        port.send(Traffic.frame(60, 'a'));
        assertThat(RawPort.space(port.tx())).isLessThanOrEqualTo(space);
        assertThat(port.receive()).isEmpty();
    }
}
