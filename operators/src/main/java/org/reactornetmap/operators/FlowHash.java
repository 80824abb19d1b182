package org.reactornetmap.operators;

import java.util.function.ToIntFunction;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;

/**
 * A number that all packets of a flow share, in both directions: from addresses, IP protocol and ports where there are
 * ports, else from addresses and protocol. A fragment, the first one included, is hashed by its addresses alone, so that
 * the pieces of a datagram stay together; what is not IP is hashed by its MAC addresses and EtherType. VLAN tags don't
 * count. All 32 bits are equally good.
 *
 * <p>Immutable; any thread. No allocation.
 */
public final class FlowHash implements ToIntFunction<Packet> {

    private static final FlowHash UNSEEDED = new FlowHash(0);

    private final long endpointKey;
    private final long flowKey;

    private FlowHash(long seed) {
        endpointKey = mix(seed + 0x9e3779b97f4a7c15L);
        flowKey = mix(endpointKey + 0x9e3779b97f4a7c15L);
    }

    /**
     * The hash that is the same in every program and every run.
     *
     * @return the hash
     */
    public static FlowHash symmetric() {
        return UNSEEDED;
    }

    /**
     * A hash that others can't predict, so that they can't choose flows that all fall together.
     *
     * @param seed any number; the same gives the same hash
     * @return the hash
     */
    public static FlowHash symmetric(long seed) {
        return new FlowHash(seed);
    }

    /**
     * The packet's flow. Does not keep or release the packet.
     *
     * @param packet any packet, however short
     * @return any number
     */
    public int hash(Packet packet) {
        long headers = Headers.of(packet);
        if (Headers.isIpv4(headers)) {
            return ipv4(packet, headers);
        }
        return Headers.isIpv6(headers) ? ipv6(packet, headers) : other(packet, headers);
    }

    @Override
    public int applyAsInt(Packet packet) {
        return hash(packet);
    }

    private int ipv4(Packet packet, long headers) {
        int at = Headers.networkAt(headers);
        long source = packet.u32(at + 12) << 16;
        long destination = packet.u32(at + 16) << 16;
        if (Headers.isFragment(headers)) {
            return flow(endpoint(source), endpoint(destination), 0);
        }
        int ports = Headers.portsAt(headers);
        if (ports != 0) {
            source |= packet.u16(ports);
            destination |= packet.u16(ports + 2);
        }
        return flow(endpoint(source), endpoint(destination), Headers.protocol(headers));
    }

    private int ipv6(Packet packet, long headers) {
        int at = Headers.networkAt(headers);
        long source = endpoint(packet.i64(at + 8)) + packet.i64(at + 16);
        long destination = endpoint(packet.i64(at + 24)) + packet.i64(at + 32);
        if (Headers.isFragment(headers)) {
            return flow(endpoint(source), endpoint(destination), 0);
        }
        source = endpoint(source);
        destination = endpoint(destination);
        int ports = Headers.portsAt(headers);
        if (ports != 0) {
            source = endpoint(source + packet.u16(ports));
            destination = endpoint(destination + packet.u16(ports + 2));
        }
        return flow(source, destination, Headers.protocol(headers));
    }

    private int other(Packet packet, long headers) {
        int type = Headers.etherType(headers);
        if (packet.linkType() != LinkType.ETHERNET || packet.length() < 12) {
            return flow(0, 0, type);
        }
        long destination = packet.u32(0) << 16 | packet.u16(4);
        long source = packet.u32(6) << 16 | packet.u16(10);
        return flow(endpoint(source), endpoint(destination), type);
    }

    private long endpoint(long value) {
        return mix(value + endpointKey);
    }

    /** A sum is the same both ways round; both ends are mixed before it, and it is after. */
    private int flow(long source, long destination, int kind) {
        return (int) (mix(source + destination + flowKey + ((long) kind << 48)) >>> 32);
    }

    /**
     * Every bit of the result depends on every bit of the value.
     *
     * @see <a href="https://zimbry.blogspot.com/2011/09/better-bit-mixing-improving-on.html">David Stafford, Mix13</a>
     */
    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
