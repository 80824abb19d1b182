package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedInterface;
import org.reactornetmap.driver.embedded.InterfaceConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxClaim;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import reactor.core.publisher.Flux;

/** DESIGN "Transmit": buffers are swapped within one memory and copied between two, and frames stand at their offsets. */
@Timeout(60)
class MemoryContractTest {
    private static final int SLOTS = 16;
    private static final int BUF_SIZE = 128;

    private final NetmapLoop loop = NetmapLoop.manual();
    private final EmbeddedNetmap netmap = EmbeddedNetmap.forTests(EmbeddedConfig.builder()
            .buffers(1_024)
            .bufSize(BUF_SIZE)
            .defaultSlots(SLOTS)
            .build());

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        assertThat(netmap.driver().audit().duplicated()).isEmpty();
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private NetmapPort open(final String spec) {
        return netmap.open(spec, PortOptions.builder().loop(loop).build());
    }

    private TxReport finish(final CompletableFuture<TxReport> send) throws InterruptedException {
        ContractB.work(send::isDone, loop);
        return ContractB.get(send);
    }

    private TxReport inject(final NetmapPort port, final int from, final int count, final int bytes)
            throws InterruptedException {
        return finish(port.sendFrames(Flux.range(from, count).map(number -> frame(number, bytes)))
                .toFuture());
    }

    /** A numbered frame for everybody: a switch sends it to every port. */
    private static ByteBuffer frame(final int number, final int bytes) {
        return ContractB.frame(number, bytes).putShort(0, (short) -1).putInt(2, -1);
    }

    /** Sends ten frames through {@code source}, forwards them from {@code in} to {@code out}, reads them at the sink. */
    private TxReport forward(
            final NetmapPort source, final NetmapPort in, final NetmapPort out, final NetmapPort sink, final int bytes)
            throws InterruptedException {
        final CompletableFuture<TxReport> send =
                in.packets().take(10).as(out::send).toFuture();
        final List<Integer> received = new ArrayList<>();
        final CompletableFuture<List<Integer>> numbers = ContractB.numbers(sink.packets())
                .take(10)
                .doOnNext(received::add)
                .collectList()
                .toFuture();
        inject(source, 0, 10, bytes);
        final TxReport report = finish(send);
        ContractB.work(numbers::isDone, loop);
        assertThat(received).containsExactlyElementsOf(range(10));
        assertThat(report.sent()).isEqualTo(10);
        assertThat(report.swapped() + report.copied()).isEqualTo(10);
        assertThat(report.bytes()).isEqualTo(10L * bytes);
        return report;
    }

