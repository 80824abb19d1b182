package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;

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
        assertThat(PoolNeeds.of(4, 8, 512, 1024, 14, 1))
                .isEqualTo(new PoolNeeds(56 + 14 * 8, 12, 256 + 16 * 1024, 10240));
        assertThat(PoolNeeds.of(1, 0, 2048, 4096, 4, 2)).isEqualTo(new PoolNeeds(56 + 4 * 8, 2, 256 + 16 * 2048, 2048));
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
}
