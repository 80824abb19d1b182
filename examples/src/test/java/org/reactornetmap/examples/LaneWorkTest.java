package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;

class LaneWorkTest {

    private final LaneWork work = new LaneWork();

    private void see(ByteBuffer frame) {
        work.accept(PacketPool.wrap(frame));
    }

    @Test
    void shouldCountKinds() {
        see(Frames.tcp("10.0.0.1", 1, "10.0.0.2", 2));
        see(Frames.ethernet()
                .vlan(1)
                .vlan(2)
                .ipv6("2001:db8::1", "2001:db8::2")
                .udp(1, 2)
                .build());
        see(Frames.icmpEcho("10.0.0.1", "10.0.0.2", 1));
        see(Frames.icmpEcho("2001:db8::1", "2001:db8::2", 1));
        see(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
        see(ByteBuffer.allocate(60));
        assertThat(work.count(LaneWork.Kind.TCP)).isEqualTo(1);
        assertThat(work.count(LaneWork.Kind.UDP)).isEqualTo(1);
        assertThat(work.count(LaneWork.Kind.ICMP)).isEqualTo(2);
        assertThat(work.count(LaneWork.Kind.ARP)).isEqualTo(1);
        assertThat(work.count(LaneWork.Kind.OTHER)).isEqualTo(1);
        assertThat(work.badChecksums()).isZero();
        assertThat(work.bytes()).isGreaterThanOrEqualTo(360);
    }

    @Test
    void shouldCountWrongChecksums() {
        ByteBuffer frame = Frames.tcp("10.0.0.1", 1, "10.0.0.2", 2);
        frame.put(22, (byte) (frame.get(22) + 1));
        see(frame);
        assertThat(work.badChecksums()).isEqualTo(1);
    }

    @Test
    void shouldTakeAnyLength() {
        byte[] frame = Frames.ethernet()
                .vlan(1)
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(1, 2)
                .build()
                .array();
        for (int length = 0; length <= frame.length; length++) {
            see(ByteBuffer.wrap(frame, 0, length));
        }
        assertThat(work.badChecksums()).isZero();
    }
}