    private static List<Integer> range(final int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    @ParameterizedTest(name = "{displayName} {0} {1}")
    @CsvSource({
        // in and source, out and sink, swapped
        "netmap:x{1, netmap:y{1, 0", // each parent has its memory
        "netmap:x{1, netmap:x{2, 10", // one parent
        "netmap:x{1@1, netmap:y{1@1, 10",
        "netmap:x{1@1, netmap:y{1, 0",
        "netmap:x{1, netmap:y{1@2, 10", // the first private memory's id
        "netmap:x{1, netmap:y{1@share=netmap:x{1, 10"
    })
    void shouldSwapWithinAMemoryAndCopyBetweenTwo(final String first, final String second, final int swapped)
            throws InterruptedException {
        final NetmapPort source = open(first);
        final NetmapPort in = open(first.replace('{', '}').replace("@share=netmap:x}1", ""));
        final NetmapPort out = open(second);
        final NetmapPort sink = open(second.replaceFirst("y\\{|x\\{(?=2)", second.contains("y{") ? "y}" : "x}"));
        for (final int bytes : new int[] {ContractB.FRAME_BYTES, 3 * BUF_SIZE - 1}) {
            assertThat(forward(source, in, out, sink, bytes).swapped()).isEqualTo(swapped);
        }
    }

    @Test
    void shouldSwapBetweenANicAndItsPipe() throws InterruptedException {
        final EmbeddedInterface eth0 = netmap.driver()
                .addInterface(
                        "eth0", InterfaceConfig.builder().slots(SLOTS).mtu(100).build());
        final NetmapPort in = open("netmap:eth0");
        final NetmapPort out = open("netmap:eth0{1");
        final NetmapPort sink = open("netmap:eth0}1");
        final CompletableFuture<TxReport> send =
                in.packets().take(10).as(out::send).toFuture();
        final CompletableFuture<List<Integer>> numbers =
                ContractB.numbers(sink.packets()).take(10).collectList().toFuture();
        for (int i = 0; i < 10; i++) {
            eth0.receive(ContractB.frame(i));
        }
        assertThat(finish(send).swapped()).isEqualTo(10);
        ContractB.work(numbers::isDone, loop);
        assertThat(ContractB.get(numbers)).isEqualTo(range(10));
    }

    @Test
    void shouldDecideForEachPacket() throws InterruptedException {
        final NetmapPort near = open("netmap:x{1@1");
        final NetmapPort nearIn = open("netmap:x}1@1");
        final NetmapPort far = open("netmap:y{1");
        final NetmapPort farIn = open("netmap:y}1");
        final NetmapPort out = open("netmap:z{1@1");
        final NetmapPort sink = open("netmap:z}1@1");
        inject(near, 0, 7, ContractB.FRAME_BYTES);
        inject(far, 100, 5, ContractB.FRAME_BYTES);
        final TxReport report =
                finish(Flux.merge(nearIn.packets().take(7), farIn.packets().take(5))
                        .as(out::send)
                        .toFuture());
        assertThat(report.swapped()).isEqualTo(7);
        assertThat(report.copied()).isEqualTo(5);
        final CompletableFuture<List<Integer>> numbers =
                ContractB.numbers(sink.packets()).take(12).collectList().toFuture();
        ContractB.work(numbers::isDone, loop);
        assertThat(ContractB.get(numbers)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 100, 101, 102, 103, 104);
    }

    @Test
    void shouldSwapWithinAFile() throws InterruptedException, IOException {
        final Path file = directory.resolve("memory");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(1 << 20);
        }
        final String extmem = "@extmem:file=" + file + ",if-num=8,ring-num=16,ring-size=1024,buf-num=512";
        final NetmapPort source = open("netmap:x{1" + extmem);
        final NetmapPort in = open("netmap:x}1");
        final NetmapPort out = open("netmap:x{2");
        final NetmapPort sink = open("netmap:x}2");
        assertThat(forward(source, in, out, sink, ContractB.FRAME_BYTES).swapped())
                .isEqualTo(10);

        final List<Packet> held = new ArrayList<>();
        sink.packets().subscribe(held::add);
        inject(out, 40, 3, ContractB.FRAME_BYTES);
        ContractB.settle(loop);
        assertThat(held).hasSize(3);
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        assertThat(held).allMatch(packet -> contains(bytes, ByteBuffer.wrap(packet.toBytes())));
        held.forEach(Packet::release);
        ContractB.settle(loop);
    }

    private static boolean contains(final ByteBuffer memory, final ByteBuffer frame) {
        boolean found = false;
        for (int at = 0; at <= memory.limit() - frame.limit() && !found; at += BUF_SIZE) {
            found = memory.slice(at, frame.limit()).equals(frame);
        }
        return found;
    }

    @ParameterizedTest(name = "{displayName} {0} bytes")
    @ValueSource(ints = {64, 96, 97, 400, 960})
    void shouldReadAndWriteFramesAtTheirOffset(final int bytes) throws InterruptedException {
        final NetmapPort source = open("netmap:x{1@offset=32");
        final NetmapPort sink = open("netmap:x}1");
        final CompletableFuture<List<byte[]>> received = sink.packets()
                .take(10)
                .map(packet -> {
                    assertThat(ContractB.number(packet)).isNotNegative();
                    // 96 bytes behind the offset in each buffer of 128.
                    assertThat(packet.segments()).isEqualTo((bytes + 95) / 96);
                    final byte[] copy = packet.toBytes();
                    if (packet.segments() == 1) {
                        assertThat(packet.buffer()).isEqualTo(ByteBuffer.wrap(copy));
                    }
                    assertThat(packet.segment(0).get(12)).isEqualTo(copy[12]);
                    packet.release();
                    return copy;
                })
                .collectList()
                .toFuture();
        final TxReport report = inject(source, 0, 10, bytes);
        assertThat(report.sent()).isEqualTo(10);
        ContractB.work(received::isDone, loop);
        final List<byte[]> frames = ContractB.get(received);
        for (int i = 0; i < 10; i++) {
            assertThat(frames.get(i)).isEqualTo(frame(i, bytes).array());
        }
    }

