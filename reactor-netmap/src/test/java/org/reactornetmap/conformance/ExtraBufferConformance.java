package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.reactornetmap.ring.Buffers;

/** Buffers of a descriptor that are in no ring. */
abstract class ExtraBufferConformance extends ConformanceTest {
    private static final String PIPE = "netmap:p{1@1";

    private static Set<Integer> list(final RawPort port) {
        final Buffers buffers = port.tx().buffers();
        final Set<Integer> list = new HashSet<>();
        for (int next = port.port.netmapIf().bufsHead(); next != 0; next = buffers.listNext(next)) {
            assertThat(buffers.isValid(next)).as("buffer %d", next).isTrue();
            assertThat(list.add(next)).as("buffer %d is new", next).isTrue();
        }
        return list;
    }

    @Test
    @Pins("1.14a")
    void shouldLinkTheGrantThroughTheBuffersUpTo0() {
        final RawPort port = open(PIPE, 12);
        assertThat(port.port.extraBuffers()).isEqualTo(12);
        assertThat(list(port)).hasSize(12);
    }

    @Test
    @Pins("1.14a")
    void shouldHaveNoListWithoutAGrant() {
        assertThat(open(PIPE).port.netmapIf().bufsHead()).isZero();
    }

    @Test
    @Pins("1.14b")
    void shouldGrantWhatIsLeftWhenMoreIsAskedFor() {
        final RawPort port = open(PIPE, 1 << 24);
        assertThat(port.port.extraBuffers()).isBetween(1, (1 << 24) - 1);
        assertThat(list(port)).hasSize(port.port.extraBuffers());
    }

    @Test
    @Pins("1.2.3a")
    void shouldFreeTheListAtClose() {
        for (int i = 0; i < 100; i++) {
            final RawPort port = open(PIPE, 2_000);
            assertThat(port.port.extraBuffers()).isEqualTo(2_000);
            close(port);
        }
    }

    @Test
    @Pins("1.2.3a")
    void shouldFreeTheListThatTheUserLeaves() {
        for (int i = 0; i < 100; i++) {
            final RawPort port = open(PIPE, 2_000);
            assertThat(port.port.extraBuffers()).isEqualTo(2_000);
            // The list's first buffer goes to a slot, the slot's to the list.
            final int first = port.port.netmapIf().bufsHead();
            final Buffers buffers = port.tx().buffers();
            final long slot = port.tx().slotWord(3);
            buffers.listNext((int) slot, buffers.listNext(first));
            port.port.netmapIf().bufsHead((int) slot);
            port.tx().slotWord(3, (slot & ~0xFFFF_FFFFL) | first);
            close(port);
        }
    }

    @Test
    @Pins("1.2.3b")
    void shouldStopFreeingWhereTheListIsBroken() {
        final RawPort port = open(PIPE, 10);
        final Buffers buffers = port.tx().buffers();
        buffers.listNext(port.port.netmapIf().bufsHead(), buffers.total() + 5);
        expectLostBuffers();
        close(port);
        assertThat(open(PIPE, 10).port.extraBuffers()).isEqualTo(10);
    }
}
