package org.reactornetmap.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A region beyond what an int can address, on a sparse file: almost nothing of it is ever written. */
@Timeout(60)
class LargeRegionTest {
    private static final long GIB = 1L << 30;
    private static final long SIZE = 5 * GIB + 12_345;

    @TempDir
    private Path folder;

    private FileChannel channel;
    private SparseMemory memory;
    private Region region;

    /** Maps what it is asked for and remembers it. */
    private final class SparseMemory implements RegionMemory {
        private final List<long[]> maps = new ArrayList<>();

        @Override
        public long sizeBytes() {
            return SIZE;
        }

        @Override
        public ByteBuffer map(final long offset, final int length) {
            maps.add(new long[] {offset, length});
            try {
                return channel.map(FileChannel.MapMode.READ_WRITE, offset, length)
                        .order(ByteOrder.nativeOrder());
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void makeSparseFile() throws IOException {
        channel = FileChannel.open(
                folder.resolve("region"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        boolean sparse;
        try {
            channel.write(ByteBuffer.allocate(1), SIZE - 1);
            sparse = allocatedKiB(folder.resolve("region")) < 100_000;
        } catch (final IOException e) {
            sparse = false;
        }
        assumeTrue(sparse, "the file system of " + folder + " has no sparse files of 5 GiB");
        memory = new SparseMemory();
        region = new Region(memory, 1);
    }

    /** What the file takes on disk, 0 if it can't be told. */
    private static long allocatedKiB(final Path file) throws IOException {
        final Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        try (var reader = du.inputReader()) {
            final String line = reader.readLine();
            du.waitFor(10, TimeUnit.SECONDS);
            return line == null ? 0 : Long.parseLong(line.replaceAll("\\D.*", ""));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @Test
    void shouldFindRingsAndBuffersBeyond2GiB() {
        final long ringOffset = 3 * GIB + 64;
        final long poolOffset = 3 * GIB + 4_096;
        FakeRegion.ring(memory, ringOffset, poolOffset, 100, 2_048, 7, true);
        FakeRegion.netmapIf(memory, 2 * GIB + 4_096, "big", new int[] {0, 0, 1, 0}, GIB + 64 - 4_096);
        final NetmapRing ring = region.netmapIf(2 * GIB + 4_096).rxRings().get(0);
        assertThat(ring.ringId()).isEqualTo(7);
        final int last = ring.buffers().total() - 1;
        assertThat((long) last * 2_048).isGreaterThan(2 * GIB - 8_192);
        ring.buffers().slice(last).putLong(2_040, 0x1234_5678_9ABC_DEF0L);
        assertThat(readBigEndian(poolOffset + last * 2_048L + 2_040)).isEqualTo(0x1234_5678_9ABC_DEF0L);
    }

    private long readBigEndian(final long offset) {
        final ByteBuffer bytes = ByteBuffer.allocate(8);
        try {
            assertThat(channel.read(bytes, offset)).isEqualTo(8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.getLong(0);
    }

    @ParameterizedTest(name = "{displayName} buffers of {0} bytes")
    @ValueSource(ints = {64, 2_048, 1_536, 9_216, 65_536})
    void shouldMapWholeBuffersInRootsOfAtMost1GiB(final int bufSize) {
        FakeRegion.ring(memory, 0, 4_096, 8, bufSize, 0, false);
        memory.maps.clear();
        final Buffers buffers = region.ring(0).buffers();
        long expected = 4_096;
        for (final long[] map : memory.maps.subList(2, memory.maps.size())) {
            assertThat(map[0]).as("no gap, no overlap").isEqualTo(expected);
            assertThat(map[1]).isLessThanOrEqualTo(1 << 30);
            assertThat(map[1] % bufSize).as("no buffer is split").isZero();
            expected += map[1];
        }
        assertThat(expected).isEqualTo(4_096 + (long) buffers.total() * bufSize);
        assertThat(SIZE - expected).isLessThan(bufSize);
        assertThat(memory.maps.size()).isGreaterThanOrEqualTo(2 + 5);
    }

    @ParameterizedTest(name = "{displayName} buffers of {0} bytes")
    @ValueSource(ints = {2_048, 9_216})
    void shouldGiveEachIndexItsOwnBytesAcrossBlocks(final int bufSize) {
        FakeRegion.ring(memory, 0, 4_096, 8, bufSize, 0, false);
        final Buffers buffers = region.ring(0).buffers();
        final int perBlock = Buffers.buffersPerBlock(bufSize);
        for (final int bufIdx :
                new int[] {2, perBlock - 1, perBlock, perBlock + 1, 2 * perBlock, 4 * perBlock, buffers.total() - 1}) {
            buffers.slice(bufIdx).putLong(0, bufIdx).putLong(bufSize - 8, -bufIdx);
            assertThat(readBigEndian(4_096 + (long) bufIdx * bufSize)).isEqualTo(bufIdx);
            assertThat(readBigEndian(4_096 + (long) (bufIdx + 1) * bufSize - 8)).isEqualTo(-bufIdx);
            assertThat(buffers.block(bufIdx).order()).isEqualTo(ByteOrder.nativeOrder());
        }
    }

    @Test
    void shouldRefuseARootOverOneGiB() {
        assertThat(region.slice(4 * GIB, 1 << 30).capacity()).isEqualTo(1 << 30);
        assertThatThrownBy(() -> region.slice(0, (1 << 30) + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> region.slice(SIZE - 10, 11)).isInstanceOf(IllegalArgumentException.class);
    }
}
