package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.InterfaceConfig;
import org.reactornetmap.test.Frames;
import reactor.test.StepVerifier;

/** What an admin asks for and is told. */
class NetmapAdminTest {
    private final EmbeddedNetmap netmap =
            EmbeddedNetmap.forTests(EmbeddedConfig.builder().buffers(8_192).build());
    private final NetmapAdmin admin = netmap.admin();

    @AfterEach
    void close() {
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private static void assertRefused(final Errno errno, final ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class,
                        e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
    }

    @Test
    void shouldMakeAndDeleteAPersistentPort() {
        final InterfaceOptions made = admin.newInterface(
                "v1", InterfaceOptions.defaults().withRings(2).withSlots(128));
        assertThat(made.txRings()).isEqualTo(2);
        assertThat(made.rxRings()).isEqualTo(2);
        assertThat(made.txSlots()).isEqualTo(128);
        assertThat(made.rxSlots()).isEqualTo(128);
        assertThat(made.memId()).isGreaterThan(1);
        assertThat(admin.portInfo("netmap:v1").txRings()).isEqualTo(2);
        assertRefused(Errno.EEXIST, () -> admin.newInterface("v1", InterfaceOptions.defaults()));
        admin.deleteInterface("v1");
        assertRefused(Errno.ENXIO, () -> admin.deleteInterface("v1"));
        assertRefused(Errno.ENXIO, () -> admin.portInfo("netmap:v1"));
    }

    @Test
    void shouldMakeAPersistentPortInTheGlobalMemory() {
        final InterfaceOptions made =
                admin.newInterface("v1", InterfaceOptions.defaults().withMemory(1));
        assertThat(made.memId()).isEqualTo(1);
        admin.deleteInterface("v1");
        assertRefused(
                Errno.EINVAL,
                () -> admin.newInterface("v2", InterfaceOptions.defaults().withMemory(77)));
    }

    @Test
    void shouldAttachListAndDetach() {
        admin.newInterface("v1", InterfaceOptions.defaults());
        admin.newInterface("v2", InterfaceOptions.defaults());
        assertThat(admin.ports()).isEmpty();
        assertThat(admin.attach("vale0:v1")).isZero();
        assertThat(admin.attach("vale0:v2")).isOne();
        admin.newInterface("v3", InterfaceOptions.defaults());
        admin.attach("vale7:v3");
        assertThat(admin.ports())
                .containsExactly(
                        new SwitchPort("vale0:v1", 0, 0),
                        new SwitchPort("vale0:v2", 0, 1),
                        new SwitchPort("vale7:v3", 1, 0));
        assertRefused(Errno.EBUSY, () -> admin.attach("vale0:v1"));
        assertRefused(Errno.EBUSY, () -> admin.deleteInterface("v1"));
        assertThat(admin.detach("vale0:v1")).isZero();
        assertRefused(Errno.ENXIO, () -> admin.detach("vale0:v1"));
        assertThat(admin.ports()).extracting(SwitchPort::name).containsExactly("vale0:v2", "vale7:v3");
        admin.detach("vale0:v2");
        admin.detach("vale7:v3");
        List.of("v1", "v2", "v3").forEach(admin::deleteInterface);
    }

    @Test
    void shouldForwardBetweenAttachedPorts() {
        admin.newInterface("v1", InterfaceOptions.defaults());
        admin.attach("vale0:v1");
        final NetmapPort attached = netmap.open("netmap:v1");
        final NetmapPort other = netmap.open("vale0:b");
        attached.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
        StepVerifier.create(other.packets().transform(Packets.toBytes()).take(1))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(admin.ports()).extracting(SwitchPort::name).containsExactly("vale0:v1", "vale0:b");
    }

    @Test
    void shouldTellOfPortsThatOpeningWouldMake() {
        final PortInfo info = admin.portInfo("vale0:a");
        assertThat(info.txRings()).isOne();
        assertThat(info.rxRings()).isOne();
        assertThat(info.txSlots()).isEqualTo(1_024);
        assertThat(info.memId()).isGreaterThan(1);
        assertThat(info.memBytes()).isPositive();
        assertThat(admin.ports()).isEmpty();
        assertThat(admin.portInfo("netmap:x{1@1").memId()).isOne();
        assertThat(admin.portInfo("netmap:x{1@1").memBytes()).isEqualTo(admin.memoryBytes(1));
    }

    @Test
    void shouldTellOfInterfacesWithTheirHostRings() {
        netmap.driver()
                .addInterface(
                        "eth0", InterfaceConfig.builder().rings(3, 2).slots(64).build());
        final PortInfo info = admin.portInfo("netmap:eth0");
        assertThat(info.txRings()).isEqualTo(3);
        assertThat(info.rxRings()).isEqualTo(2);
        assertThat(info.hostTxRings()).isOne();
        assertThat(info.hostRxRings()).isOne();
        assertThat(info.rxSlots()).isEqualTo(64);
        assertThat(info.memId()).isOne();
    }

    @Test
    void shouldTellThePoolsOfAPortsMemory() {
        final PoolsInfo pools = admin.pools("vale0:a@1");
        assertThat(pools.memId()).isOne();
        assertThat(pools.memBytes()).isEqualTo(admin.memoryBytes(1));
        assertThat(pools.interfaces().offset()).isZero();
        assertThat(pools.rings().offset())
                .isEqualTo(
                        (long) pools.interfaces().objects() * pools.interfaces().objectBytes());
        assertThat(pools.buffers().objects()).isGreaterThanOrEqualTo(8_192);
        assertThat(pools.buffers().objectBytes()).isEqualTo(2_048);
        assertRefused(Errno.EINVAL, () -> admin.memoryBytes(77));
        assertRefused(Errno.ENXIO, () -> admin.pools("netmap:eth9"));
    }

    @Test
    void shouldRefuseToPollWhatIsNoNic() {
        admin.newInterface("v1", InterfaceOptions.defaults());
        admin.attach("vale0:v1");
        assertRefused(Errno.EOPNOTSUPP, () -> admin.enablePolling("vale0:v1", 0));
        assertRefused(Errno.EOPNOTSUPP, () -> admin.enablePolling("vale0:v1", 0, 1));
        assertRefused(Errno.EOPNOTSUPP, () -> admin.disablePolling("vale0:v1"));
        assertRefused(Errno.ENXIO, () -> admin.disablePolling("vale0:none"));
        assertRefused(Errno.EINVAL, () -> admin.disablePolling("v1"));
    }

    @Test
    void shouldCheckOptions() {
        assertThatThrownBy(() -> InterfaceOptions.defaults().withRings(65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("txRings is 65536");
        assertThatThrownBy(() -> InterfaceOptions.defaults().withMemory(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memId is -1");
    }
}
