package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.PacketPool;

/** A send completes when every packet is accepted, and waits for the reader only if asked to. */
@Timeout(60)
class CompletionContractTest {
    private final AtomicLong clock = new AtomicLong();
    private final NetmapLoop loop =
            NetmapLoop.builder("manual").clock(clock::get).buildManual();

    private NetmapPort open(final EmbeddedNetmap netmap, final String spec) {
        return netmap.open(spec, PortOptions.builder().loop(loop).build());
    }

    private static CompletableFuture<TxReport> send(final NetmapPort port, final int count, final Duration drain) {
        return port.send(
                        ContractB.frames(0, count).map(PacketPool::wrap),
                        TxOptions.builder().drain(drain).build())
                .toFuture();
    }

    private void read(final NetmapPort port, final int count) throws InterruptedException {
        final CompletableFuture<List<Integer>> numbers =
                ContractB.numbers(port.packets()).take(count).collectList().toFuture();
        ContractB.work(numbers::isDone, loop);
        assertThat(ContractB.get(numbers))
                .isEqualTo(IntStream.range(0, count).boxed().toList());
        ContractB.settle(loop);
    }

    @Test
    void shouldCompleteWhenAllIsAccepted() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = open(netmap, "netmap:x{1");
            final NetmapPort b = open(netmap, "netmap:x}1");
            final CompletableFuture<TxReport> send =
                    a.sendFrames(ContractB.frames(0, 5)).toFuture();
            ContractB.settle(loop);

            assertThat(ContractB.get(send)).isEqualTo(new TxReport(5, 5 * ContractB.FRAME_BYTES, 0, 5, 0, 0, 5));
            read(b, 5);
        }
    }

    @Test
    void shouldCompleteAnEmptySend() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = open(netmap, "netmap:x{1");
            final CompletableFuture<TxReport> send =
                    a.sendFrames(ContractB.frames(0, 0)).toFuture();
            ContractB.settle(loop);

            assertThat(ContractB.get(send)).isEqualTo(TxReport.EMPTY);
        }
    }

    @Test
    void shouldLeavePacketsToTheReaderAfterTheSendersClose() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = open(netmap, "netmap:x{1");
            final NetmapPort b = open(netmap, "netmap:x}1");
            a.inject(ContractB.frame(0), ContractB.frame(1), ContractB.frame(2));
            a.close();

            read(b, 3);
            ContractB.assertConserved(b);
        }
    }

    @Test
    void shouldWaitForTheReaderIfAsked() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = open(netmap, "netmap:x{1");
            final NetmapPort b = open(netmap, "netmap:x}1");
            final CompletableFuture<TxReport> send = send(a, 5, Duration.ofSeconds(1));
            ContractB.settle(loop);
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
            ContractB.settle(loop);
            assertThat(send).isNotDone();

            read(b, 5);
            ContractB.work(send::isDone, loop);

            assertThat(ContractB.get(send).pending()).isZero();
            assertThat(ContractB.get(send).sent()).isEqualTo(5);
        }
    }

    @Test
    void shouldSayWhatIsPendingWhenTheReaderIsLate() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = open(netmap, "netmap:x{1");
            final NetmapPort b = open(netmap, "netmap:x}1");
            final CompletableFuture<TxReport> send = send(a, 5, Duration.ofSeconds(1));
            ContractB.settle(loop);
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
            ContractB.settle(loop);

            assertThat(ContractB.get(send).pending()).isEqualTo(5);
            assertThat(ContractB.get(send).sent()).isEqualTo(5);
            read(b, 5);
        }
    }
}
