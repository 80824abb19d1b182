package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.operators.PcapFiles.Flavour;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.util.RaceTestUtils;

class PcapReaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    // ---- what is in a file

    @ParameterizedTest(name = "{displayName} {0}")
    @EnumSource
    void shouldReadEveryFlavour(Flavour flavour) throws IOException {
        byte[] first = {1, 2, 3};
        byte[] second = new byte[1514];
        Arrays.fill(second, (byte) 0x5a);
        byte[] file = PcapFiles.concat(List.of(
                PcapFiles.header(flavour, 65535, 101),
                PcapFiles.record(flavour, 1_700_000_000, 999_999, first),
                PcapFiles.record(flavour, -1, 1, second.length, 9000, second),
                PcapFiles.record(flavour, 0, 0, 0, 60, new byte[0])));

        try (PcapReader reader = open(file)) {
            assertThat(reader.linkTypeCode()).isEqualTo(101);
            assertThat(reader.snapLength()).isEqualTo(65535);
            assertThat(reader.next())
                    .isEqualTo(new PcapRecord(
                            1_700_000_000_000_000_000L + 999_999L * flavour.nanosPerTick(), 3, ByteBuffer.wrap(first)));
            assertThat(reader.next())
                    .as("seconds are unsigned")
                    .isEqualTo(new PcapRecord(
                            4_294_967_295_000_000_000L + flavour.nanosPerTick(), 9000, ByteBuffer.wrap(second)));
            assertThat(reader.next()).isEqualTo(new PcapRecord(0, 60, ByteBuffer.allocate(0)));
            assertThat(reader.next()).isNull();
            assertThat(reader.next()).as("the end stays the end").isNull();
        }
    }

    @Test
    void shouldGiveEachRecordABufferOfItsOwn() throws IOException {
        byte[] file = PcapFiles.concat(List.of(
                PcapFiles.header(Flavour.MICROS_LITTLE, 100, 1),
                PcapFiles.record(Flavour.MICROS_LITTLE, 0, 0, new byte[] {1, 2}),
                PcapFiles.record(Flavour.MICROS_LITTLE, 0, 0, new byte[] {3, 4})));

        try (PcapReader reader = open(file)) {
            ByteBuffer first = reader.next().data();
            ByteBuffer second = reader.next().data();

            assertThat(first.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(first.hasArray()).isTrue();
            assertThat(first.getShort(0)).isEqualTo((short) 0x0102);
            assertThat(second.getShort(0)).isEqualTo((short) 0x0304);
        }
    }

    @Test
    void shouldLeaveTheFcsLengthOutOfTheLinkType() throws IOException {
        try (PcapReader reader = open(PcapFiles.header(Flavour.MICROS_BIG, 0, 0x34000001))) {
            assertThat(reader.linkTypeCode()).isEqualTo(1);
            assertThat(reader.snapLength()).isZero();
        }
    }

    @Test
    void shouldDeliverRecordsLongerThanTheSnapshotLength() throws IOException {
        byte[] data = new byte[210];
        byte[] file = PcapFiles.concat(List.of(
                PcapFiles.header(Flavour.MICROS_LITTLE, 143, 1), PcapFiles.record(Flavour.MICROS_LITTLE, 0, 0, data)));

        try (PcapReader reader = open(file)) {
            assertThat(reader.next().data().remaining()).isEqualTo(210);
        }
    }

    @Test
    void shouldReadRecordsBeyondTheUsualLimitWhereTheFileAllowsThem() throws IOException {
        byte[] data = new byte[300_000];
        data[299_999] = 7;
        byte[] file = PcapFiles.concat(List.of(
                PcapFiles.header(Flavour.NANOS_BIG, 300_000, 1), PcapFiles.record(Flavour.NANOS_BIG, 0, 0, data)));

        try (PcapReader reader = open(file)) {
            assertThat(reader.next().data().get(299_999)).isEqualTo((byte) 7);
        }
    }

    @Test
    void shouldSaturateAnImpossibleWireLength() throws IOException {
        byte[] file = PcapFiles.concat(List.of(
                PcapFiles.header(Flavour.MICROS_LITTLE, 100, 1),
                PcapFiles.record(Flavour.MICROS_LITTLE, 0, 0, 1, -1, new byte[1])));

        try (PcapReader reader = open(file)) {
            assertThat(reader.next().wireLength()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    // ---- what is not a pcap file

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000 | this is a pcapng file, which is not supported",
                "1f8b0800000000000003 | this file is compressed",
                "34cdb2a10200040000000000000000000000040001000000 | Kuznetzov's patch",
                "a1b2cd340002000400000000000000000004000000000001 | Kuznetzov's patch",
                "474554202f20485454502f312e310d0a0d0a000000000000 | not a pcap file: it begins with 0x47455420",
                "a1b2c3d40002000300000000000000000004000000000001 | pcap version 2.3 is not supported, only 2.4",
                "a1b2c3d40004000200000000000000000004000000000001 | pcap version 4.2 is not supported, only 2.4",
                "a1b2 | not a pcap file: it has only 2 bytes",
                "'' | not a pcap file: it has only 0 bytes",
            })
    void shouldSayWhatAForeignFileIs(String hex, String problem) {
        assertThatThrownBy(() -> open(HexFormat.of().parseHex(hex)))
                .isInstanceOf(PcapFormatException.class)
                .hasMessageStartingWith("test.pcap, byte 0: ")
                .hasMessageContaining(problem);
    }

    @Test
    void shouldCloseTheFileThatItRefuses() {
        AtomicInteger closed = new AtomicInteger();

        assertThatThrownBy(() -> PcapReader.open(counting(new byte[100], closed), "x"))
                .isInstanceOf(PcapFormatException.class);
        assertThat(closed).hasValue(1);
    }

    // ---- damage

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "262145, 65535, 262144",
        "2147483647, 65535, 262144",
        "-1, 65535, 262144",
        "300001, 300000, 300000",
        "134217729, -1, 134217728",
        "-1, -1, 134217728"
    })
    void shouldRefuseAnAbsurdCapturedLength(int claimed, int snapLength, long limit) throws IOException {
        byte[] file = PcapFiles.concat(List.of(
                PcapFiles.header(Flavour.MICROS_LITTLE, snapLength, 1),
                PcapFiles.record(Flavour.MICROS_LITTLE, 0, 0, new byte[4]),
                PcapFiles.record(Flavour.MICROS_LITTLE, 0, 0, claimed, claimed, new byte[1000])));

        try (PcapReader reader = open(file)) {
            assertThat(reader.next()).isNotNull();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(reader::next)
                        .isInstanceOfSatisfying(
                                PcapFormatException.class,
                                e -> assertThat(e.byteOffset()).isEqualTo(44))
                        .hasMessageStartingWith("test.pcap, byte 44: the record claims "
                                + Integer.toUnsignedString(claimed) + " captured bytes, more than the " + limit);
            }
        }
    }

    @Test
    void shouldNotAllocateWhatALengthFieldClaims() throws IOException {
        byte[] file = PcapFiles.concat(List.of(
                PcapFiles.header(Flavour.MICROS_LITTLE, -1, 1),
                PcapFiles.record(Flavour.MICROS_LITTLE, 0, 0, 128 << 20, 128 << 20, new byte[1000])));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        try (PcapReader reader = open(file)) {
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(reader::next)
                    .hasMessage("test.pcap, byte 24: the record is cut short: 1000 of 134217728 captured bytes");
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10 << 20);
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @EnumSource
    void shouldDeliverWhatIsBeforeACutAndSayWhereItIs(Flavour flavour) throws IOException {
        List<byte[]> parts = new ArrayList<>(List.of(PcapFiles.header(flavour, 65535, 1)));
        List<Integer> ends = new ArrayList<>(List.of(PcapFiles.FILE_HEADER_LENGTH));
        for (int length : new int[] {0, 1, 60, 17}) {
            parts.add(PcapFiles.record(flavour, 1, 2, new byte[length]));
            ends.add(ends.get(ends.size() - 1) + PcapFiles.RECORD_HEADER_LENGTH + length);
        }
        byte[] file = PcapFiles.concat(parts);

        for (int length = 0; length <= file.length; length++) {
            assertCut(Arrays.copyOf(file, length), ends);
        }
    }

    private static void assertCut(byte[] file, List<Integer> ends) throws IOException {
        long whole = ends.stream().filter(end -> end <= file.length).count() - 1;
        if (whole < 0) {
            assertThatThrownBy(() -> open(file))
                    .as("%d bytes", file.length)
                    .isInstanceOf(PcapFormatException.class)
                    .hasMessageContaining(file.length < 4 ? "it has only" : "the file header is cut short");
            return;
        }
        try (PcapReader reader = open(file)) {
            for (int i = 0; i < whole; i++) {
                assertThat(reader.next())
                        .as("record %d of %d bytes", i, file.length)
                        .isNotNull();
            }
            int start = ends.get((int) whole);
            if (start == file.length) {
                assertThat(reader.next()).isNull();
            } else {
                assertThatThrownBy(reader::next)
                        .as("%d bytes", file.length)
                        .isInstanceOfSatisfying(
                                PcapFormatException.class,
                                e -> assertThat(e.byteOffset()).isEqualTo(start))
                        .hasMessageStartingWith("test.pcap, byte " + start + ": the record ")
                        .hasMessageContaining(" cut short: ");
            }
        }
    }

    @Test
    void shouldTakeAnyBytesBehindAGoodMagic() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            Flavour flavour = random.nextBoolean() ? Flavour.MICROS_BIG : Flavour.NANOS_LITTLE;
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            byte[] file = PcapFiles.concat(List.of(PcapFiles.header(flavour, random.nextInt(), 1), noise));
            try (PcapReader reader = open(file)) {
                int records = 0;
                while (reader.next() != null) {
                    records++;
                }
                assertThat(records).as("seed %d", seed).isLessThan(200);
            } catch (PcapFormatException e) {
                assertThat(e.byteOffset()).as("seed %d", seed).isBetween(0L, (long) file.length);
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i, e);
            }
        }
    }

    // ---- as a stream

    @Test
    void shouldStreamAFileToEachSubscriber() throws IOException {
        Path path = fileOf(1000, new byte[0]);

        for (int i = 0; i < 2; i++) {
            StepVerifier.create(
                            PcapReader.read(path).map(record -> record.data().getInt(0)))
                    .expectNextSequence(IntStream.range(0, 1000).boxed().toList())
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Test
    void shouldReadNoMoreThanIsRequested() throws IOException {
        StepVerifier.create(PcapReader.read(fileOf(1000, new byte[0])), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNextCount(1)
                .thenRequest(3)
                .expectNextCount(3)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void shouldDeliverTheRecordsBeforeTheDamage() throws IOException {
        StepVerifier.create(PcapReader.read(fileOf(10, new byte[5])))
                .expectNextCount(10)
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(PcapFormatException.class)
                        .hasMessageEndingWith("test.pcap, byte 224: the record header is cut short: 5 of 16 bytes"))
                .verify(PATIENCE);
    }

    @Test
    void shouldFailTheStreamWhereTheFileIsMissing() {
        StepVerifier.create(PcapReader.read(folder.resolve("missing.pcap")))
                .expectErrorSatisfies(
                        e -> assertThat(e).isInstanceOf(IOException.class).hasMessageContaining("missing.pcap"))
                .verify(PATIENCE);
    }

    @Test
    void shouldServeThreadsThatMustNotBlock() throws IOException {
        Path path = fileOf(1000, new byte[0]);

        StepVerifier.create(PcapReader.read(path)
                        .doOnNext(record ->
                                assertThat(Schedulers.isInNonBlockingThread()).isFalse())
                        .subscribeOn(Schedulers.parallel())
                        .publishOn(Schedulers.parallel(), 16))
                .expectNextCount(1000)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void shouldReadFromAnyFileSystem() throws IOException {
        Path zip = folder.resolve("captures.zip");
        try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path inside = files.getPath("/inside.pcap");
            Files.write(inside, PcapFiles.header(Flavour.NANOS_LITTLE, 1, 228));

            try (PcapReader reader = PcapReader.open(inside)) {
                assertThat(reader.linkTypeCode()).isEqualTo(228);
                assertThat(reader.next()).isNull();
            }
        }
    }

    // ---- closing

    @Test
    void shouldCloseTheFileAtTheEndOfAStreamAndOnErrorAndOnCancel() throws IOException {
        byte[] whole = Files.readAllBytes(fileOf(100, new byte[0]));
        byte[] damaged = Files.readAllBytes(fileOf(100, new byte[1]));
        AtomicInteger closed = new AtomicInteger();

        StepVerifier.create(streaming(whole, closed))
                .expectNextCount(100)
                .expectComplete()
                .verify(PATIENCE);
        assertEventually(closed, 1);
        StepVerifier.create(streaming(damaged, closed))
                .expectNextCount(100)
                .expectError(PcapFormatException.class)
                .verify(PATIENCE);
        assertEventually(closed, 2);
        StepVerifier.create(streaming(whole, closed).take(7))
                .expectNextCount(7)
                .expectComplete()
                .verify(PATIENCE);
        assertEventually(closed, 3);
        StepVerifier.create(streaming(whole, closed), 0)
                .expectSubscription()
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void shouldCloseEveryFileItOpenedWhenCancelRacesReading() throws IOException {
        byte[] file = Files.readAllBytes(fileOf(50, new byte[0]));
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            for (int i = 0; i < 2_000; i++) {
                Disposable subscription = PcapReader.read(() -> {
                            opened.incrementAndGet();
                            return PcapReader.open(counting(file, closed), "test.pcap");
                        })
                        .subscribe();
                RaceTestUtils.race(subscription::dispose, Thread::yield);
            }
            // a reader may still be on its way to its close, and the last subscription on its way to its open
            assertEventually(() -> closed.get() == opened.get());
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).isEmpty();
    }

    @Test
    void shouldFailAfterClose() throws IOException {
        PcapReader reader = open(PcapFiles.header(Flavour.NANOS_LITTLE, 1, 1));
        reader.close();
        reader.close();

        assertThatThrownBy(reader::next).isInstanceOf(IOException.class);
    }

    @Test
    void shouldCheckTheNumbersOfARecord() {
        assertThatThrownBy(() -> new PcapRecord(-1, 0, ByteBuffer.allocate(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timestampNanos must be 0 or more, was -1");
        assertThatThrownBy(() -> new PcapRecord(0, -1, ByteBuffer.allocate(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wireLength must be 0 or more, was -1");
    }

    // ---- helpers

    private static PcapReader open(byte[] file) throws IOException {
        return PcapReader.open(new ByteArrayInputStream(file), "test.pcap");
    }

    /** Records of four bytes, which hold their number, and then some more bytes. */
    private Path fileOf(int records, byte[] tail) throws IOException {
        List<byte[]> parts = new ArrayList<>(List.of(PcapFiles.header(Flavour.MICROS_LITTLE, 65535, 1)));
        for (int i = 0; i < records; i++) {
            byte[] data = ByteBuffer.allocate(4).putInt(i).array();
            parts.add(PcapFiles.record(Flavour.MICROS_LITTLE, i, 0, data));
        }
        parts.add(tail);
        return Files.write(folder.resolve("test.pcap"), PcapFiles.concat(parts));
    }

    private static Flux<PcapRecord> streaming(byte[] file, AtomicInteger closed) {
        return PcapReader.read(() -> PcapReader.open(counting(file, closed), "test.pcap"));
    }

    /** The file is closed behind the last signal, on the stream's own thread. */
    private static void assertEventually(AtomicInteger counter, int expected) {
        assertEventually(() -> counter.get() == expected);
        assertThat(counter).hasValue(expected);
    }

    private static void assertEventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static InputStream counting(byte[] bytes, AtomicInteger closed) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }
}
