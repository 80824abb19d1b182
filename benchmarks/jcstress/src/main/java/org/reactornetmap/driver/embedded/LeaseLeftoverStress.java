package org.reactornetmap.driver.embedded;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two ports of a switch send more than a third has room for: what one leased and could not use it takes back, or leaves
 * as slots of length 0 if the other leased behind it. Every packet is either in the ring or counted as dropped, and all
 * that is in the ring is shown; a leftover that was neither taken back nor shown would stop the ring for ever.
 */
@JCStressTest
@Outcome(id = "4, 0", expect = Expect.ACCEPTABLE, desc = "Each packet was received or counted as dropped.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A packet is neither here nor there, or was torn.")
@State
public class LeaseLeftoverStress {
    private static final ConcurrentLinkedQueue<RaceSwitch> POOL = new ConcurrentLinkedQueue<>();

    private final RaceSwitch vale = take();
    private final SwitchStatistics before = vale.statistics();

    private static RaceSwitch take() {
        final RaceSwitch used = POOL.poll();
        final RaceSwitch vale = used != null ? used : new RaceSwitch(5);
        vale.a.put(RaceSwitch.RECEIVER, 1, 1, 0);
        vale.a.put(RaceSwitch.RECEIVER, 1, 2, RacePort.MOREFRAG);
        vale.a.put(RaceSwitch.RECEIVER, 1, 2, RacePort.MOREFRAG);
        vale.a.put(RaceSwitch.RECEIVER, 1, 2, 0);
        vale.b.put(RaceSwitch.RECEIVER, 2, 101, RacePort.MOREFRAG);
        vale.b.put(RaceSwitch.RECEIVER, 2, 101, 0);
        vale.b.put(RaceSwitch.RECEIVER, 2, 102, 0);
        return vale;
    }

    @Actor
    public void oneSender() {
        vale.a.port.txSync();
    }

    @Actor
    public void otherSender() {
        vale.b.port.txSync();
    }

    @Arbiter
    public void judge(final II_Result r) {
        vale.receiver.port.rxSync();
        final int packets = vale.packets();
        final SwitchStatistics now = vale.statistics();
        final long dropped = now.ringFull() - before.ringFull();
        r.r1 = packets + (int) dropped;
        r.r2 = (int) (now.delivered() - before.delivered()) - packets;
        vale.receiver.release();
        POOL.add(vale);
    }
}
