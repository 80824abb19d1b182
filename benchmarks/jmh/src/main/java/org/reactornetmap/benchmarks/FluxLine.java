package org.reactornetmap.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The library, packet by packet: a stream of one frame that is sent again and again, and a subscriber that counts and releases. */
final class FluxLine implements SpeedLine {
    private final NetmapDriver driver;
    private final SpeedSetup setup;

    FluxLine(final NetmapDriver driver, final SpeedSetup setup) {
        this.driver = driver;
        this.setup = setup;
    }

    @Override
    public String name() {
        return "Flux";
    }

    @Override
    public SpeedResult run(final int batch, final long nanos) throws Exception {
        final CallCounter sending = new CallCounter(driver);
        final CallCounter receiving = new CallCounter(driver);
        final NetmapLoop sender = loop("sender", setup.senderCpu());
        final NetmapLoop receiver = loop("receiver", setup.receiverCpu());
        try (NetmapPort in = NetmapPort.open("netmap:speed}1", options(receiving, receiver));
                NetmapPort out = NetmapPort.open("netmap:speed{1", options(sending, sender))) {
            final long[] bytes = {0};
            in.packets().subscribe(packet -> {
                bytes[0] += packet.length();
                packet.release();
            });
            final Packet frame = PacketPool.wrap(ByteBuffer.wrap(SpeedLines.frame()));
            final Disposable send = out.send(
                            Flux.generate(sink -> sink.next(frame.retain())),
                            TxOptions.builder().batch(batch).build())
                    .subscribe();
            final double packetsPerSecond =
                    SpeedLines.measure(() -> in.statistics().rx().get(0).received(), nanos);
            send.dispose();
            out.closeAsync().block(Duration.ofSeconds(10));
            final long sent = out.statistics().tx().get(0).sent();
            in.closeAsync().block(Duration.ofSeconds(10));
            final long received = in.statistics().rx().get(0).received();
            if (bytes[0] != received * SpeedLines.FRAME_BYTES) {
                throw new IllegalStateException(received + " packets had " + bytes[0] + " bytes");
            }
            return new SpeedResult(
                    packetsPerSecond, (double) sending.calls() / sent, (double) receiving.calls() / received);
        } finally {
            sender.close();
            receiver.close();
        }
    }

    private static PortOptions options(final NetmapDriver driver, final NetmapLoop loop) {
        return PortOptions.builder().driver(driver).loop(loop).build();
    }

    private static NetmapLoop loop(final String name, final int cpu) {
        final NetmapLoop.Builder builder = NetmapLoop.builder(name);
        if (cpu >= 0) {
            builder.cpu(cpu);
        }
        return builder.build();
    }
}
