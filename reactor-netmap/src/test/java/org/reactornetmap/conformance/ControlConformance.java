package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NmreqOptCsbDescriptor;
import org.reactornetmap.driver.NmreqOptExtmemDescriptor;
import org.reactornetmap.driver.NmreqOptOffsetsDescriptor;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqPortHdrDescriptor;
import org.reactornetmap.driver.NmreqPortInfoGetDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.NmreqSyncKloopStartDescriptor;
import org.reactornetmap.driver.NmreqValeAttachDescriptor;
import org.reactornetmap.driver.NmreqValeDetachDescriptor;
import org.reactornetmap.driver.NmreqValeNewifDescriptor;
import org.reactornetmap.driver.NmreqValePollingDescriptor;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/** Control requests byte for byte: netmap.c's netmap_ioctl, and what netmap's own utils/ctrl-api-test.c tries. */
@Needs(Feature.CONTROL)
abstract class ControlConformance extends ConformanceTest {
    private static final int UNKNOWN_OPTION = 1_234;
    private static final int EOPNOTSUPP = Errno.EOPNOTSUPP.number();
    private static final int EINVAL = Errno.EINVAL.number();

    private String nic() {
        return target().cabledInterfaces().get(0).name();
    }

    private static ControlRequest register(final String name, final RegisterMode mode) {
        return register(name, mode.code());
    }

