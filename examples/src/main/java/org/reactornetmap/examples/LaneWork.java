package org.reactornetmap.examples;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.reactornetmap.packet.Packet;

/**
 * What a lane does with each packet: looks into its headers, checks the IPv4 header checksum, and counts. One thread at
 * a time works; any may read.
 */
final class LaneWork implements Consumer<Packet> {

    /** What is counted, apart from bytes and wrong checksums. */
    enum Kind {
        TCP,
        UDP,
        ICMP,
        ARP,
        OTHER
    }

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int ARP = 0x0806;

    private final Map<Kind, AtomicLong> packets = new EnumMap<>(Kind.class);
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong badChecksums = new AtomicLong();

    LaneWork() {
        for (Kind kind : Kind.values()) {
            packets.put(kind, new AtomicLong());
        }
    }

    @Override
    public void accept(Packet packet) {
        add(bytes, packet.length());
        add(counter(kindOf(packet)), 1);
    }

    long count(Kind kind) {
        return counter(kind).get();
    }

    long bytes() {
        return bytes.get();
    }

    long badChecksums() {
        return badChecksums.get();
    }

    private AtomicLong counter(Kind kind) {
        return Objects.requireNonNull(packets.get(kind));
    }

    /** There is one writer, so nothing has to be atomic, only seen. */
    private static void add(AtomicLong counter, long value) {
        counter.lazySet(counter.getPlain() + value);
    }

    private Kind kindOf(Packet packet) {
        int length = packet.length();
        int at = 12;
        int type = length >= at + 2 ? packet.u16(at) : 0;
        for (int tags = 0; tags < 2 && (type == 0x8100 || type == 0x88a8) && length >= at + 6; tags++) {
            at += 4;
            type = packet.u16(at);
        }
        at += 2;
        if (type == IPV4 && length >= at + 20) {
            checkIpv4(packet, at);
            return ofProtocol(packet.u8(at + 9), 1);
        }
        if (type == IPV6 && length >= at + 40) {
            return ofProtocol(packet.u8(at + 6), 58);
        }
        return type == ARP ? Kind.ARP : Kind.OTHER;
    }

    private static Kind ofProtocol(int protocol, int icmp) {
        if (protocol == icmp) {
            return Kind.ICMP;
        }
        return protocol == 6 ? Kind.TCP : protocol == 17 ? Kind.UDP : Kind.OTHER;
    }

    /** RFC 1071. */
    private void checkIpv4(Packet packet, int at) {
        int headerBytes = (packet.u8(at) & 0xf) * 4;
        if (headerBytes < 20 || at + headerBytes > packet.length()) {
            add(badChecksums, 1);
            return;
        }
        long sum = 0;
        for (int i = 0; i < headerBytes; i += 4) {
            sum += packet.u32(at + i);
        }
        sum = (sum & 0xffff_ffffL) + (sum >>> 32);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        if ((sum & 0xffff) + (sum >>> 16) != 0xffff) {
            add(badChecksums, 1);
        }
    }
}
