package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.BurstListener;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Who asks for it in the context is told when a burst ends: once, on the loop, and only if it had packets. */
@Timeout(60)
class BurstEndContractTest {
    private static PortOptions on(final NetmapLoop loop) {
        return PortOptions.builder().loop(loop).build();
    }

    @Test
    void shouldTellOnceAfterEachBurst() {
        final NetmapLoop loop = NetmapLoop.manual();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1", on(loop));
            final NetmapPort b = netmap.open("netmap:x}1", on(loop));
            final List<String> events = new ArrayList<>();
            final BurstListener listener = () -> {
                assertThat(loop.inLoop()).isTrue();
                events.add("end");
            };
            final Disposable stream = ContractB.numbers(b.packets())
                    .contextWrite(context -> BurstListener.in(context, listener))
                    .subscribe(number -> events.add("" + number));

            ContractB.settle(loop);
            assertThat(events).isEmpty();
            a.inject(ContractB.frame(0), ContractB.frame(1), ContractB.frame(2));
            ContractB.settle(loop);
            a.inject(ContractB.frame(3));
            ContractB.settle(loop);

            assertThat(events).containsExactly("0", "1", "2", "end", "3", "end");
            stream.dispose();
        }
    }

    @Test
    void shouldTellAfterWhatDemandAllowed() {
        final NetmapLoop loop = NetmapLoop.manual();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1", on(loop));
            final NetmapPort b = netmap.open("netmap:x}1", on(loop));
            a.inject(ContractB.frame(0), ContractB.frame(1), ContractB.frame(2));
            final List<String> events = new ArrayList<>();
            final BaseSubscriber<Integer> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(final org.reactivestreams.Subscription subscription) {
                    subscription.request(2);
                }

                @Override
                protected void hookOnNext(final Integer number) {
                    events.add("" + number);
                }
            };
            final BurstListener listener = () -> events.add("end");
            ContractB.numbers(b.packets())
                    .contextWrite(context -> BurstListener.in(context, listener))
                    .subscribe(subscriber);

            ContractB.settle(loop);
            assertThat(events).containsExactly("0", "1", "end");
            subscriber.request(5);
            ContractB.settle(loop);
            assertThat(events).containsExactly("0", "1", "end", "2", "end");
            subscriber.cancel();
        }
    }

    @Test
    void shouldTellThroughTheMergeOfRings() {
        final int count = 2_000;
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a =
                    netmap.open("netmap:x{1", PortOptions.builder().rings(2).build());
            final NetmapPort b = netmap.open(
                    "netmap:x}1", PortOptions.builder().perRing(true).build());
            final AtomicInteger received = new AtomicInteger();
            final AtomicInteger told = new AtomicInteger();
            final AtomicInteger since = new AtomicInteger();
            final AtomicReference<String> problem = new AtomicReference<>();
            final BurstListener listener = () -> {
                if (!Thread.currentThread().getName().startsWith("netmap-")) {
                    problem.set("told on " + Thread.currentThread());
                }
                if (since.getAndSet(0) == 0) {
                    problem.set("told of an empty burst");
                }
                told.addAndGet(1);
            };
            final Disposable stream = b.packets()
                    .contextWrite(context -> BurstListener.in(context, listener))
                    .subscribe(packet -> {
                        packet.release();
                        since.incrementAndGet();
                        received.incrementAndGet();
                    });
            for (int ring = 0; ring < 2; ring++) {
                final Flux<Packet> packets = ContractB.frames(0, count / 2).map(PacketPool::wrap);
                assertThat(a.tx(ring).send(packets).block(ContractB.TIMEOUT)).isNotNull();
            }

            ContractB.await(() -> received.get() == count && since.get() == 0, "all packets and the last burst's end");
            assertThat(problem.get()).isNull();
            assertThat(told.get()).isBetween(1, count);
            stream.dispose();
        }
    }
}
