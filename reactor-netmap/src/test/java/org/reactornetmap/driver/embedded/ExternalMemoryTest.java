package org.reactornetmap.driver.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** {@code @extmem}: a memory in a file, as netmap_mem_ext_create lays it out. */
@SuppressWarnings("try") // some ports are only held open
class ExternalMemoryTest {
    private static final String NUMBERS = ",if-num=4,if-size=512,ring-num=8,ring-size=512,buf-num=64,buf-size=256";

    /** One page of ifs, one of rings, four of buffers. */
    private static final int LEAST = 6 * 4_096;

    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    @TempDir
    Path directory;

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        assertThat(driver.audit().total()).as("the memory is gone").isEqualTo(4_096);
    }

    private Path file(final long bytes) throws IOException {
        final Path file = directory.resolve("memory" + bytes);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
        return file;
    }

    private static String extmem(final Path file) {
        return "@extmem:file=" + file + NUMBERS;
    }

    @Test
    void shouldKeepRingsAndFramesInTheFile() throws IOException {
        final Path file = file(LEAST);
        try (TestPort a = TestPort.open(driver, "netmap:x{1" + extmem(file), 1, 8);
                TestPort b = TestPort.open(driver, "netmap:x}1@conf:slots=8")) {
            assertThat(b.port.region().memId())
                    .isEqualTo(a.port.region().memId())
                    .isEqualTo(2);
            final NetmapRing tx = a.tx();
            final int bufIdx = NetmapSlotDescriptor.bufIdx(tx.slotWord(0));
            final byte[] frame = "a frame that stands in the file".getBytes(ISO_8859_1);
            tx.buffers().slice(bufIdx).put(frame);
            tx.slotWord(0, NetmapSlotDescriptor.word(bufIdx, frame.length, 0));
            TestPort.advance(tx, 1);
            a.port.txSync();
            b.port.rxSync();
            assertThat(TestPort.space(b.rx())).isEqualTo(1);

            final byte[] bytes = Files.readAllBytes(file);
            assertThat(new String(bytes, 2 * 4_096 + bufIdx * 256, frame.length, ISO_8859_1))
                    .isEqualTo("a frame that stands in the file");
            assertThat(new String(bytes, 0, 3, ISO_8859_1)).as("ni_name").isEqualTo("x{1");
            final long txOffset = a.port.region().slice(0, 64).getLong(56);
            assertThat(bytes[(int) txOffset + 20]).as("head of the TX ring").isEqualTo((byte) 1);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
        assertThat(Files.size(file)).isEqualTo(LEAST);
    }

    @Test
    void shouldGiveAllTheRestOfTheFileToTheBuffers() throws IOException {
        final Path file = file(LEAST + 3 * 4_096);
        try (TestPort a = TestPort.open(driver, "netmap:x{1" + extmem(file), 1, 8)) {
            assertThat(info("x")).isEqualTo(new PoolsInfo(9 * 4_096, 2, 0, 4, 512, 4_096, 8, 512, 8_192, 112, 256));
            assertThat(a.tx().buffers().total()).isEqualTo(112);
            assertThat(driver.audit().total()).isEqualTo(4_096 + 112);
        }
    }

    @Test
    void shouldNotUseABufferThatTheFileCuts() throws IOException {
        // The last page is only half in the file: the kernel counts its buffers, but nothing may be written behind it.
        final Path file = file(LEAST + 4_096 + 300);
        try (TestPort a = TestPort.open(driver, "netmap:x{1" + extmem(file), 1, 8)) {
            assertThat(info("x").bufPoolObjTotal()).isEqualTo(90);
            assertThat(a.tx().buffers().total()).isEqualTo(64 + 16 + 1);
        }
        assertThat(Files.size(file)).isEqualTo(LEAST + 4_096 + 300);
    }

    @Test
    void shouldTakeTheLeastPrivateNumbersForWhatIsNotGiven() throws IOException {
        final Path file = file(4_096 + 4 * 20_480 + 4_098 * 256);
        try (TestPort a = TestPort.open(driver, "vale0:a@extmem=" + file, 1, 8)) {
            assertThat(info("vale0:a"))
                    .isEqualTo(new PoolsInfo(
                            4_096 + 4 * 20_480 + 257 * 4_096,
                            2,
                            0,
                            2,
                            1_024,
                            4_096,
                            4,
                            20_480,
                            4_096 + 4 * 20_480,
                            4_106,
                            256));
            assertThat(a.tx().buffers().total()).isEqualTo(4_098);
        }
    }

    @Test
    void shouldHaveOneMemoryForOneFile() throws IOException {
        final Path file = file(LEAST);
        final Path link = Files.createLink(directory.resolve("link"), file);
        try (TestPort a = TestPort.open(driver, "netmap:x{1" + extmem(file), 1, 4);
                TestPort b = TestPort.open(driver, "null:m@extmem=" + link + "@conf:rings=1,slots=4");
                TestPort c = TestPort.open(driver, "null:n@2@conf:rings=1,slots=4")) {
            assertThat(List.of(a, b, c)).allMatch(port -> port.port.region().memId() == 2);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
        try (TestPort again = TestPort.open(driver, "netmap:y{1" + extmem(file), 1, 4)) {
            assertThat(again.port.region().memId()).isEqualTo(2);
        }
    }

    @Test
    void shouldLeaveAPipeThatExistsInItsMemory() throws IOException {
        final Path file = file(LEAST);
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 8);
                TestPort again = TestPort.open(driver, "netmap:x{1" + extmem(file))) {
            assertThat(again.port.region().memId()).isEqualTo(1);
            // But its parent is an interface that nobody has open: that moves, and takes the file with it.
            assertThat(info("x").memId()).isEqualTo(2);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldSendThroughASwitchFromAFile() throws IOException {
        try (ValePeer a = ValePeer.open(driver, "vale0:a" + extmem(file(LEAST)), 1, 8);
                ValePeer b = ValePeer.open(driver, "vale0:b@1", 1, 8)) {
            a.put(2, 1, 77).send();
            assertThat(b.receive()).containsExactly(77);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @ParameterizedTest(name = "{displayName} {0} {1}")
    @CsvSource({"24575, ENOMEM", "4096, ENOMEM", "1, ENOMEM", "0, EINVAL"})
    void shouldRefuseAFileThatIsTooSmall(final int bytes, final Errno errno) throws IOException {
        assertErrno("netmap:x{1" + extmem(file(bytes)), errno);
    }

    @Test
    void shouldRefuseAFileThatIsTooSmallBecausePoolsBeginAtPages() throws IOException {
        // 20 + 512 + 2 * 4096 bytes: enough in sum, but the buffers would begin at the file's end.
        final String numbers = ",if-num=1,if-size=64,ring-num=1,ring-size=512,buf-num=2,buf-size=256";
        assertErrno("netmap:x{1@extmem:file=" + file(2 * 4_096) + numbers, Errno.ENOMEM);
    }

    @Test
    void shouldRefuseNumbersThatTheFileCannotHold() throws IOException {
        final Path file = file(LEAST);
        assertErrno("vale0:a@extmem:file=" + file + ",ring-size=1048576", Errno.ENOMEM);
        assertErrno("vale0:a@extmem:file=" + file + ",buf-num=2147483647,buf-size=65536", Errno.ENOMEM);
        assertErrno("vale0:a" + extmem(file).replace("buf-size=256", "buf-size=32"), Errno.EINVAL);
        // The file holds the pools, the pools don't hold the port.
        assertErrno("vale0:a" + extmem(file) + "@conf:slots=17", Errno.ENOMEM);
        assertErrno("vale0:a" + extmem(file) + "@conf:rings=5,slots=4", Errno.ENOMEM);
    }

    @Test
    void shouldRefuseWhatIsNoFile() {
        assertErrno("netmap:x{1@extmem=" + directory.resolve("none"), Errno.ENOENT);
        assertErrno("netmap:x{1@extmem=" + directory, Errno.EINVAL);
    }

    private PoolsInfo info(final String port) {
        return TestPort.pools(driver, new Registration(port, port, RegisterMode.ALL_NIC, List.of()));
    }

    private void assertErrno(final String spec, final Errno errno) {
        assertThatThrownBy(() -> TestPort.open(driver, spec))
                .as(spec)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
        assertThat(driver.audit().total()).isEqualTo(4_096);
    }
}
