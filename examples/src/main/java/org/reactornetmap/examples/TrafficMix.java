package org.reactornetmap.examples;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.reactornetmap.test.FrameBuilder;
import org.reactornetmap.test.Frames;
import org.reactornetmap.test.TcpFlag;

/**
 * Frames as a network carries them, built once, to be sent over and over: TCP, UDP, pings and ARP over IPv4 and IPv6, a
 * fifth of the flows in VLANs, in both directions, with right checksums. The same arguments give the same frames.
 *
 * <p>Of twelve IP frames, on average seven have 60 bytes, four 590 and one 1514 ("IMIX", without FCS); a short IPv6
 * frame is as long as its headers if they need more. Every flow has a frame if there are frames enough, and the first
 * flows have more than the last: a hundredth of the flows carries about a tenth of the other frames.
 */
final class TrafficMix {

    static final int DEFAULT_FLOWS = 1_000;

    private static final int MAX_FLOWS = 1 << 20;
    private static final int SMALL = 60;
    private static final int MEDIUM = 590;
    private static final int LARGE = 1514;

    private static final int[] TCP_SERVICES = {443, 443, 443, 80, 80, 22, 25, 8080, 5432};
    private static final int[] UDP_SERVICES = {53, 53, 53, 443, 123, 5060, 4789};
    private static final int[] VLAN_IDS = {100, 200, 300};

    private enum Kind {
        TCP,
        UDP,
        ICMP,
        ARP
    }

    /** Both directions of a conversation; {@code vlanId} 0 is untagged. */
    private record Flow(Kind kind, int vlanId, String client, String server, int clientPort, int serverPort) {}

    private final SplittableRandom random;
    private final List<ByteBuffer> frames;

    private TrafficMix(long seed, int frameCount, int flowCount) {
        random = new SplittableRandom(seed);
        List<Flow> flows = new ArrayList<>(flowCount);
        for (int i = 0; i < flowCount; i++) {
            flows.add(newFlow(i));
        }
        List<ByteBuffer> built = new ArrayList<>(frameCount);
        for (int i = 0; i < frameCount; i++) {
            built.add(newFrame(flows.get(i < flowCount ? i : skewedIndex(flowCount)), i));
        }
        frames = List.copyOf(built);
    }

    /** {@code frameCount} frames of {@value #DEFAULT_FLOWS} flows. */
    static TrafficMix of(long seed, int frameCount) {
        return of(seed, frameCount, DEFAULT_FLOWS);
    }

    /**
     * Builds the frames, a few microseconds and about 420 bytes of heap each.
     *
     * @param seed any number
     * @param frameCount 1 or more
     * @param flowCount 1 to 1,048,576
     */
    static TrafficMix of(long seed, int frameCount, int flowCount) {
        if (frameCount < 1) {
            throw new IllegalArgumentException("frameCount must be 1 or more, was " + frameCount);
        }
        if (flowCount < 1 || flowCount > MAX_FLOWS) {
            throw new IllegalArgumentException("flowCount must be 1 to " + MAX_FLOWS + ", was " + flowCount);
        }
        return new TrafficMix(seed, frameCount, flowCount);
    }

    /** The frames, each with position 0 and its length as limit; shared, so read them absolutely or by a duplicate. */
    List<ByteBuffer> frames() {
        return frames;
    }

    private Flow newFlow(int index) {
        Kind kind = newKind();
        int vlanId = random.nextInt(5) == 0 ? oneOf(VLAN_IDS) : 0;
        // the client's address holds the index: no two flows are the same
        int high = index >> 16;
        int middle = (index >> 8) & 0xff;
        int low = index & 0xff;
        int service = random.nextInt(1, 255);
        int clientPort = random.nextInt(32_768, 61_000);
        int serverPort = oneOf(kind == Kind.TCP ? TCP_SERVICES : UDP_SERVICES);
        if (kind != Kind.ARP && random.nextInt(4) == 0) {
            String client = String.format("2001:db8:1:%x::%x", high, index & 0xffff);
            return new Flow(kind, vlanId, client, String.format("2001:db8:2::%x", service), clientPort, serverPort);
        }
        String client = "10." + high + "." + middle + "." + low;
        String server = kind == Kind.ARP ? "10.255.255.254" : "198.51.100." + service;
        return new Flow(kind, vlanId, client, server, clientPort, serverPort);
    }

    private Kind newKind() {
        int percent = random.nextInt(100);
        if (percent < 70) {
            return Kind.TCP;
        }
        if (percent < 94) {
            return Kind.UDP;
        }
        return percent < 98 ? Kind.ICMP : Kind.ARP;
    }

    private ByteBuffer newFrame(Flow flow, int number) {
        boolean reply = random.nextInt(5) < 2;
        FrameBuilder frame = Frames.ethernet();
        if (flow.vlanId() != 0) {
            frame.vlan(flow.vlanId());
        }
        if (reply) {
            frame.src("02:00:00:00:00:02").dst("02:00:00:00:00:01");
        }
        String src = reply ? flow.server() : flow.client();
        String dst = reply ? flow.client() : flow.server();
        if (flow.kind() == Kind.ARP) {
            return (reply ? frame.arpReply(src, dst) : frame.arpRequest(src, dst)).build();
        }
        frame.ip(src, dst).ttl(reply ? 57 : 64);
        int srcPort = reply ? flow.serverPort() : flow.clientPort();
        int dstPort = reply ? flow.clientPort() : flow.serverPort();
        int length = newLength();
        switch (flow.kind()) {
            case TCP -> tcp(frame.tcp(srcPort, dstPort), length);
            case UDP -> frame.udp(srcPort, dstPort);
            default -> ping(frame, reply, flow.clientPort(), number & 0xffff);
        }
        return (length == SMALL ? frame : frame.length(length)).build();
    }

    private void tcp(FrameBuilder frame, int length) {
        frame.sequence(random.nextLong(1L << 32)).acknowledgment(random.nextLong(1L << 32));
        if (length != SMALL) {
            frame.flags(TcpFlag.PSH, TcpFlag.ACK);
        } else {
            int percent = random.nextInt(100);
            if (percent < 4) {
                frame.flags(TcpFlag.SYN).acknowledgment(0);
            } else if (percent < 8) {
                frame.flags(TcpFlag.FIN, TcpFlag.ACK);
            }
        }
    }

    private static void ping(FrameBuilder frame, boolean reply, int id, int seq) {
        if (reply) {
            frame.icmpEchoReply(id, seq);
        } else {
            frame.icmpEcho(id, seq);
        }
    }

    private int newLength() {
        int twelfth = random.nextInt(12);
        if (twelfth < 7) {
            return SMALL;
        }
        return twelfth < 11 ? MEDIUM : LARGE;
    }

    private int skewedIndex(int flowCount) {
        double share = random.nextDouble();
        return (int) (flowCount * share * share);
    }

    private int oneOf(int[] values) {
        return values[random.nextInt(values.length)];
    }
}
