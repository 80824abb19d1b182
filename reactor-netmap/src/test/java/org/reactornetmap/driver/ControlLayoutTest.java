package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every offset, size and number of a control request as a literal, as measured with gcc on x86-64 from netmap.h. */
class ControlLayoutTest {
    @Test
    void shouldLayOutNmreqHeaderAsTheHeaderDoes() {
        assertThat(NmreqHeaderDescriptor.VERSION_OFFSET).isEqualTo(0);
        assertThat(NmreqHeaderDescriptor.REQTYPE_OFFSET).isEqualTo(2);
        assertThat(NmreqHeaderDescriptor.RESERVED_OFFSET).isEqualTo(4);
        assertThat(NmreqHeaderDescriptor.NAME_OFFSET).isEqualTo(8);
        assertThat(NmreqHeaderDescriptor.OPTIONS_OFFSET).isEqualTo(72);
        assertThat(NmreqHeaderDescriptor.BODY_OFFSET).isEqualTo(80);
        assertThat(NmreqHeaderDescriptor.LENGTH).isEqualTo(88);
    }

    @Test
    void shouldLayOutNmreqRegisterAsTheHeaderDoes() {
        assertThat(NmreqRegisterDescriptor.OFFSET_OFFSET).isEqualTo(0);
        assertThat(NmreqRegisterDescriptor.MEMSIZE_OFFSET).isEqualTo(8);
        assertThat(NmreqRegisterDescriptor.TX_SLOTS_OFFSET).isEqualTo(16);
        assertThat(NmreqRegisterDescriptor.RX_SLOTS_OFFSET).isEqualTo(20);
        assertThat(NmreqRegisterDescriptor.TX_RINGS_OFFSET).isEqualTo(24);
        assertThat(NmreqRegisterDescriptor.RX_RINGS_OFFSET).isEqualTo(26);
        assertThat(NmreqRegisterDescriptor.HOST_TX_RINGS_OFFSET).isEqualTo(28);
        assertThat(NmreqRegisterDescriptor.HOST_RX_RINGS_OFFSET).isEqualTo(30);
        assertThat(NmreqRegisterDescriptor.MEM_ID_OFFSET).isEqualTo(32);
        assertThat(NmreqRegisterDescriptor.RINGID_OFFSET).isEqualTo(34);
        assertThat(NmreqRegisterDescriptor.MODE_OFFSET).isEqualTo(36);
        assertThat(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET).isEqualTo(40);
        assertThat(NmreqRegisterDescriptor.FLAGS_OFFSET).isEqualTo(48);
        assertThat(NmreqRegisterDescriptor.LENGTH).isEqualTo(56);
    }

    @Test
    void shouldLayOutNmreqPortInfoGetAsTheHeaderDoes() {
        assertThat(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET).isEqualTo(0);
        assertThat(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET).isEqualTo(8);
        assertThat(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET).isEqualTo(12);
        assertThat(NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET).isEqualTo(16);
        assertThat(NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET).isEqualTo(18);
        assertThat(NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET).isEqualTo(20);
        assertThat(NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET).isEqualTo(22);
        assertThat(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET).isEqualTo(24);
        assertThat(NmreqPortInfoGetDescriptor.LENGTH).isEqualTo(32);
    }

    @Test
    void shouldLayOutNmreqValeAttachAsTheHeaderDoes() {
        assertThat(NmreqValeAttachDescriptor.REG_OFFSET).isEqualTo(0);
        assertThat(NmreqValeAttachDescriptor.PORT_INDEX_OFFSET).isEqualTo(56);
        assertThat(NmreqValeAttachDescriptor.LENGTH).isEqualTo(64);
    }

    @Test
    void shouldLayOutNmreqValeDetachAsTheHeaderDoes() {
        assertThat(NmreqValeDetachDescriptor.PORT_INDEX_OFFSET).isEqualTo(0);
        assertThat(NmreqValeDetachDescriptor.LENGTH).isEqualTo(8);
    }

