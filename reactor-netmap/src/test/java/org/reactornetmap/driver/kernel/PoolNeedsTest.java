package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

class PoolNeedsTest {
    /** netmap's defaults: 100 ifs of 1024 bytes, 200 rings of 36864, 163840 buffers of 2048. */
    private static ByteBuffer pools() {
        final ByteBuffer pools =
                ByteBuffer.allocate(NmreqPoolsInfoDescriptor.LENGTH).order(ByteOrder.nativeOrder());
        return pools.putShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET, (short) 1)
                .putInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET, 100)
                .putInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET, 1024)
                .putInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET, 200)
                .putInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET, 36864)
                .putInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET, 163840)
                .putInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET, 2048);
    }

    @Test
    void shouldAddUpWhatRingsNeed() {
        final PortSizes nic = new PortSizes(4, 8, 1, 1, 512, 1024);
        assertThat(PoolNeeds.of(nic, RegisterMode.ALL_NIC, 0, false))
                .isEqualTo(new PoolNeeds(56 + 14 * 8, 12, 256 + 16 * 1024, 4 * 512 + 8 * 1024));
        assertThat(PoolNeeds.of(nic, RegisterMode.NIC_SW, RegisterFlag.TX_RINGS_ONLY.bits(), false))
                .isEqualTo(new PoolNeeds(56 + 14 * 8, 5, 256 + 16 * 512, 5 * 512));
        final PortSizes pipe = new PortSizes(2, 2, 0, 0, 64, 64);
        assertThat(PoolNeeds.of(pipe, RegisterMode.ONE_NIC, 0, true))
                .isEqualTo(new PoolNeeds(56 + 6 * 8, 4, 256 + 16 * 64, 2 * 64));
    }

    @ParameterizedTest(name = "{displayName} {0} {1} {2} {3}, {4} free")
    @CsvSource(
            delimiter = '|',
            value = {
                "88|4|65792|100|1000|ring_size is 36864, and an object of 65792 bytes|echo 65792 > |ring_size (as root",
                "1100|4|256|100|1000|if_size is 1024, and an object of 1100 bytes|echo 1152 > |if_size (as root",
                "88|201|256|100|1000|ring_num is 200. This needs 201 rings|echo 201 > |ring_num (as root",
                "88|4|256|163839|1000|buf_num is 163840. This needs 163839 buffers|echo 163841 > |buf_num (as root",
                "88|4|256|100|-1|if_num is 100. This needs 1 more|echo 101 > |if_num (as root",
                "88|4|256|1100|1000|buf_num is 163840. This needs 1100 buffers, and 1000 are free|echo 163940 > |buf_num (as root",
                "88|4|256|100|1000|ring_num is 200. This needs 4 rings, and open ports have taken too many|echo 204 > |ring_num (as root",
            })
    void shouldNameThePoolThatIsShort(
            final int ifBytes,
            final int rings,
            final int ringBytes,
            final long buffers,
            final long free,
            final String what,
            final String enough,
            final String parameter) {
        assertThat(new PoolNeeds(ifBytes, rings, ringBytes, buffers).shortage(pools(), free))
                .startsWith("Memory 1: " + what)
                .contains(enough, parameter);
    }

    @Test
    void shouldNameTheGlobalMemoryWhereAnotherIsShort() {
        final ByteBuffer pools = pools().putShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET, (short) 7);
        assertThat(new PoolNeeds(88, 201, 256, 100).shortage(pools, 1000))
                .isEqualTo(
                        "Memory 7: ring_num is 200. This needs 201 rings: close ports, ask for fewer or shorter rings, or"
                                + " open it in netmap's global memory (@1).");
    }

    @Test
    void shouldSayWhatExternalMemoryMustHave() {
        assertThat(new PoolNeeds(88, 4, 16640, 2048).ofExternalMemory())
                .contains("ring-num 4, ring-size 16640, buf-num 2050, if-num 1 and if-size 128 at least");
    }
}
