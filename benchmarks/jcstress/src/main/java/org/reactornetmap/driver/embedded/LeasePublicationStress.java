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
 * Two ports of a switch send to a third, whose owner syncs meanwhile. Each sender leases slots and fills them without a
 * lock; the tail moves over leases that are done, in the order they were taken. If it moved too early the receiver would
 * see half a packet, if one of both forgot to move it packets would stay unseen for ever.
 */
@JCStressTest
@Outcome(id = "[0123], 3", expect = Expect.ACCEPTABLE, desc = "Whole packets meanwhile, every packet in the end.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A packet was torn, overtaken or not published.")
@State
public class LeasePublicationStress {
    private static final ConcurrentLinkedQueue<RaceSwitch> POOL = new ConcurrentLinkedQueue<>();

    private final RaceSwitch vale = take();
    private int meanwhile;

    private static RaceSwitch take() {
        final RaceSwitch used = POOL.poll();
        final RaceSwitch vale = used != null ? used : new RaceSwitch(16);
        vale.a.put(RaceSwitch.RECEIVER, 1, 1, RacePort.MOREFRAG);
        vale.a.put(RaceSwitch.RECEIVER, 1, 1, 0);
        vale.b.put(RaceSwitch.RECEIVER, 2, 101, 0);
        vale.b.put(RaceSwitch.RECEIVER, 2, 102, RacePort.MOREFRAG);
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

    @Actor
    public void receiver() {
        vale.receiver.port.rxSync();
        meanwhile = vale.packets();
    }

    @Arbiter
    public void judge(final II_Result r) {
        r.r1 = meanwhile;
        vale.receiver.port.rxSync();
        r.r2 = vale.packets();
        vale.receiver.release();
        POOL.add(vale);
    }
}
