package org.reactornetmap.flow;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * Demand comes while the port closes and a packet waits. Whichever is first, the stream completes once and says nothing
 * afterwards; a completion that demand could hold up, or that demand could follow by a packet, would break rule 1.7.
 */
@JCStressTest
@Outcome(id = "0, 1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The close was first: completion, the packet stays.")
@Outcome(id = "1, 1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The demand was first: the packet, then completion.")
@Outcome(expect = Expect.FORBIDDEN, desc = "No completion, more than one, or a packet after it.")
@State
public class RequestVsCompletionStress {
    private final RaceWorld world = RaceWorld.take();
    private final RaceSubscriber subscriber = new RaceSubscriber(false);

    public RequestVsCompletionStress() {
        world.packets(RxOptions.Hold.SWAP_WHEN_BLOCKING).subscribe(subscriber);
        world.send(1);
        world.work();
        world.handOver();
    }

    @Actor
    public void loop() {
        world.loop.doWork();
        world.loop.post((Runnable) () -> world.group().stop(() -> {}));
        world.loop.doWork();
    }

    @Actor
    public void requester() {
        subscriber.request(1);
    }

    @Arbiter
    public void judge(final IIII_Result r) {
        world.work();
        r.r1 = subscriber.received();
        r.r2 = subscriber.ends();
        r.r3 = subscriber.wrong();
        world.renew();
        r.r4 = world.giveBack() ? 1 : 0;
    }
}