    private static ControlRequest register(final String name, final int mode) {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, name);
        request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, mode);
        return request;
    }

    /** REGISTER by a descriptor that stays open, and what port_register of netmap's test asks of the answer. */
    private DriverDescriptor registers(final ControlRequest request) {
        final ByteBuffer asked = ByteBuffer.allocate(NmreqRegisterDescriptor.LENGTH)
                .order(request.body().order())
                .put(0, request.body(), 0, NmreqRegisterDescriptor.LENGTH);
        final DriverDescriptor descriptor = closing(driver().newDescriptor());
        descriptor.control(request);
        final ByteBuffer got = request.body();
        assertThat(got.getLong(NmreqRegisterDescriptor.MEMSIZE_OFFSET)).isPositive();
        for (final int offset : new int[] {
            NmreqRegisterDescriptor.MODE_OFFSET,
            NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET,
            NmreqRegisterDescriptor.FLAGS_OFFSET
        }) {
            assertThat(got.getInt(offset)).as("u32 at %d", offset).isEqualTo(asked.getInt(offset));
        }
        assertThat(got.getShort(NmreqRegisterDescriptor.RINGID_OFFSET))
                .isEqualTo(asked.getShort(NmreqRegisterDescriptor.RINGID_OFFSET));
        for (final int offset : new int[] {
            NmreqRegisterDescriptor.TX_RINGS_OFFSET,
            NmreqRegisterDescriptor.RX_RINGS_OFFSET,
            NmreqRegisterDescriptor.HOST_TX_RINGS_OFFSET,
            NmreqRegisterDescriptor.HOST_RX_RINGS_OFFSET,
            NmreqRegisterDescriptor.MEM_ID_OFFSET
        }) {
            if (asked.getShort(offset) != 0) {
                assertThat(got.getShort(offset)).as("u16 at %d", offset).isEqualTo(asked.getShort(offset));
            }
        }
        assertThat(descriptor.port()).isNotNull();
        assertThat(descriptor.port().region().sizeBytes())
                .isLessThanOrEqualTo(got.getLong(NmreqRegisterDescriptor.MEMSIZE_OFFSET));
        return descriptor;
    }

    private void assertRefused(final Errno errno, final ControlRequest request) {
        assertFails(errno, () -> control(request));
    }

    private ControlRequest attach(final String port, final RegisterMode mode) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_ATTACH, port);
        request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, mode.code());
        return request;
    }

    // The header.

    @Test
    @Pins("ctrl.version")
    void shouldRefuseOtherVersions() {
        for (final int version : new int[] {0, 13, 16, 65_535}) {
            assertRefused(
                    Errno.EINVAL,
                    ControlRequest.of(RequestType.PORT_INFO_GET, "").version(version));
        }
        control(ControlRequest.of(RequestType.PORT_INFO_GET, "").version(14));
        control(ControlRequest.of(RequestType.PORT_INFO_GET, "").version(15));
    }

    @Test
    @Pins("ctrl.header")
    void shouldRefuseAReservedWordThatIsNotZero() {
        assertRefused(
                Errno.EINVAL, ControlRequest.of(RequestType.PORT_INFO_GET, "").reserved(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 1_000, 65_535})
    @Pins("ctrl.header")
    void shouldRefuseUnknownTypes(final int type) {
        assertRefused(Errno.EINVAL, ControlRequest.ofType(type));
        assertRefused(Errno.EINVAL, ControlRequest.ofType(type).body(new byte[8]));
    }

    @ParameterizedTest
    @EnumSource(RequestType.class)
    @Pins("ctrl.header")
    void shouldRefuseABodyWhereNoneBelongsAndNoneWhereOneDoes(final RequestType type) {
        if (type.bodyBytes() == 0) {
            assertRefused(Errno.EINVAL, ControlRequest.of(type, "x").body(new byte[8]));
        } else {
            assertRefused(Errno.EINVAL, ControlRequest.of(type, "x").body(null));
            assertRefused(Errno.EFAULT, ControlRequest.of(type, "x").body(new byte[type.bodyBytes() - 1]));
        }
    }

    @Test
    @Pins("ctrl.header")
    void shouldReadANameThatDoesNotEnd() {
        final byte[] endless = new byte[64];
        Arrays.fill(endless, (byte) 'n');
        assertRefused(
                Errno.ENXIO, ControlRequest.of(RequestType.PORT_INFO_GET, "").nameBytes(endless));
    }

    @Test
    @Pins("ctrl.writeback")
    void shouldLeaveTheBodyOfARequestThatFailsAlone() {
        final ControlRequest request = register("no_such_if", RegisterMode.ALL_NIC);
        request.body().putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, 77);
        final byte[] before = request.body().array().clone();
        assertRefused(Errno.ENXIO, request);
        assertThat(request.body().array()).isEqualTo(before);
    }

    // PORT_INFO_GET.

    @Test
    @Needs(Feature.INTERFACES)
    @Pins("ctrl.port_info_get")
    void shouldTellTheSizeOfAnInterface() {
        final ByteBuffer info = control(RequestType.PORT_INFO_GET, nic()).body();
        assertThat(info.getLong(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET)).isPositive();
        assertThat(info.getInt(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET)).isPositive();
        assertThat(info.getInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET)).isPositive();
        assertThat(info.getShort(NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET)).isOne();
        assertThat(info.getShort(NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET)).isOne();
        assertThat(info.getShort(NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET))
                .isOne();
        assertThat(info.getShort(NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET))
                .isOne();
        assertThat(info.getShort(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET)).isPositive();
    }

    @Test
    @Pins("ctrl.port_info_get")
    void shouldTellTheSizeOfAMemoryWithoutAPort() {
        final ByteBuffer global = control(RequestType.PORT_INFO_GET, "").body();
        assertThat(global.getLong(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET)).isPositive();
        assertThat(global.getShort(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET)).isOne();
        assertThat(global.getInt(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET)).isZero();
        final ControlRequest unknown = ControlRequest.of(RequestType.PORT_INFO_GET, "");
        unknown.body().putShort(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET, (short) 65_535);
        assertRefused(Errno.EINVAL, unknown);
    }

    // REGISTER.

    @ParameterizedTest(name = "{displayName} {0}, ring {1}, host rings {2} and {3}")
    @CsvSource({"NIC_SW,0,0,0", "ALL_NIC,0,0,0", "SW,0,0,0", "ONE_NIC,0,0,0", "ONE_SW,1,2,2", "SW,0,5,4"})
    @Needs(Feature.INTERFACES)
    @Pins({
        "ctrl.port_register_hwall_host",
        "ctrl.port_register_hwall",
        "ctrl.port_register_hostall",
        "ctrl.port_register_single_hw_pair",
        "ctrl.port_register_single_host_pair",
        "ctrl.port_register_hostall_many"
    })
    void shouldRegisterInEveryMode(final RegisterMode mode, final int ring, final int hostTx, final int hostRx) {
        final ControlRequest request = register(nic(), mode);
        request.body().putShort(NmreqRegisterDescriptor.RINGID_OFFSET, (short) ring);
        request.body().putShort(NmreqRegisterDescriptor.HOST_TX_RINGS_OFFSET, (short) hostTx);
        request.body().putShort(NmreqRegisterDescriptor.HOST_RX_RINGS_OFFSET, (short) hostRx);
        final DriverDescriptor descriptor = registers(request);
        final boolean nicRings = mode != RegisterMode.SW && mode != RegisterMode.ONE_SW;
        final int hostRings =
                switch (mode) {
                    case SW, NIC_SW -> Math.max(1, hostTx);
                    case ONE_SW -> 1;
                    default -> 0;
                };
        assertThat(descriptor.port().netmapIf().txRings()).hasSize((nicRings ? 1 : 0) + hostRings);
    }

    @Test
    @Pins({"ctrl.register", "1.13a", "1.13k"})
    void shouldTakeOtherRequestsBeforeAndAfterARegister() {
        final DriverDescriptor descriptor = closing(driver().newDescriptor());
        descriptor.control(ControlRequest.of(RequestType.PORT_INFO_GET, ""));
        assertFails(Errno.ENXIO, descriptor::txSync);
        assertFails(Errno.ENXIO, descriptor::rxSync);
        assertThat(descriptor.port()).isNull();
        assertFails(Errno.ENXIO, () -> descriptor.control(register("no_such_if", RegisterMode.ALL_NIC)));
        descriptor.control(register("p{1", RegisterMode.ALL_NIC));
        descriptor.txSync();
        descriptor.rxSync();
        assertFails(Errno.EBUSY, () -> descriptor.control(register("p{1", RegisterMode.ALL_NIC)));
        descriptor.control(ControlRequest.of(RequestType.PORT_INFO_GET, "p{1"));
        descriptor.close();
        assertFails(Errno.EBADF, descriptor::txSync);
        assertFails(Errno.EBADF, () -> descriptor.control(ControlRequest.of(RequestType.PORT_INFO_GET, "")));
    }

    @Test
    @Needs(Feature.VALE)
    @Pins({"ctrl.register", "1.10.2c"})
    void shouldWriteBackWhatThePortGot() {
        final ControlRequest request = register("vale0:a", RegisterMode.ALL_NIC);
        request.body().putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, 100_000);
        request.body().putInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET, 64);
        request.body().putShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET, (short) 40);
        final DriverDescriptor descriptor = closing(driver().newDescriptor());
        descriptor.control(request);
        assertThat(request.body().getInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET))
                .isEqualTo(4_096);
        assertThat(request.body().getInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET))
                .isEqualTo(64);
        assertThat(request.body().getShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET))
                .isEqualTo((short) 16);
        assertThat(request.body().getShort(NmreqRegisterDescriptor.RX_RINGS_OFFSET))
                .isOne();
        assertThat(request.body().getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET))
                .isEqualTo((short) descriptor.port().region().memId());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 6, 9, -1})
    @Needs({Feature.VALE, Feature.INTERFACES})
    @Pins({"ctrl.register", "1.13d"})
    void shouldRefuseUnknownModesOfEveryKindOfPort(final int mode) {
        for (final String name : new String[] {nic(), "p{1", "vale0:a"}) {
            assertRefused(Errno.EINVAL, register(name, mode));
        }
        assertRefused(mode == 5 || mode == 6 ? Errno.EINVAL : Errno.ENXIO, register("no_such_if", mode));
        assertFails(Errno.ENOENT, () -> control(RequestType.VALE_LIST, ""));
    }

    // Pools.

    private static void assertPools(final ByteBuffer pools) {
        assertThat(pools.getLong(NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET)).isPositive();
        for (final int offset : new int[] {
            NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET,
            NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET,
            NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET,
            NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET,
            NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET,
            NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET
        }) {
            assertThat(pools.getInt(offset)).as("u32 at %d", offset).isPositive();
        }
    }

    @Test
    @Needs(Feature.INTERFACES)
    @Pins("ctrl.pools_info_get_and_register")
    void shouldTellThePoolsBeforeAndAfterARegister() {
        final String nic = nic();
        assertPools(control(RequestType.POOLS_INFO_GET, nic).body());
        registers(register(nic, RegisterMode.ONE_NIC));
        final ControlRequest again = ControlRequest.of(RequestType.POOLS_INFO_GET, nic);
        again.body().putShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET, (short) 1);
        assertPools(control(again).body());
    }

    @Test
    @Pins("ctrl.pools_info_get_empty_ifname")
    void shouldNotTellThePoolsOfNoPort() {
        assertRefused(Errno.ENXIO, ControlRequest.of(RequestType.POOLS_INFO_GET, ""));
    }

    // Pipes.

    @Test
    @Needs(Feature.INTERFACES)
    @Pins({"ctrl.pipe_master", "ctrl.pipe_slave"})
    void shouldRegisterBothEndsOfAnInterfacesPipe() {
        final String nic = nic();
        assertRefused(Errno.EINVAL, register(nic + "{pipeid1", RegisterMode.NIC_SW));
        registers(register(nic + "{pipeid1", RegisterMode.ALL_NIC));
        registers(register(nic + "}pipeid2", RegisterMode.ALL_NIC));
    }

    @Test
    @Needs(Feature.INTERFACES)
    @Pins({"ctrl.pipe_port_info_get", "ctrl.pipe_pools_info_get"})
    void shouldTellOfAPipeThatNobodyOpened() {
        final String nic = nic();
        final ByteBuffer info =
                control(RequestType.PORT_INFO_GET, nic + "}pipeid3").body();
        assertThat(info.getLong(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET)).isPositive();
        assertThat(info.getInt(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET)).isPositive();
        assertThat(info.getShort(NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET)).isPositive();
        assertPools(control(RequestType.POOLS_INFO_GET, nic + "{xid").body());
    }

    // Switches.

    @ParameterizedTest
    @EnumSource(
            value = RegisterMode.class,
            names = {"ALL_NIC", "NIC_SW"})
    @Needs({Feature.INTERFACES, Feature.VALE})
    @Pins({"ctrl.vale_attach_detach", "ctrl.vale_attach_detach_host_rings"})
    void shouldAttachAndDetachAnInterface(final RegisterMode mode) {
        final String port = "valex0:" + nic();
        final int place = control(attach(port, mode)).body().getInt(NmreqValeAttachDescriptor.PORT_INDEX_OFFSET);
        assertRefused(Errno.EBUSY, attach(port, mode));
        assertThat(control(RequestType.VALE_DETACH, port).body().getInt(NmreqValeDetachDescriptor.PORT_INDEX_OFFSET))
                .isEqualTo(place);
        assertRefused(Errno.ENXIO, ControlRequest.of(RequestType.VALE_DETACH, port));
        assertFails(Errno.ENOENT, () -> control(RequestType.VALE_LIST, ""));
    }

    @ParameterizedTest
    @EnumSource(
            value = RegisterMode.class,
            names = {"SW", "ONE_NIC", "ONE_SW", "NULL"})
    @Needs({Feature.INTERFACES, Feature.VALE})
    @Pins("ctrl.vale_attach_errors")
    void shouldAttachAllRingsOfAnInterfaceOnly(final RegisterMode mode) {
        final String nic = nic();
        assertRefused(Errno.EINVAL, attach("vale0:" + nic, mode));
        final ControlRequest ring = attach("vale0:" + nic, RegisterMode.ALL_NIC);
        ring.body().putShort(NmreqRegisterDescriptor.RINGID_OFFSET, (short) 1);
        assertRefused(Errno.EINVAL, ring);
        for (final int unknown : new int[] {0, 5, 9, -1}) {
            final ControlRequest request = attach("vale0:" + nic, mode);
            request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, unknown);
            assertRefused(Errno.EINVAL, request);
        }
        assertFails(Errno.ENOENT, () -> control(RequestType.VALE_LIST, ""));
        open("netmap:" + nic);
    }

    @Test
    @Needs({Feature.INTERFACES, Feature.VALE})
    @Pins("ctrl.vale_attach_errors")
    void shouldRefuseToAttachWhatCannotBe() {
        final String nic = nic();
        assertRefused(Errno.EINVAL, attach(nic, RegisterMode.ALL_NIC));
        assertRefused(Errno.EINVAL, attach("vale0:no_such_if", RegisterMode.ALL_NIC));
        final ControlRequest unknownMemory = attach("vale0:" + nic, RegisterMode.ALL_NIC);
        unknownMemory.body().putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) 65_535);
        assertRefused(Errno.EINVAL, unknownMemory);
        open("netmap:" + nic);
        assertRefused(Errno.EBUSY, attach("vale0:" + nic, RegisterMode.ALL_NIC));
        assertRefused(Errno.EINVAL, ControlRequest.of(RequestType.VALE_DETACH, nic));
        assertRefused(Errno.EINVAL, ControlRequest.of(RequestType.VALE_LIST, nic));
    }

    @Test
    @Needs(Feature.VALE)
    @Pins("ctrl.vale_persistent_port")
    void shouldMakeAttachDetachAndDeleteAPersistentPort() {
        final ControlRequest made = control(RequestType.VALE_NEWIF, "per4");
        assertThat(made.body().getInt(NmreqValeNewifDescriptor.TX_SLOTS_OFFSET)).isEqualTo(1_024);
        assertThat(made.body().getShort(NmreqValeNewifDescriptor.RX_RINGS_OFFSET))
                .isOne();
        assertThat(made.body().getShort(NmreqValeNewifDescriptor.MEM_ID_OFFSET)).isGreaterThan((short) 1);
        control(attach("valex0:per4", RegisterMode.ALL_NIC));
        control(RequestType.VALE_DETACH, "valex0:per4");
        control(RequestType.VALE_DELIF, "per4");
        assertRefused(Errno.ENXIO, ControlRequest.of(RequestType.VALE_DELIF, "per4"));
    }

    private static ControlRequest header(final RequestType type, final String port, final int length) {
        final ControlRequest request = ControlRequest.of(type, port);
        request.body().putInt(NmreqPortHdrDescriptor.HDR_LEN_OFFSET, length);
        return request;
    }

    @Test
    @Needs(Feature.VALE)
    @Pins("ctrl.vale_port_hdr")
    void shouldHaveNoVirtioNetHeaderUnlessItIsAskedFor() {
        registers(register("vale:eph0", RegisterMode.ALL_NIC));
        control(header(RequestType.PORT_HDR_SET, "vale:eph0", 0));
        assertThat(control(header(RequestType.PORT_HDR_GET, "vale:eph0", 99))
                        .body()
                        .getInt(NmreqPortHdrDescriptor.HDR_LEN_OFFSET))
                .isZero();
        for (final int length : new int[] {1, 9, 11, 13, -1}) {
            assertRefused(Errno.EINVAL, header(RequestType.PORT_HDR_SET, "vale:eph0", length));
        }
        assertRefused(Errno.ENXIO, header(RequestType.PORT_HDR_SET, "vale:other", 0));
        assertRefused(Errno.ENXIO, header(RequestType.PORT_HDR_SET, "p{1", 0));
        assertRefused(Errno.ENXIO, header(RequestType.PORT_HDR_GET, "vale:other", 0));
        assertRefused(Errno.ENXIO, header(RequestType.PORT_HDR_GET, "no_such_if", 0));
    }

    // Polling.

    private static ControlRequest poll(final String port, final int mode, final int first, final int cpus) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_POLLING_ENABLE, port);
        request.body().putInt(NmreqValePollingDescriptor.MODE_OFFSET, mode);
        request.body().putInt(NmreqValePollingDescriptor.FIRST_CPU_ID_OFFSET, first);
        request.body().putInt(NmreqValePollingDescriptor.NUM_POLLING_CPUS_OFFSET, cpus);
        return request;
    }

    @Test
    @Needs({Feature.INTERFACES, Feature.VALE})
    @Pins("ctrl.vale_polling_enable_disable")
    void shouldPollAnInterfaceInASwitch() {
        Assumptions.assumeTrue(
                Runtime.getRuntime().availableProcessors() > 1, "netmap leaves one CPU free, and there is one only");
        final String port = "valex0:" + nic();
        control(attach(port, RegisterMode.ALL_NIC));
        assertRefused(Errno.EFAULT, ControlRequest.of(RequestType.VALE_POLLING_DISABLE, port));
        control(poll(port, NmreqValePollingDescriptor.SINGLE_CPU, 0, 1));
        assertRefused(Errno.EFAULT, poll(port, NmreqValePollingDescriptor.SINGLE_CPU, 0, 1));
        assertRefused(Errno.EBUSY, ControlRequest.of(RequestType.VALE_DETACH, port));
        control(RequestType.VALE_POLLING_DISABLE, port);
        control(poll(port, NmreqValePollingDescriptor.MULTI_CPU, 0, 1));
        control(RequestType.VALE_POLLING_DISABLE, port);
        control(RequestType.VALE_DETACH, port);
    }

    @Test
    @Needs({Feature.INTERFACES, Feature.VALE})
    @Pins("ctrl.vale_polling_errors")
    void shouldRefuseToPollWhatCannotBe() {
        final String port = "valex0:" + nic();
        control(attach(port, RegisterMode.ALL_NIC));
        assertRefused(Errno.EINVAL, poll(port, NmreqValePollingDescriptor.SINGLE_CPU, 0, 0));
        assertRefused(Errno.EINVAL, poll(port, NmreqValePollingDescriptor.SINGLE_CPU, 0, 2));
        assertRefused(Errno.EINVAL, poll(port, NmreqValePollingDescriptor.SINGLE_CPU, 0, 65_536));
        assertRefused(Errno.EINVAL, poll(port, NmreqValePollingDescriptor.MULTI_CPU, 1, 1));
        assertRefused(Errno.EINVAL, poll(port, 3, 0, 1));
        control(RequestType.VALE_DETACH, port);
        assertRefused(Errno.ENXIO, poll(port, NmreqValePollingDescriptor.SINGLE_CPU, 0, 1));
        open("vale0:a");
        assertRefused(Errno.EOPNOTSUPP, poll("vale0:a", NmreqValePollingDescriptor.SINGLE_CPU, 0, 1));
        assertRefused(Errno.EINVAL, poll("p{1", NmreqValePollingDescriptor.SINGLE_CPU, 0, 1));
    }

    // Options.

    private static ControlOption offsets() {
        return ControlOption.of(NmreqOptionDescriptor.OFFSETS, NmreqOptOffsetsDescriptor.LENGTH);
    }

    private static ControlOption option(final int type) {
        return ControlOption.of(type, NmreqOptionDescriptor.LENGTH);
    }

    @Test
    @Pins({"ctrl.unsupported_option", "1.13j"})
    void shouldRefuseAnOptionThatItDoesNotKnow() {
        final ControlOption option = option(UNKNOWN_OPTION);
        assertRefused(Errno.EOPNOTSUPP, register("p{1", RegisterMode.ALL_NIC).option(option));
        assertThat(option.status()).isEqualTo(EOPNOTSUPP);
        assertThat(option.type()).isEqualTo(UNKNOWN_OPTION);
    }

    @Test
    @Pins("ctrl.infinite_options")
    void shouldNotFollowAnEndlessChainForEver() {
        final ControlRequest request = register("p{1", RegisterMode.ALL_NIC)
                .option(option(NmreqOptionDescriptor.MAX + 1))
                .loopTo(0);
        assertRefused(Errno.EMSGSIZE, request);
    }

    @Test
    @Pins("ctrl.infinite_options2")
    void shouldFindAnOptionThatIsChainedToItselfTwice() {
        final ControlRequest request =
                register("p{1", RegisterMode.ALL_NIC).option(offsets()).loopTo(0);
        assertRefused(Errno.EINVAL, request);
    }

    @Test
    @Pins("ctrl.invalid_valid_options3")
    void shouldRefuseOptionsThatFillTheBuffer() {
        final ControlRequest request = register("p{1", RegisterMode.ALL_NIC);
        IntStream.range(0, 99).forEach(i -> request.option(option(NmreqOptionDescriptor.MAX)));
        request.option(ControlOption.of(NmreqOptionDescriptor.SYNC_KLOOP_EVENTFDS, 1_000)
                .size(1_000));
        assertRefused(Errno.EMSGSIZE, request);
    }

    @ParameterizedTest
    @ValueSource(longs = {4_097, 1L << 32, -1, Long.MIN_VALUE})
    @Pins("ctrl.option_size")
    void shouldRefuseOptionsThatSayTheyAreTooLong(final long size) {
        assertRefused(
                Errno.EMSGSIZE,
                register("p{1", RegisterMode.ALL_NIC)
                        .option(option(NmreqOptionDescriptor.SYNC_KLOOP_EVENTFDS)
                                .size(size)));
        assertRefused(
                Errno.EMSGSIZE,
                register("p{1", RegisterMode.ALL_NIC).option(offsets().size(size)));
        // netmap does not look at the size of an option that it does not know.
        assertRefused(
                Errno.EOPNOTSUPP,
                register("p{1", RegisterMode.ALL_NIC)
                        .option(option(UNKNOWN_OPTION).size(size)));
    }

    @Test
    @Pins("ctrl.option_size")
    void shouldRefuseOptionsThatAreTooShort() {
        assertRefused(
                Errno.EFAULT, register("p{1", RegisterMode.ALL_NIC).option(option(NmreqOptionDescriptor.OFFSETS)));
        assertRefused(
                Errno.EFAULT,
                register("p{1", RegisterMode.ALL_NIC)
                        .option(option(NmreqOptionDescriptor.SYNC_KLOOP_EVENTFDS)
                                .size(4_000)));
    }

    @Test
    @Pins("ctrl.duplicate_options")
    void shouldRefuseAnOptionThatIsThereTwice() {
        final ControlOption first = ControlOption.of(NmreqOptionDescriptor.EXTMEM, NmreqOptExtmemDescriptor.LENGTH);
        final ControlOption other = option(UNKNOWN_OPTION);
        final ControlOption second = ControlOption.of(NmreqOptionDescriptor.EXTMEM, NmreqOptExtmemDescriptor.LENGTH);
        assertRefused(
                Errno.EINVAL,
                register("p{1", RegisterMode.ALL_NIC)
                        .option(first)
                        .option(other)
                        .option(second));
        assertThat(first.status()).isEqualTo(EINVAL);
        assertThat(second.status()).isEqualTo(EINVAL);
        assertThat(other.status()).isZero();
    }

    @Test
    @Pins("ctrl.option_type_0")
    void shouldRefuseAnOptionOfType0() {
        final ControlOption option = option(0);
        assertRefused(Errno.EINVAL, register("p{1", RegisterMode.ALL_NIC).option(option));
        assertThat(option.status()).isEqualTo(EINVAL);
    }

    @Test
    @Pins("ctrl.option_elsewhere")
    void shouldNotCareForOptionsOfARequestThatTakesNone() {
        final ControlOption offsets = offsets();
        final ControlOption unknown = option(UNKNOWN_OPTION);
        control(ControlRequest.of(RequestType.PORT_INFO_GET, "").option(offsets).option(unknown));
        assertThat(offsets.status()).isEqualTo(EOPNOTSUPP);
        assertThat(unknown.status()).isEqualTo(EOPNOTSUPP);
        control(ControlRequest.of(RequestType.PORT_INFO_GET, "").option(offsets));
        assertRefused(
                Errno.EOPNOTSUPP,
                register("p{1", RegisterMode.ALL_NIC).option(option(NmreqOptionDescriptor.SYNC_KLOOP_EVENTFDS)));
    }

    @Test
    @Needs(Feature.OFFSETS)
    @Pins("ctrl.option_status")
    void shouldSayWhichOptionsItHonoured() {
        final ControlOption offsets = offsets();
        offsets.struct().putLong(NmreqOptOffsetsDescriptor.MAX_OFFSET_OFFSET, 64);
        offsets.struct().putLong(NmreqOptOffsetsDescriptor.INITIAL_OFFSET_OFFSET, 64);
        final ControlOption unknown = option(UNKNOWN_OPTION);
        assertRefused(
                Errno.EOPNOTSUPP,
                register("p{1", RegisterMode.ALL_NIC).option(offsets).option(unknown));
        assertThat(offsets.status()).isZero();
        assertThat(unknown.status()).isEqualTo(EOPNOTSUPP);

        assertRefused(Errno.ENXIO, register("no_such_if", RegisterMode.ALL_NIC).option(offsets));
        assertThat(offsets.status()).isEqualTo(EOPNOTSUPP);

        registers(register("p{1", RegisterMode.ALL_NIC).option(offsets));
        assertThat(offsets.status()).isZero();
        assertThat(offsets.struct().getLong(NmreqOptOffsetsDescriptor.MAX_OFFSET_OFFSET))
                .isEqualTo(64);
    }

    @Test
    @Needs(Feature.OFFSETS)
    @Pins("ctrl.option_status")
    void shouldSayThatItsValuesMakeNoSense() {
        final ControlOption offsets = offsets();
        offsets.struct().putInt(NmreqOptOffsetsDescriptor.OFFSET_BITS_OFFSET, 65);
        assertRefused(Errno.EINVAL, register("p{1", RegisterMode.ALL_NIC).option(offsets));
        assertThat(offsets.status()).isEqualTo(EINVAL);
    }

    // Control status blocks and the kernel's loop, which need them.

    @Test
    @Pins("ctrl.csb_enable")
    void shouldRefuseToEnableControlStatusBlocksWithoutTheirOption() {
        assertRefused(Errno.EINVAL, ControlRequest.of(RequestType.CSB_ENABLE, ""));
    }

    @Test
    @Pins("ctrl.csb_mode_invalid_memory")
    void shouldRefuseControlStatusBlocksThatLeadNowhere() {
        final ControlOption csb = ControlOption.of(NmreqOptionDescriptor.CSB, NmreqOptCsbDescriptor.LENGTH);
        csb.struct().putLong(NmreqOptCsbDescriptor.CSB_ATOK_OFFSET, 0x10);
        csb.struct().putLong(NmreqOptCsbDescriptor.CSB_KTOA_OFFSET, 0x800);
        final ControlRequest request = register("p{1", RegisterMode.ALL_NIC).option(csb);
        request.body().putLong(NmreqRegisterDescriptor.FLAGS_OFFSET, 0x800);
        assertThat(catchThrowable(() -> control(request))).isNotNull();
        assertThat(csb.status()).isNotZero();
    }

    private static ControlRequest kloop(final int sleepMicros) {
        final ControlRequest request = ControlRequest.of(RequestType.SYNC_KLOOP_START, "");
        request.body().putInt(NmreqSyncKloopStartDescriptor.SLEEP_US_OFFSET, sleepMicros);
        return request;
    }

    @Test
    @Pins("ctrl.sync_kloop_nocsb")
    void shouldNotLoopWithoutControlStatusBlocks() {
        assertRefused(Errno.EINVAL, kloop(1_000_001));
        assertRefused(Errno.ENXIO, kloop(500));
        assertRefused(Errno.ENXIO, ControlRequest.of(RequestType.SYNC_KLOOP_STOP, ""));
        final DriverDescriptor descriptor = registers(register("p{1", RegisterMode.ALL_NIC));
        assertFails(Errno.EINVAL, () -> descriptor.control(kloop(500)));
        descriptor.control(ControlRequest.of(RequestType.SYNC_KLOOP_STOP, ""));
    }

    // Null ports.

    private static ControlRequest nullPort(final int txRings, final int rxRings, final int txSlots, final int rxSlots) {
        final ControlRequest request = register("n", RegisterMode.NULL);
        final ByteBuffer body = request.body();
        body.putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) 1);
        body.putShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET, (short) txRings);
        body.putShort(NmreqRegisterDescriptor.RX_RINGS_OFFSET, (short) rxRings);
        body.putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, txSlots);
        body.putInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET, rxSlots);
        return request;
    }

    @Test
    @Pins({"ctrl.null_port", "ctrl.null_port_sync"})
    void shouldRegisterAndSyncANullPort() {
        final DriverDescriptor descriptor = registers(nullPort(10, 5, 256, 100));
        assertThat(descriptor.port().netmapIf().txRings()).hasSize(10).allMatch(ring -> ring.numSlots() == 256);
        assertThat(descriptor.port().netmapIf().rxRings()).hasSize(5).allMatch(ring -> ring.numSlots() == 100);
        descriptor.txSync();
    }

    @Test
    @Pins("ctrl.null_port_all_zero")
    void shouldRegisterANullPortWithoutRings() {
        final DriverDescriptor descriptor = registers(nullPort(0, 0, 0, 0));
        assertThat(descriptor.port().netmapIf().txRings()).isEmpty();
        assertThat(descriptor.port().netmapIf().rxRings()).isEmpty();
        final ControlRequest nowhere = nullPort(0, 0, 0, 0);
        nowhere.body().putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) 0);
        assertRefused(Errno.EINVAL, nowhere);
    }
}
