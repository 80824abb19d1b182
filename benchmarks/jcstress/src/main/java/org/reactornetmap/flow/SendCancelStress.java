package org.reactornetmap.flow;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.CoreSubscriber;

/**
 * A send is cancelled while its source, on a thread of its own, gives it two packets and the loop puts them into slots.
 * Each packet is sent or released. If the loop emptied the queue for the last time before a packet was seen in it, and
 * the source did not look whether it had stopped, the packet would be lost.
 */
@JCStressTest
@Outcome(id = "2, 0, 1", expect = Expect.ACCEPTABLE, desc = "Both packets are back in their pool.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A packet was lost, or a cancelled send signalled.")
@State
public class SendCancelStress {
    private final RaceWorld world = RaceWorld.take();
    private final PacketPool pool = PacketPool.heap(2, 64);
    private final Packet one = pool.acquire(60);
    private final Packet other = pool.acquire(60);
    private final Result result = new Result();
    private final SendSubscriber sender;

    public SendCancelStress() {
        final RingGroup group = world.group();
        sender = new SendSubscriber(
                result, new RingGroup[] {group}, new RingTransmitter[][] {group.transmitters()}, TxOptions.defaults());
        result.onSubscribe(sender);
        sender.onSubscribe(new Source());
        world.work();
        world.handOver();
    }

    @Actor
    public void loop() {
        world.loop.doWork();
    }

    @Actor
    public void source() {
        sender.onNext(one);
        sender.onNext(other);
    }

    @Actor
    public void canceller() {
        sender.cancel();
    }

    @Arbiter
    public void judge(final III_Result r) {
        world.work();
        r.r1 = pool.available();
        r.r2 = result.signals;
        r.r3 = world.giveBack() ? 1 : 0;
    }

    private static final class Source implements Subscription {
        @Override
        public void request(final long n) {
            // it has two packets
        }

        @Override
        public void cancel() {
            // it goes on, as a source may for a while
        }
    }

    private static final class Result implements CoreSubscriber<TxReport> {
        private int signals;

        @Override
        public void onSubscribe(final Subscription s) {
            Objects.requireNonNull(s).request(1);
        }

        @Override
        public void onNext(final TxReport report) {
            signals++;
        }

        @Override
        public void onError(final Throwable t) {
            signals++;
        }

        @Override
        public void onComplete() {
            signals++;
        }
    }
}