    @Test
    void shouldLayOutNmreqValeListAsTheHeaderDoes() {
        assertThat(NmreqValeListDescriptor.BRIDGE_IDX_OFFSET).isEqualTo(0);
        assertThat(NmreqValeListDescriptor.PORT_IDX_OFFSET).isEqualTo(4);
        assertThat(NmreqValeListDescriptor.LENGTH).isEqualTo(8);
    }

    @Test
    void shouldLayOutNmreqPortHdrAsTheHeaderDoes() {
        assertThat(NmreqPortHdrDescriptor.HDR_LEN_OFFSET).isEqualTo(0);
        assertThat(NmreqPortHdrDescriptor.LENGTH).isEqualTo(8);
    }

    @Test
    void shouldLayOutNmreqValeNewifAsTheHeaderDoes() {
        assertThat(NmreqValeNewifDescriptor.TX_SLOTS_OFFSET).isEqualTo(0);
        assertThat(NmreqValeNewifDescriptor.RX_SLOTS_OFFSET).isEqualTo(4);
        assertThat(NmreqValeNewifDescriptor.TX_RINGS_OFFSET).isEqualTo(8);
        assertThat(NmreqValeNewifDescriptor.RX_RINGS_OFFSET).isEqualTo(10);
        assertThat(NmreqValeNewifDescriptor.MEM_ID_OFFSET).isEqualTo(12);
        assertThat(NmreqValeNewifDescriptor.LENGTH).isEqualTo(16);
    }

    @Test
    void shouldLayOutNmreqValePollingAsTheHeaderDoes() {
        assertThat(NmreqValePollingDescriptor.MODE_OFFSET).isEqualTo(0);
        assertThat(NmreqValePollingDescriptor.FIRST_CPU_ID_OFFSET).isEqualTo(4);
        assertThat(NmreqValePollingDescriptor.NUM_POLLING_CPUS_OFFSET).isEqualTo(8);
        assertThat(NmreqValePollingDescriptor.LENGTH).isEqualTo(16);
    }

    @Test
    void shouldLayOutNmreqPoolsInfoAsTheHeaderDoes() {
        assertThat(NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET).isEqualTo(0);
        assertThat(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET).isEqualTo(8);
        assertThat(NmreqPoolsInfoDescriptor.IF_POOL_OFFSET_OFFSET).isEqualTo(16);
        assertThat(NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET).isEqualTo(24);
        assertThat(NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET).isEqualTo(28);
        assertThat(NmreqPoolsInfoDescriptor.RING_POOL_OFFSET_OFFSET).isEqualTo(32);
        assertThat(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET).isEqualTo(40);
        assertThat(NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET).isEqualTo(44);
        assertThat(NmreqPoolsInfoDescriptor.BUF_POOL_OFFSET_OFFSET).isEqualTo(48);
        assertThat(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET).isEqualTo(56);
        assertThat(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET).isEqualTo(60);
        assertThat(NmreqPoolsInfoDescriptor.LENGTH).isEqualTo(64);
    }

    @Test
    void shouldLayOutNmreqSyncKloopStartAsTheHeaderDoes() {
        assertThat(NmreqSyncKloopStartDescriptor.SLEEP_US_OFFSET).isEqualTo(0);
        assertThat(NmreqSyncKloopStartDescriptor.LENGTH).isEqualTo(8);
    }

    @Test
    void shouldLayOutNmreqOptionAsTheHeaderDoes() {
        assertThat(NmreqOptionDescriptor.NEXT_OFFSET).isEqualTo(0);
        assertThat(NmreqOptionDescriptor.REQTYPE_OFFSET).isEqualTo(8);
        assertThat(NmreqOptionDescriptor.STATUS_OFFSET).isEqualTo(12);
        assertThat(NmreqOptionDescriptor.SIZE_OFFSET).isEqualTo(16);
        assertThat(NmreqOptionDescriptor.LENGTH).isEqualTo(24);
    }