    @Test
    void shouldRejectAFrameThatDoesNotFitBehindTheOffsets() throws InterruptedException {
        final NetmapPort source = open("netmap:x{1@offset=32");
        final int most = (BUF_SIZE - 32) * (SLOTS - 1);
        assertThat(inject(source, 0, 1, most).sent()).isEqualTo(1);
        final NetmapPort other = open("netmap:y{1@offset=32");
        assertThat(inject(other, 0, 1, most + 1).rejected()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{displayName} {0} to {1}")
    @CsvSource({
        "32, 32, 10", // the same place
        "32, 0, 0", // the slots can't say where the frame begins
        "0, 32, 0", // a receiver with offsets would look at 32
        "32, 64, 0",
        "64, 32, 0" // beyond the largest offset
    })
    void shouldSwapAFrameOnlyIntoASlotThatMaySayWhereItBegins(final int from, final int to, final int swapped)
            throws InterruptedException {
        final NetmapPort source = open(offset("netmap:x{1@1", from));
        final NetmapPort in = open("netmap:x}1@1");
        final NetmapPort out = open(offset("netmap:y{1@1", to));
        final NetmapPort sink = open("netmap:y}1@1");
        for (final int bytes : new int[] {ContractB.FRAME_BYTES, 2 * BUF_SIZE}) {
            for (int i = 0; i < 5; i++) {
                assertThat(forward(source, in, out, sink, bytes).swapped()).isEqualTo(swapped);
            }
        }
    }

    private static String offset(final String spec, final int offset) {
        return offset == 0 ? spec : spec + "@offset=" + offset;
    }

    @Test
    void shouldForwardBetweenSwitchPortsWithOffsets() throws InterruptedException {
        final NetmapPort source = open("vale0:a@1@offset=64");
        final NetmapPort in = open("vale0:b@1@offset=64");
        final NetmapPort out = open("netmap:y{1@1@offset=64");
        final NetmapPort sink = open("netmap:y}1@1");
        // The frames' destination is unknown, so the switch sends them to all.
        assertThat(forward(source, in, out, sink, ContractB.FRAME_BYTES).swapped())
                .isEqualTo(10);
    }

    @Test
    void shouldClaimBehindTheOffset() throws InterruptedException {
        final NetmapPort source = open("netmap:x{1@offset=32");
        final NetmapPort sink = open("netmap:x}1");
        final TxClaim claim = source.tx(0).claim(BUF_SIZE - 32);
        assertThat(claim).isNotNull();
        claim.buffer().put(ContractB.frame(5, BUF_SIZE - 32));
        claim.commit();
        assertThatThrownBy(() -> source.tx(0).claim(BUF_SIZE - 31))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 1..96");
        final CompletableFuture<List<Integer>> numbers =
                ContractB.numbers(sink.packets()).take(1).collectList().toFuture();
        ContractB.work(numbers::isDone, loop);
        assertThat(ContractB.get(numbers)).containsExactly(5);
    }

    @Test
    void shouldNotFollowAnOffsetThatLeadsOutOfTheBuffer() {
        final NetmapPort sink = open("netmap:x}1@1@offset:initial=0,bits=32");
        final List<Integer> numbers = new ArrayList<>();
        sink.packets().subscribe(packet -> {
            numbers.add(ContractB.number(packet));
            packet.release();
        });
        ContractB.settle(loop);
        try (DriverPort sender = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:x{1@1")))) {
            final long[] offsets = {0, 64, 65, 128, 129, 0xFFFF_FFFFL, 0xFFFF_FFFF_0000_0008L, 1};
            for (int i = 0; i < offsets.length; i++) {
                fill(sender.netmapIf().txRings().get(0), i, offsets[i]);
            }
            sender.txSync();
            ContractB.settle(loop);
            assertThat(numbers).containsExactly(0, 1, 6, 7);
            assertThat(sink.rx(0).statistics().malformed()).isEqualTo(4);
            ContractB.assertConserved(sink);
        }
    }

    private static void fill(final NetmapRing ring, final int slot, final long ptr) {
        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
        final int offset = (int) (ptr & 0xFFFF_FFFFL);
        if (offset >= 0 && offset <= BUF_SIZE - ContractB.FRAME_BYTES) {
            ring.buffers().slice(bufIdx).position(offset).put(ContractB.frame(slot));
        }
        ring.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, ContractB.FRAME_BYTES, 0));
        ring.slotPtr(slot, ptr);
        ring.head(slot + 1);
        ring.cur(slot + 1);
    }

    @Test
    void shouldKeepAFrameThatOutlivesItsSlot() throws InterruptedException {
        final NetmapPort source = open("netmap:x{1@offset=32");
        final NetmapPort sink = open("netmap:x}1");
        final List<Packet> kept = new ArrayList<>();
        sink.packets().subscribe(packet -> kept.add(packet.retain()));
        ContractB.settle(loop);
        inject(source, 0, 10, ContractB.FRAME_BYTES);
        inject(source, 10, 5, 2 * BUF_SIZE);
        ContractB.settle(loop);
        assertThat(kept).hasSizeGreaterThan(10);
        for (int i = 0; i < kept.size(); i++) {
            assertThat(ContractB.number(kept.get(i))).isEqualTo(i);
        }
        for (final Packet packet : kept) {
            packet.release();
            packet.release();
        }
        ContractB.settle(loop);
    }
}
