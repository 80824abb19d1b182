package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqOptCsbDescriptor;
import org.reactornetmap.driver.NmreqOptExtmemDescriptor;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqPortHdrDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/** What the embedded netmap refuses of control requests, and what only it can be asked. */
class EmbeddedControlTest {
    private static final int IFS = 2;
    private static final int IF_BYTES = 1_024;
    private static final int RINGS = 64;
    private static final int RING_BYTES = 512;
    private static final int BUFS = 1_024;
    private static final int BUF_BYTES = 2_048;

    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final DriverDescriptor descriptor = driver.newDescriptor();

    @AfterEach
    void leaveNoTrace() {
        descriptor.close();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private static ControlRequest register(final String name) {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, name);
        request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, RegisterMode.ALL_NIC.code());
        return request;
    }

    private void assertRefused(final Errno errno, final ControlRequest request) {
        assertThatThrownBy(() -> descriptor.control(request)).isInstanceOfSatisfying(NetmapErrnoException.class, e -> {
            assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno);
            assertThat(e.call()).isEqualTo(request.call());
        });
    }

    private DriverPort port() {
        return Objects.requireNonNull(descriptor.port());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12})
    void shouldRefuseVirtioNetHeaders(final int length) {
        try (TestPort open = TestPort.open(driver, "vale0:a", 1, 16)) {
            final ControlRequest request = ControlRequest.of(RequestType.PORT_HDR_SET, open.port.name());
            request.body().putInt(NmreqPortHdrDescriptor.HDR_LEN_OFFSET, length);
            assertRefused(Errno.EOPNOTSUPP, request);
        }
    }

    @Test
    void shouldRefuseControlStatusBlocks() {
        final ControlOption csb = ControlOption.of(NmreqOptionDescriptor.CSB, NmreqOptCsbDescriptor.LENGTH);
        assertRefused(Errno.EOPNOTSUPP, register("x{1").option(csb));
        assertThat(csb.status()).isEqualTo(Errno.EOPNOTSUPP.number());
        assertThat(descriptor.port()).isNull();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        csb.status(0);
        assertRefused(
                Errno.EOPNOTSUPP, ControlRequest.of(RequestType.CSB_ENABLE, "").option(csb));
        assertThat(csb.status()).isEqualTo(Errno.EOPNOTSUPP.number());
        // A refusal leaves the descriptor free for another try.
        descriptor.control(register("x{1"));
    }

    @Test
    void shouldClosePortAndDescriptorTogether() {
        descriptor.control(register("x{1"));
        final DriverPort port = port();
        assertThat(port.name()).isEqualTo("x{1");
        assertThat(port.driver()).isEqualTo(driver);
        try (Poller poller = driver.newPoller()) {
            poller.add(port, Poller.OUT);
            assertThat(poller.poll(0)).isOne();
            poller.remove(port);
        }
        descriptor.close();
        descriptor.close();
        assertThatThrownBy(port::txSync).isInstanceOf(NetmapErrnoException.class);
        assertRefused(Errno.EBADF, register("x{1"));
    }

    @Test
    void shouldRegisterOnceThoughThePortWasClosed() {
        descriptor.control(register("x{1"));
        port().close();
        assertRefused(Errno.EBUSY, register("x{1"));
    }

    @Test
    void shouldTellWhereTheInterfaceIsAndHowManyBuffersAreGranted() {
        final ControlRequest request = register("x{1");
        request.body().putInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET, 5);
        request.body().putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) 1);
        request.body().putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, 16);
        request.body().putInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET, 16);
        descriptor.control(request);
        final ByteBuffer body = request.body();
        assertThat(body.getInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET))
                .isEqualTo(5)
                .isEqualTo(port().extraBuffers());
        assertThat(port().region()
                        .netmapIf(body.getLong(NmreqRegisterDescriptor.OFFSET_OFFSET))
                        .txRings())
                .hasSize(1);
        assertThat(body.getLong(NmreqRegisterDescriptor.MEMSIZE_OFFSET))
                .isEqualTo(port().region().sizeBytes());
        assertThat(body.getInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET)).isEqualTo(16);
        assertThat(body.getShort(NmreqRegisterDescriptor.HOST_TX_RINGS_OFFSET)).isZero();
    }

    @Test
    void shouldGrantWhatThereIsToAHugeRequest() {
        final ControlRequest request = register("x{1");
        request.body().putInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET, -1);
        request.body().putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) 1);
        descriptor.control(request);
        assertThat(request.body().getInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET))
                .isEqualTo(port().extraBuffers())
                .isBetween(1, 4_094);
        assertThat(driver.freeBuffers()).isZero();
    }

    @Test
    void shouldRefuseMoreSlotsThanAnIntCanSize() {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, "n");
        request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, RegisterMode.NULL.code());
        request.body().putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) 1);
        request.body().putShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET, (short) 1);
        request.body().putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, -1);
        assertThatThrownBy(() -> descriptor.control(request))
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
    }

    private static long memSize() {
        return (long) IFS * IF_BYTES + (long) RINGS * RING_BYTES + (long) BUFS * BUF_BYTES;
    }

    private static ControlOption extmem(final long address, final long bytes, final int ringBytes) {
        final ControlOption option = ControlOption.of(NmreqOptionDescriptor.EXTMEM, NmreqOptExtmemDescriptor.LENGTH);
        final ByteBuffer struct = option.struct();
        final int info = NmreqOptExtmemDescriptor.INFO_OFFSET;
        struct.putLong(NmreqOptExtmemDescriptor.USRPTR_OFFSET, address);
        struct.putLong(info + NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET, bytes);
        struct.putInt(info + NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET, IFS);
        struct.putInt(info + NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET, IF_BYTES);
        struct.putInt(info + NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET, RINGS);
        struct.putInt(info + NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET, ringBytes);
        struct.putInt(info + NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET, BUFS);
        struct.putInt(info + NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET, BUF_BYTES);
        return option;
    }

    private static ControlRequest valePort(final String name) {
        final ControlRequest request = register(name);
        request.body().putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, 16);
        request.body().putInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET, 16);
        return request;
    }

    @Test
    void shouldPutAPortIntoTheCallersMemory() {
        final ByteBuffer memory = ByteBuffer.allocateDirect((int) memSize()).order(ByteOrder.nativeOrder());
        final ControlOption option = extmem(driver.userMemory().map(memory), memSize(), RING_BYTES);
        final ControlRequest request = valePort("vale0:0").option(option);
        descriptor.control(request);
        assertThat(option.status()).isZero();
        assertThat(request.body().getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET))
                .isEqualTo((short) port().region().memId())
                .isGreaterThan((short) 1);
        final int netmapIf = (int) request.body().getLong(NmreqRegisterDescriptor.OFFSET_OFFSET);
        assertThat((char) memory.get(netmapIf)).isEqualTo('v');
        assertThat(port().netmapIf().txRings().get(0).numSlots()).isEqualTo(16);

        // The same address is the same memory: both ports swap buffers.
        try (DriverDescriptor second = driver.newDescriptor()) {
            final ControlRequest again = valePort("vale0:1").option(option);
            second.control(again);
            assertThat(again.body().getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET))
                    .isEqualTo(request.body().getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET));
        }
    }

    @Test
    void shouldRefuseMemoryThatIsTooSmallForItsPools() {
        final long address = driver.userMemory().map(ByteBuffer.allocateDirect((int) memSize()));
        final ControlOption option = extmem(address, memSize(), 1 << 20);
        assertRefusedMemory(Errno.ENOMEM, option);
        assertThat(option.status()).isEqualTo(Errno.ENOMEM.number());
    }

    @Test
    void shouldRefuseMemoryThatNobodyMapped() {
        final long address = driver.userMemory().map(ByteBuffer.allocateDirect((int) memSize()));
        assertRefusedMemory(Errno.EFAULT, extmem(0x10, memSize(), RING_BYTES));
        assertRefusedMemory(Errno.EFAULT, extmem(address, memSize() + 1, RING_BYTES));
        assertRefusedMemory(Errno.EFAULT, extmem(address + 1, memSize(), RING_BYTES));
        assertRefusedMemory(Errno.EFAULT, extmem(address, -1, RING_BYTES));
        assertRefusedMemory(Errno.EINVAL, extmem(address, memSize(), -1));
    }

    private void assertRefusedMemory(final Errno errno, final ControlOption option) {
        assertThatThrownBy(() -> descriptor.control(valePort("vale0:0").option(option)))
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class,
                        e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
        assertThat(option.status()).isEqualTo(errno.number());
    }
}
