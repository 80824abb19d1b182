package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.Region;

/** Whoever has a ring mapped may write over its header: that is no reason for an open to fail halfway. */
class ScribbledHeaderTest {
    private static final int SLOTS = 77;
    private static final int PAGE = 4_096;

    private final EmbeddedDriver driver = EmbeddedDriver.create(EmbeddedConfig.builder()
            .buffers(512)
            .bufSize(64)
            .interfaces(2)
            .rings(4)
            .build());

    @Test
    void shouldRefuseToOpenARingWithAHeaderWrittenOverAndLeaveNothing() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1@1", 1, SLOTS)) {
            final ByteBuffer header = firstRing(a.port.region());
            header.putLong(NetmapRingDescriptor.BUF_OFS_OFFSET, Long.MIN_VALUE);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> TestPort.open(driver, "netmap:x{1@1", 1, SLOTS, 3))
                        .isInstanceOfSatisfying(
                                NetmapErrnoException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EFAULT));
            }
            assertThat(driver.audit().isBalanced()).isTrue();
            a.send(1);
        }
        assertThat(driver.freeBuffers()).isEqualTo(510);
        TestPort.open(driver, "netmap:x{1@1", 1, SLOTS).close();
    }

    private static ByteBuffer firstRing(final Region region) {
        for (long offset = 0; offset < region.sizeBytes(); offset += PAGE) {
            try {
                final ByteBuffer header = region.slice(offset, NetmapRingDescriptor.ringLength(SLOTS));
                if (header.getInt(NetmapRingDescriptor.NUM_SLOTS_OFFSET) == SLOTS) {
                    return header;
                }
            } catch (final IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("range");
            }
        }
        throw new AssertionError("no ring of " + SLOTS + " slots");
    }
}
