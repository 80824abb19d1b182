package org.reactornetmap.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RequestType;

/** Where things are in the shared memory, byte by byte, as the C headers of API 14 have them. */
@Needs(Feature.CONTROL)
abstract class LayoutConformance extends ConformanceTest {
    private static final int ALL_NIC = 1;
    private static final int ONE_NIC = 4;

    private DriverPort port;
    private long nifp;
    private ByteBuffer nif;

    private void register(final int mode, final int ring) {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, "p{1");
        request.body()
                .putInt(NmreqRegisterDescriptor.MODE_OFFSET, mode)
                .putShort(NmreqRegisterDescriptor.RINGID_OFFSET, (short) ring)
                .putShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET, (short) 3)
                .putShort(NmreqRegisterDescriptor.RX_RINGS_OFFSET, (short) 2)
                .putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, 24)
                .putInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET, 32);
        final DriverDescriptor descriptor = closing(driver().newDescriptor());
        descriptor.control(request);
        port = Objects.requireNonNull(descriptor.port());
        nifp = request.body().getLong(NmreqRegisterDescriptor.OFFSET_OFFSET);
        final ByteBuffer header = raw(nifp, 56);
        final int rings = header.getInt(24) + header.getInt(28) + header.getInt(36) + header.getInt(40);
        nif = raw(nifp, 56 + 8 * rings);
    }

    private ByteBuffer raw(final long offset, final int length) {
        return port.region().slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    @Pins("1.1.3a")
    void shouldLayOutTheInterface() {
        register(ALL_NIC, 0);
        final byte[] name = new byte[4];
        nif.get(0, name);
        assertThat(new String(name, US_ASCII)).isEqualTo("p{1\0");
        assertThat(nif.getInt(16)).as("ni_version, unused").isIn(0, 14, 15);
        assertThat(nif.getInt(24)).as("ni_tx_rings").isEqualTo(3);
        assertThat(nif.getInt(28)).as("ni_rx_rings").isEqualTo(2);
        assertThat(nif.getInt(32)).as("ni_bufs_head").isZero();
        assertThat(nif.getInt(36)).as("ni_host_tx_rings").isBetween(0, 1);
        assertThat(nif.getInt(40)).as("ni_host_rx_rings").isBetween(0, 1);
    }

    @Test
    @Pins({"1.1.1a", "1.1.3b"})
    void shouldListRingsAsTxHostTxRxHostRx() {
        register(ALL_NIC, 0);
        final int hostTx = nif.getInt(36);
        for (int i = 0; i < 3; i++) {
            assertRing(i, 1, i, 24);
        }
        for (int i = 0; i < 2; i++) {
            assertRing(3 + hostTx + i, 0, i, 32);
        }
        for (int i = 0; i < hostTx; i++) {
            assertThat(nif.getLong(56 + 8 * (3 + i))).as("host TX ring").isZero();
        }
    }

    private void assertRing(final int place, final int dir, final int id, final int slots) {
        final ByteBuffer ring = raw(nifp + nif.getLong(56 + 8 * place), 256);
        assertThat(ring.getInt(8)).as("num_slots").isEqualTo(slots);
        assertThat(ring.getInt(12)).as("nr_buf_size").isPositive();
        assertThat(ring.getShort(16)).as("ringid").isEqualTo((short) id);
        assertThat(ring.getShort(18)).as("dir").isEqualTo((short) dir);
        assertThat(ring.getInt(20)).as("head").isZero();
        assertThat(ring.getInt(24)).as("cur").isZero();
        assertThat(ring.getInt(28)).as("tail").isEqualTo(dir == 1 ? slots - 1 : 0);
    }

    @Test
    @Pins("1.1.1b")
    void shouldHaveNoOffsetForRingsThatAreNotBound() {
        register(ONE_NIC, 1);
        assertThat(nif.getLong(56)).isZero();
        assertThat(nif.getLong(56 + 8)).isNotZero();
        assertThat(nif.getLong(56 + 16)).isZero();
        assertThat(port.netmapIf().txRings()).hasSize(1);
        assertThat(port.netmapIf().rxRings()).hasSize(1);
    }

    @Test
    @Pins({"1.1.1c", "1.1.3c"})
    void shouldFindSlotsBehindTheRingsHeaderAndBuffersFromTheRing() {
        register(ALL_NIC, 0);
        final RawPort raw = new RawPort(port);
        RawPort.put(raw.tx(), Traffic.frame(60, 'x'), 0x20);
        raw.tx().slotPtr(0, 0x0102_0304_0506_0708L);
        final long ring = nifp + nif.getLong(56);
        final ByteBuffer slot = raw(ring + 256, 16);
        assertThat(slot.getShort(4)).as("len").isEqualTo((short) 60);
        assertThat(slot.getShort(6)).as("flags").isEqualTo((short) 0x20);
        assertThat(slot.getLong(8)).as("ptr").isEqualTo(0x0102_0304_0506_0708L);
        final ByteBuffer header = raw(ring, 256);
        final long buffer = ring + header.getLong(0) + (long) slot.getInt(0) * header.getInt(12);
        assertThat(raw(buffer, 60).get(59)).isEqualTo((byte) 'x');
        assertThat(raw(ring + 256 + 16, 16).getInt(0)).as("buf_idx of slot 1").isGreaterThanOrEqualTo(2);
    }
}
