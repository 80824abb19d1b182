package org.reactornetmap.operators.filter;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.publisher.Flux;

/**
 * Two packets pass while another thread puts a filter in the place of the first one. Each packet is judged and counted by one
 * filter, and none by the old one after the new one. If the switch were two writes, or the stream read it twice a packet, one
 * filter's verdict could be another's count, or a packet nobody's.
 *
 * <p>Packets of the old filter, of the new one; packets that the old one passed on, that the new one rejected.
 */
@JCStressTest
@Outcome(id = "2, 0, 2, 0", expect = Expect.ACCEPTABLE, desc = "Both before the switch.")
@Outcome(id = "1, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "The switch fell between the packets.")
@Outcome(id = "0, 2, 0, 2", expect = Expect.ACCEPTABLE, desc = "Both behind the switch.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A packet was judged by both, by none, or counted where it was not judged.")
@State
public class FilterSwitchStress {
    private int byOld;
    private int byNew;

    private final PacketFilter before = PacketFilter.where(packet -> {
        byOld++;
        return true;
    });
    private final PacketFilter after = PacketFilter.where(packet -> {
        byNew++;
        return false;
    });
    private final SwitchableFilter filter = PacketFilter.switchable(before);
    private final Flux<Packet> stream =
            Flux.range(0, 2).map(n -> PacketPool.wrap(ByteBuffer.allocate(1))).transform(filter);

    @Actor
    public void packets() {
        stream.subscribe(Packet::release);
    }

    @Actor
    public void operator() {
        filter.switchTo(after);
    }

    @Arbiter
    public void judge(final IIII_Result r) {
        r.r1 = byOld;
        r.r2 = byNew;
        r.r3 = (int) before.statistics().matched();
        r.r4 = (int) after.statistics().rejected();
    }
}
