package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapIf;

/** The list at {@code ni_bufs_head}. */
class ExtraBuffersTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    private static List<Integer> list(final TestPort port) {
        final List<Integer> list = new ArrayList<>();
        for (int i = port.port.netmapIf().bufsHead();
                i != 0;
                i = port.tx().buffers().listNext(i)) {
            list.add(i);
        }
        return list;
    }

    @Test
    void shouldLinkTheGrantLastInFirstOut() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16, 5)) {
            assertThat(port.port.extraBuffers()).isEqualTo(5);
            final List<Integer> list = list(port);
            assertThat(list).hasSize(5).doesNotHaveDuplicates();
            assertThat(list).isSortedAccordingTo((x, y) -> y - x);
            assertThat(driver.audit().extra()).isEqualTo(5);
        }
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    @Test
    void shouldHaveAnEmptyListWithoutExtraBuffers() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16)) {
            assertThat(port.port.netmapIf().bufsHead()).isZero();
        }
    }

    @Test
    void shouldGrantLessThanAskedFor() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16, 100_000)) {
            assertThat(port.port.extraBuffers()).isEqualTo(4_094 - 32);
            assertThat(list(port)).hasSize(4_094 - 32);
            assertThat(driver.freeBuffers()).isZero();
        }
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    @Test
    void shouldFreeWhatTheListHoldsAtClose() {
        try (TestPort keeper = TestPort.open(driver, "netmap:y{1", 1, 16)) {
            final int before = driver.freeBuffers();
            final int taken;
            try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16, 5)) {
                final NetmapIf netmapIf = port.port.netmapIf();
                taken = netmapIf.bufsHead();
                netmapIf.bufsHead(port.tx().buffers().listNext(taken));
                assertThat(driver.audit().lost()).containsExactly(taken);
                assertThat(driver.audit().isBalanced()).isFalse();
            }
            assertThat(driver.freeBuffers()).isEqualTo(before - 1);
            assertThat(driver.audit().lost()).containsExactly(taken);
            assertThat(keeper.tx().numSlots()).isEqualTo(16);
        }
        // The last user is gone, so the region starts afresh, and says that it had to.
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().reclaimed()).isEqualTo(1);
        assertThat(driver.audit().isBalanced()).isFalse();
    }

    @Test
    void shouldStopAtALoopInTheList() {
        try (TestPort keeper = TestPort.open(driver, "netmap:y{1", 1, 16)) {
            final int before = driver.freeBuffers();
            try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16, 3)) {
                final List<Integer> list = list(port);
                port.tx().buffers().listNext(list.get(2), list.get(0));
                assertThat(driver.audit().duplicated()).containsExactly(list.get(0));
            }
            assertThat(driver.freeBuffers()).isEqualTo(before);
            assertThat(keeper.tx().numSlots()).isEqualTo(16);
        }
    }

    @Test
    void shouldStopAtABufferThatIsFreeAlready() {
        try (TestPort keeper = TestPort.open(driver, "netmap:y{1", 1, 16)) {
            final int before = driver.freeBuffers();
            try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16, 3)) {
                final List<Integer> list = list(port);
                final Buffers buffers = port.tx().buffers();
                buffers.listNext(list.get(0), 4_000);
                buffers.listNext(4_000, list.get(2));
            }
            assertThat(driver.freeBuffers()).isEqualTo(before - 2);
            assertThat(keeper.tx().numSlots()).isEqualTo(16);
        }
    }

    @Test
    void shouldStopAtAnIndexOutsideThePool() {
        try (TestPort keeper = TestPort.open(driver, "netmap:y{1", 1, 16)) {
            final int before = driver.freeBuffers();
            try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16, 4)) {
                port.tx().buffers().listNext(list(port).get(1), -5);
            }
            assertThat(driver.freeBuffers()).isEqualTo(before - 2);
            assertThat(keeper.tx().numSlots()).isEqualTo(16);
        }
    }

    @Test
    void shouldAccountForBuffersSwappedIntoSlots() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 7, 20);
                TestPort b = TestPort.open(driver, "netmap:x}1", 0, 0, 20)) {
            final Buffers buffers = a.tx().buffers();
            for (int i = 0; i < 50; i++) {
                swapIn(a, buffers);
                a.port.txSync();
                b.port.rxSync();
                // The receiver swaps as well, and leaves its last packet in the ring.
                while (TestPort.space(b.rx()) > i % 2) {
                    swapOut(b, buffers);
                }
                b.port.rxSync();
                a.port.txSync();
                assertThat(driver.audit().isBalanced()).as("round %d", i).isTrue();
            }
            final BufferAudit audit = driver.audit();
            assertThat(audit.extra()).isEqualTo(40);
            assertThat(new HashSet<>(list(a))).hasSize(20);
        }
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private static void swapIn(final TestPort a, final Buffers buffers) {
        final NetmapIf netmapIf = a.port.netmapIf();
        while (TestPort.space(a.tx()) > 0) {
            final int spare = netmapIf.bufsHead();
            final int slot = a.tx().head();
            final int old = bufIdx(a.tx().slotWord(slot));
            netmapIf.bufsHead(buffers.listNext(spare));
            a.tx().slotWord(slot, word(spare, 60, NS_BUF_CHANGED));
            buffers.listNext(old, netmapIf.bufsHead());
            netmapIf.bufsHead(old);
            TestPort.advance(a.tx(), 1);
        }
    }

    private static void swapOut(final TestPort b, final Buffers buffers) {
        final NetmapIf netmapIf = b.port.netmapIf();
        final int slot = b.rx().head();
        final int received = bufIdx(b.rx().slotWord(slot));
        final int spare = netmapIf.bufsHead();
        netmapIf.bufsHead(buffers.listNext(spare));
        b.rx().slotWord(slot, word(spare, 0, NS_BUF_CHANGED));
        buffers.listNext(received, netmapIf.bufsHead());
        netmapIf.bufsHead(received);
        TestPort.advance(b.rx(), 1);
    }
}
