package org.reactornetmap.flow;

import org.reactornetmap.packet.Packet;

/**
 * Chooses a TX ring for a packet that came from no ring: both directions of a flow go to the same one. Reads addresses
 * and ports of IPv4 and IPv6 behind up to two VLAN tags, else the MAC addresses. Stateless.
 */
final class TxFlow {
    private static final int VLAN = 0x8100;
    private static final int QINQ = 0x88A8;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private TxFlow() {}

    static int ring(final Packet packet, final int rings) {
        return (int) ((hash(packet) >>> 33) % rings);
    }

    private static long hash(final Packet packet) {
        final int length = packet.length();
        if (length < 14) {
            return mix(length);
        }
        int at = 12;
        int type = packet.u16(at);
        for (int tags = 0; tags < 2 && (type == VLAN || type == QINQ) && length >= at + 6; tags++) {
            at += 4;
            type = packet.u16(at);
        }
        final int ip = at + 2;
        if (type == IPV4 && length >= ip + 20) {
            final boolean fragment = (packet.u16(ip + 6) & 0x3FFF) != 0;
            return mix((packet.u32(ip + 12) + packet.u32(ip + 16))
                    ^ ports(packet, packet.u8(ip + 9), ip + 4 * (packet.u8(ip) & 0xF), fragment));
        }
        if (type == IPV6 && length >= ip + 40) {
            return mix((packet.i64(ip + 8) + packet.i64(ip + 24))
                    ^ mix(packet.i64(ip + 16) + packet.i64(ip + 32))
                    ^ ports(packet, packet.u8(ip + 6), ip + 40, false));
        }
        return mix((packet.u32(2) ^ packet.u32(8)) + (packet.u16(0) ^ packet.u16(6)));
    }

    private static long ports(final Packet packet, final int protocol, final int at, final boolean fragment) {
        if (fragment || (protocol != TCP && protocol != UDP) || packet.length() < at + 4) {
            return protocol;
        }
        return protocol + ((long) (packet.u16(at) + packet.u16(at + 2)) << 32);
    }

    // The finalizer of SplittableRandom (Stafford's Mix13): all bits depend on all bits.
    private static long mix(final long value) {
        final long once = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        final long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