    @Test
    void shouldLayOutNmreqOptExtmemAsTheHeaderDoes() {
        assertThat(NmreqOptExtmemDescriptor.OPT_OFFSET).isEqualTo(0);
        assertThat(NmreqOptExtmemDescriptor.USRPTR_OFFSET).isEqualTo(24);
        assertThat(NmreqOptExtmemDescriptor.INFO_OFFSET).isEqualTo(32);
        assertThat(NmreqOptExtmemDescriptor.LENGTH).isEqualTo(96);
    }

    @Test
    void shouldLayOutNmreqOptCsbAsTheHeaderDoes() {
        assertThat(NmreqOptCsbDescriptor.OPT_OFFSET).isEqualTo(0);
        assertThat(NmreqOptCsbDescriptor.CSB_ATOK_OFFSET).isEqualTo(24);
        assertThat(NmreqOptCsbDescriptor.CSB_KTOA_OFFSET).isEqualTo(32);
        assertThat(NmreqOptCsbDescriptor.LENGTH).isEqualTo(40);
    }

    @Test
    void shouldLayOutNmreqOptOffsetsAsTheHeaderDoes() {
        assertThat(NmreqOptOffsetsDescriptor.OPT_OFFSET).isEqualTo(0);
        assertThat(NmreqOptOffsetsDescriptor.MAX_OFFSET_OFFSET).isEqualTo(24);
        assertThat(NmreqOptOffsetsDescriptor.INITIAL_OFFSET_OFFSET).isEqualTo(32);
        assertThat(NmreqOptOffsetsDescriptor.OFFSET_BITS_OFFSET).isEqualTo(40);
        assertThat(NmreqOptOffsetsDescriptor.TX_ALIGN_OFFSET).isEqualTo(44);
        assertThat(NmreqOptOffsetsDescriptor.MIN_GAP_OFFSET).isEqualTo(48);
        assertThat(NmreqOptOffsetsDescriptor.LENGTH).isEqualTo(56);
    }

    @Test
    void shouldNumberRequestsAsTheHeaderDoes() {
        assertThat(Arrays.stream(RequestType.values()).mapToInt(RequestType::code))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(RequestType.REGISTER.code()).isEqualTo(1);
        assertThat(RequestType.VALE_NEWIF.code()).isEqualTo(8);
        assertThat(RequestType.CSB_ENABLE.code()).isEqualTo(15);
    }

    @Test
    void shouldKnowTheBodyOfEachRequest() {
        assertThat(Arrays.stream(RequestType.values()).mapToInt(RequestType::bodyBytes))
                .containsExactly(56, 32, 64, 8, 8, 8, 8, 16, 0, 16, 16, 64, 8, 0, 0);
    }

    @Test
    void shouldNumberOptionsAsTheHeaderDoes() {
        assertThat(NmreqOptionDescriptor.EXTMEM).isEqualTo(1);
        assertThat(NmreqOptionDescriptor.SYNC_KLOOP_EVENTFDS).isEqualTo(2);
        assertThat(NmreqOptionDescriptor.CSB).isEqualTo(3);
        assertThat(NmreqOptionDescriptor.SYNC_KLOOP_MODE).isEqualTo(4);
        assertThat(NmreqOptionDescriptor.OFFSETS).isEqualTo(5);
        assertThat(NmreqOptionDescriptor.MAX).isEqualTo(6);
        assertThat(NmreqValeListDescriptor.NO_PORT).isEqualTo(255);
        assertThat(NmreqValePollingDescriptor.SINGLE_CPU).isEqualTo(1);
        assertThat(NmreqValePollingDescriptor.MULTI_CPU).isEqualTo(2);
        assertThat(NmreqHeaderDescriptor.NAME_LENGTH).isEqualTo(64);
    }
}
