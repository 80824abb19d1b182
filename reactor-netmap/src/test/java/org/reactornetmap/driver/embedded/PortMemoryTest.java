package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.RegisterMode;

/** Which memory a port lives in: ids, {@code @NN} and {@code @share}; how large a private memory is and when it goes. */
@SuppressWarnings("try") // some ports are only held open
class PortMemoryTest {
    private final EmbeddedDriver driver = EmbeddedDriver.create(
            EmbeddedConfig.builder().buffers(4_096).bufSize(256).build());

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        assertThat(driver.audit().total()).as("private memories are gone").isEqualTo(4_096);
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    /** A pipe that lives where its spec says: {@code TestPort} would put it into the global memory. */
    private TestPort open(final String spec) {
        return TestPort.open(driver, spec.contains("@") ? spec : spec + "@conf:slots=8");
    }

    private static int memId(final TestPort port) {
        return port.port.region().memId();
    }

    private static int nextFreeId(final EmbeddedDriver driver) {
        try (TestPort port = TestPort.open(driver, "netmap:probe{1@conf:slots=8")) {
            return memId(port);
        }
    }

    @Test
    void shouldGiveEachParentAMemoryOfItsOwn() {
        try (TestPort x1 = open("netmap:x{1");
                TestPort x2 = open("netmap:x{2");
                TestPort y1 = open("netmap:y{1");
                ValePeer a = ValePeer.open(driver, "vale0:a", 1, 8)) {
            assertThat(List.of(memId(x1), memId(x2), memId(y1), memId(a.port))).containsExactly(2, 2, 3, 4);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldGiveTheIdAfterTheLastOneAndFreedIdsAgain() {
        try (TestPort two = open("netmap:a{1")) {
            final TestPort three = open("netmap:b{1");
            try (TestPort four = open("netmap:c{1")) {
                three.close();
                // 3 is free again, but the search begins behind 4.
                assertThat(nextFreeId(driver)).isEqualTo(5);
                assertThat(nextFreeId(driver)).isEqualTo(5);
            }
            // With the last one gone the search begins behind the one before it.
            assertThat(nextFreeId(driver)).isEqualTo(3);
            assertThat(memId(two)).isEqualTo(2);
        }
        assertThat(nextFreeId(driver)).isEqualTo(2);
    }

    @Test
    void shouldLiveInTheMemoryThatTheSpecNames() {
        try (TestPort x = open("netmap:x{1");
                TestPort y = open("netmap:y{1@2@conf:slots=8");
                ValePeer a = ValePeer.open(driver, "vale0:a@2", 1, 8);
                TestPort n = TestPort.open(driver, "null:n@2@conf:rings=1,slots=8");
                TestPort global = TestPort.open(driver, "null:g@conf:rings=1,slots=8")) {
            assertThat(List.of(memId(x), memId(y), memId(a.port), memId(n), memId(global)))
                    .containsExactly(2, 2, 2, 2, 1);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldRefuseAMemoryThatIsNotThere() {
        for (final String spec : List.of("netmap:x{1@2", "vale0:a@2", "null:n@2", "netmap:x{1@65535")) {
            assertErrno(spec, Errno.EINVAL);
        }
        try (TestPort x = open("netmap:x{1")) {
            TestPort.open(driver, "null:n@2").close();
        }
        assertErrno("null:n@2", Errno.EINVAL);
    }

    @Test
    void shouldKeepTheMemoryOfAPortThatExists() {
        try (TestPort x1 = open("netmap:x{1");
                TestPort y1 = open("netmap:y{1");
                ValePeer a = ValePeer.open(driver, "vale0:a", 1, 8);
                TestPort again = open("netmap:x}1@3");
                ValePeer aAgain = ValePeer.open(driver, "vale0:a@1", 1, 8)) {
            assertThat(memId(again)).isEqualTo(memId(x1)).isEqualTo(2);
            assertThat(memId(aAgain.port)).isEqualTo(memId(a.port)).isEqualTo(4);
            assertThat(memId(y1)).isEqualTo(3);
            // It exists, but the id must too.
            assertErrno("netmap:x}1@9", Errno.EINVAL);
        }
    }

    @Test
    void shouldShareTheMemoryOfAnotherPort() {
        try (TestPort x = open("netmap:x{1");
                TestPort y = open("netmap:y{1@share=netmap:x{1@conf:slots=8");
                ValePeer a = ValePeer.open(driver, "vale0:a@share=netmap:y}1", 1, 8);
                TestPort global = open("netmap:z{1@1@conf:slots=8");
                TestPort w = open("netmap:w{1@share=netmap:z{1@conf:slots=8")) {
            assertThat(List.of(memId(x), memId(y), memId(a.port), memId(w))).containsExactly(2, 2, 2, 1);
            assertErrno("netmap:v{1@1@share=netmap:x{1", Errno.EINVAL);
            TestPort.open(driver, "netmap:v{1@2@share=netmap:x{1").close();
        }
    }

    @Test
    void shouldNotShareTheMemoryOfAPortThatOnlyTheQuestionMade() {
        // libnetmap asks for the port's id, which makes the port; it is gone when REGISTER names its memory.
        assertErrno("netmap:y{1@share=netmap:x{1", Errno.EINVAL);
        assertErrno("netmap:y{1@share=vale0:a", Errno.EINVAL);
        assertErrno("netmap:y{1@share=netmap:eth7", Errno.ENXIO);
    }

    @Test
    void shouldMoveAnInterfaceThatNobodyHasOpen() {
        try (TestPort x = open("netmap:x{1");
                TestPort other = open("netmap:y{1")) {
            // x is an interface, made for its pipe; it is in its own memory, 2, but nobody has itself open.
            try (TestPort parent = TestPort.open(driver, "netmap:x@3@conf:slots=8")) {
                assertThat(memId(parent)).isEqualTo(3);
                assertThat(driver.audit().isBalanced()).isTrue();
                try (TestPort second = TestPort.open(driver, "netmap:x@1")) {
                    assertThat(memId(second)).as("open already").isEqualTo(3);
                }
            }
            try (TestPort parent = TestPort.open(driver, "netmap:x")) {
                assertThat(memId(parent)).as("its own again").isEqualTo(2);
            }
            assertThat(memId(x)).isEqualTo(2);
        }
    }

    @Test
    void shouldMoveANicAndItsPipes() {
        final EmbeddedInterface eth0 = driver.addInterface(
                "eth0", InterfaceConfig.builder().slots(8).rxBufSize(256).build());
        try (TestPort x = open("netmap:x{1")) {
            try (TestPort nic = TestPort.open(driver, "netmap:eth0@2");
                    TestPort pipe = open("netmap:eth0{1")) {
                assertThat(memId(nic)).isEqualTo(2);
                assertThat(memId(pipe)).isEqualTo(2);
                eth0.receive(NicFrames.frame(5));
                nic.port.rxSync();
                assertThat(TestPort.take(nic.rx())).containsExactly(5);
                assertThat(driver.audit().isBalanced()).isTrue();
            }
            try (TestPort nic = TestPort.open(driver, "netmap:eth0")) {
                assertThat(memId(nic)).isEqualTo(1);
                eth0.receive(NicFrames.frame(6));
                nic.port.rxSync();
                assertThat(TestPort.take(nic.rx())).containsExactly(6);
            }
            assertThat(memId(x)).isEqualTo(2);
        }
        eth0.remove();
    }

    @Test
    void shouldMoveANicForItsPipe() {
        final EmbeddedInterface eth0 = driver.addInterface(
                "eth0", InterfaceConfig.builder().slots(8).rxBufSize(256).build());
        try (TestPort x = open("netmap:x{1")) {
            try (TestPort pipe = open("netmap:eth0{1@2");
                    TestPort other = open("netmap:eth0{2")) {
                assertThat(memId(pipe)).isEqualTo(2);
                assertThat(memId(other)).as("the parent is still there").isEqualTo(2);
            }
        }
        // x's memory stays as long as the NIC is in it: until somebody opens the NIC and closes it.
        assertThat(driver.audit().total()).isGreaterThan(4_096);
        TestPort.open(driver, "netmap:eth0").close();
        eth0.remove();
    }

    @Test
    void shouldGrowAPrivateMemoryToFitThePort() {
        final Registration request = new Registration("vale0:a", "vale0:a", RegisterMode.ALL_NIC, List.of());
        request.txRings = 3;
        request.rxRings = 2;
        request.txSlots = 600;
        request.rxSlots = 512;
        // 10 ifs of 1024 in 3 pages, 4 + 3 + 16 rings of 5 pages, (8 + 3) * 512 + (8 + 4) * 600 + 2 buffers.
        assertThat(TestPort.pools(driver, request))
                .isEqualTo(new PoolsInfo(
                        12_288 + 23 * 20_480 + 12_848 * 256,
                        2,
                        0,
                        12,
                        1_024,
                        12_288,
                        23,
                        20_480,
                        12_288 + 23 * 20_480,
                        12_848,
                        256));
        assertThat(nextFreeId(driver))
                .as("the port was there for the question only")
                .isEqualTo(2);
    }

    @Test
    void shouldTellTheGlobalPools() {
        final Registration request = new Registration("null:n", "n", RegisterMode.NULL, List.of());
        request.memId = 1;
        final PoolsInfo info = TestPort.pools(driver, request);
        assertThat(info)
                .isEqualTo(new PoolsInfo(
                        102_400 + 200 * 36_864 + 4_096 * 256,
                        1,
                        0,
                        100,
                        1_024,
                        102_400,
                        200,
                        36_864,
                        102_400 + 200 * 36_864,
                        4_096,
                        256));
    }

    @Test
    void shouldMakeRoomForExtraBuffers() {
        try (ValePeer a = ValePeer.open(driver, "vale0:a@conf:slots=8");
                TestPort b = TestPort.open(driver, "vale0:b", 1, 8, 5_000)) {
            assertThat(b.port.extraBuffers()).isEqualTo(5_000);
            // Only the request that makes a port makes room.
            try (TestPort again = TestPort.open(driver, "vale0:a", 1, 8, 5_000)) {
                assertThat(again.port.extraBuffers()).isEqualTo(4_112 - 2 - 16);
            }
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldNameThePoolOfAPrivateMemoryThatIsShort() {
        try (TestPort x = open("netmap:x{1@conf:slots=8")) {
            assertThatThrownBy(() -> open("netmap:x{2@conf:rings=4,slots=1000"))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("Memory 2: priv_buf_num is 4112 and 4094 are free, but 8000 are needed")
                    .hasMessageContaining("EmbeddedConfig.privBufNum to 8018");
            assertThatThrownBy(() -> open("netmap:x{2@conf:rings=9,slots=2"))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("priv_ring_num is 20 and 16 are free, but 36 are needed")
                    .hasMessageContaining("EmbeddedConfig.privRingNum to 40");
            assertThatThrownBy(() -> open("netmap:x{2@conf:slots=2000"))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("priv_ring_size is 20480 and an object of 32256 bytes is needed")
                    .hasMessageContaining("EmbeddedConfig.privRingSize to 32256");
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldNameThePoolThatLacksRoomForAnIf() {
        assertThatThrownBy(() -> open("null:n@conf:rings=80,slots=2"))
                .isInstanceOf(NetmapMemoryException.class)
                .hasMessageContaining("if_size is 1024 and an object of 1352 bytes is needed")
                .hasMessageContaining("EmbeddedConfig.ifSize to 1408");
    }

    @Test
    void shouldRefuseAPortThatNoMemoryCanHold() {
        assertErrno("vale0:a@conf:slots=4084", Errno.EINVAL);
    }

    @Test
    void shouldTellWhichMemoriesArePrivate() {
        try (TestPort x = open("netmap:x{1");
                TestPort global = open("netmap:y{1@1@conf:slots=8")) {
            assertThat(x.port.region().slice(0, 64).getInt(20)).isEqualTo(1);
            assertThat(global.port.region().slice(0, 64).getInt(20)).isZero();
        }
    }

    @Test
    void shouldWriteBackWhatItGave() {
        final Registration request = new Registration("vale0:a", "vale0:a", RegisterMode.ALL_NIC, List.of());
        request.txRings = 99;
        request.rxRings = 2;
        request.rxSlots = 5_000;
        final Adapter adapter = driver.world().lookup(request, true);
        final Binding binding = Binding.register(request, adapter);
        assertThat(List.of(request.txRings, request.rxRings, request.txSlots, request.rxSlots, request.memId))
                .containsExactly(16, 2, 1_024, 4_096, 2);
        binding.release();
    }

    private void assertErrno(final String spec, final Errno errno) {
        assertThatThrownBy(() -> TestPort.open(driver, spec))
                .as(spec)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
