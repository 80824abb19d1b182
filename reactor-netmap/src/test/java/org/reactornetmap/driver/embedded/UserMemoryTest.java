package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Addresses for direct buffers. */
class UserMemoryTest {
    private final UserMemory memory = new UserMemory();

    private int byteAt(final long address) {
        final UserMemory.Mapping mapping = Objects.requireNonNull(memory.find(address));
        return mapping.bytes.get(mapping.offsetOf(address));
    }

    @Test
    void shouldFindTheBufferThatAnAddressPointsInto() {
        final ByteBuffer first = ByteBuffer.allocateDirect(100).put(7, (byte) 1).position(7);
        final ByteBuffer second = ByteBuffer.allocateDirect(10_000).put(9_999, (byte) 2);
        final ByteBuffer third = ByteBuffer.allocateDirect(1).put(0, (byte) 3);
        final long a = memory.map(first);
        final long b = memory.map(second);
        final long c = memory.map(third);
        assertThat(byteAt(a)).isEqualTo(1);
        assertThat(byteAt(b + 9_999)).isEqualTo(2);
        assertThat(byteAt(c)).isEqualTo(3);
        memory.unmap(b);
        assertThat(memory.find(b)).isNull();
        assertThat(byteAt(a)).isEqualTo(1);
        assertThat(byteAt(c)).isEqualTo(3);
    }

    @Test
    void shouldFindNothingOutsideTheBuffers() {
        final long a = memory.map(ByteBuffer.allocateDirect(4_096));
        final long b = memory.map(ByteBuffer.allocateDirect(1));
        assertThat(memory.find(0)).isNull();
        assertThat(memory.find(-1)).isNull();
        assertThat(memory.find(a - 1)).isNull();
        assertThat(memory.find(a + 4_096)).isNull();
        assertThat(memory.find(b - 1)).isNull();
        assertThat(memory.find(b + 1)).isNull();
        assertThat(memory.find(Long.MAX_VALUE)).isNull();
    }

    @Test
    void shouldRefuseWhatItCannotMap() {
        final long a = memory.map(ByteBuffer.allocateDirect(1));
        assertThatThrownBy(() -> memory.map(ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allocateDirect");
        assertThatThrownBy(() -> memory.unmap(a + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
