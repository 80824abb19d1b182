package org.reactornetmap.operators;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.operators.PacketPredicates.arp;
import static org.reactornetmap.operators.PacketPredicates.icmp;
import static org.reactornetmap.operators.PacketPredicates.ipv4;
import static org.reactornetmap.operators.PacketPredicates.ipv6;
import static org.reactornetmap.operators.PacketPredicates.port;
import static org.reactornetmap.operators.PacketPredicates.tcp;
import static org.reactornetmap.operators.PacketPredicates.tcpPort;
import static org.reactornetmap.operators.PacketPredicates.udp;
import static org.reactornetmap.operators.PacketPredicates.udpPort;
import static org.reactornetmap.operators.PacketPredicates.vlan;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;

class PacketPredicatesTest {

    private static final Map<String, Predicate<Packet>> ALL = new TreeMap<>(Map.of(
            "ipv4", ipv4(),
            "ipv6", ipv6(),
            "arp", arp(),
            "vlan", vlan(),
            "tcp", tcp(),
            "udp", udp(),
            "icmp", icmp(),
            "port 53", port(53),
            "tcp port 23", tcpPort(23),
            "udp port 53", udpPort(53)));

    private static Set<String> matches(ByteBuffer frame) {
        Packet packet = PacketPool.wrap(frame);
        Set<String> names = new TreeSet<>();
        ALL.forEach((name, predicate) -> {
            if (predicate.test(packet)) {
                names.add(name);
            }
        });
        return names;
    }

    private static Set<String> matches(byte[] frame) {
        return matches(ByteBuffer.wrap(frame));
    }

    private static byte[] bytes(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(frame.position(), bytes);
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(1 << 16);
        for (byte[] part : parts) {
            all.put(part);
        }
        return bytes(all.flip());
    }

    private static byte[] hex(String digits) {
        return java.util.HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** Ethernet and an IPv6 header whose payload length is left open, before whatever follows. */
    private static byte[] ipv6With(int nextHeader, byte[]... rest) {
        byte[] header = bytes(Frames.udp("2001:db8::1", 1, "2001:db8::2", 2));
        byte[] start = java.util.Arrays.copyOf(header, 54);
        start[18] = 0;
        start[19] = 0;
        start[20] = (byte) nextHeader;
        return joined(start, joined(rest));
    }

    @ParameterizedTest(name = "{displayName} {0} {1}->{2}: {3}")
    @CsvSource({
        "10.0.0.1, 4000, 23, ipv4 tcp 'tcp port 23'",
        "10.0.0.1, 23, 4000, ipv4 tcp 'tcp port 23'",
        "10.0.0.1, 53, 4000, ipv4 'port 53' tcp",
        "10.0.0.1, 1, 2, ipv4 tcp",
        "2001:db8::1, 23, 53, ipv6 'port 53' tcp 'tcp port 23'",
    })
    void shouldKnowTcp(String ip, int sourcePort, int destinationPort, String expected) {
        assertThat(matches(Frames.tcp(ip, sourcePort, ip, destinationPort))).isEqualTo(words(expected));
    }

    private static Set<String> words(String expected) {
        Set<String> names = new TreeSet<>();
        for (String name : ALL.keySet()) {
            if (expected.contains(name.contains(" ") ? "'" + name + "'" : name)) {
                names.add(name);
            }
        }
        // "udp" is not asked for by "udp port 53"
        names.removeIf(name -> !name.contains(" ")
                && !List.of(expected.replaceAll("'[^']*'", "").trim().split("\\s+"))
                        .contains(name));
        return names;
    }

    @Test
    void shouldKnowUdp() {
        assertThat(matches(Frames.udp("10.0.0.1", 53, "10.0.0.2", 23)))
                .containsExactlyInAnyOrder("ipv4", "udp", "port 53", "udp port 53");
    }

    @Test
    void shouldKnowIcmpOfBothVersions() {
        assertThat(matches(Frames.icmpEcho("10.0.0.1", "10.0.0.2", 1))).containsExactlyInAnyOrder("ipv4", "icmp");
        assertThat(matches(Frames.icmpEcho("2001:db8::1", "2001:db8::2", 1))).containsExactlyInAnyOrder("ipv6", "icmp");
    }

    @Test
    void shouldNotTakeIcmpOfOneVersionForTheOther() {
        assertThat(matches(Frames.ethernet()
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .protocol(58)
                        .payload(8)
                        .build()))
                .containsExactly("ipv4");
        assertThat(matches(Frames.ethernet()
                        .ipv6("2001:db8::1", "2001:db8::2")
                        .protocol(1)
                        .payload(8)
                        .build()))
                .containsExactly("ipv6");
    }

    @Test
    void shouldKnowArp() {
        assertThat(matches(Frames.arpRequest("10.0.0.1", "10.0.0.2"))).containsExactly("arp");
    }

    @ParameterizedTest(name = "{displayName} 0x{0}")
    @ValueSource(strings = {"8100", "88a8", "9100"})
    void shouldLookThroughTags(String outer) {
        int type = Integer.parseInt(outer, 16);
        assertThat(matches(Frames.ethernet()
                        .tag(type, 7)
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .udp(1, 53)
                        .build()))
                .containsExactlyInAnyOrder("vlan", "ipv4", "udp", "port 53", "udp port 53");
        assertThat(matches(Frames.ethernet()
                        .tag(type, 7)
                        .vlan(9)
                        .arpRequest("10.0.0.1", "10.0.0.2")
                        .build()))
                .containsExactlyInAnyOrder("vlan", "arp");
    }

    @Test
    void shouldStopAtTheThirdTag() {
        assertThat(matches(Frames.ethernet()
                        .vlan(1)
                        .vlan(2)
                        .vlan(3)
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .udp(1, 53)
                        .build()))
                .containsExactly("vlan");
    }

    @Test
    void shouldLookThroughIpv4Options() {
        byte[] plain = bytes(Frames.tcp("10.0.0.1", 1, "10.0.0.2", 23));
        byte[] link = java.util.Arrays.copyOf(plain, 34);
        link[14] = 0x47; // 28 bytes
        link[17] = 48;
        assertThat(matches(joined(link, new byte[8], java.util.Arrays.copyOfRange(plain, 34, 54))))
                .containsExactlyInAnyOrder("ipv4", "tcp", "tcp port 23");
    }

    @Test
    void shouldFindPortsInTheFirstFragmentOnly() {
        byte[] frame = bytes(Frames.udp("10.0.0.1", 53, "10.0.0.2", 53));
        frame[20] = 0x20; // more fragments
        assertThat(matches(frame)).containsExactlyInAnyOrder("ipv4", "udp", "port 53", "udp port 53");
        frame[21] = 1; // offset 8
        assertThat(matches(frame)).containsExactlyInAnyOrder("ipv4", "udp");
        frame[20] = 0;
        assertThat(matches(frame)).containsExactlyInAnyOrder("ipv4", "udp");
    }

    @Test
    void shouldLookThroughIpv6ExtensionHeaders() {
        byte[] dns = hex("0035 1234 0008 0000");
        assertThat(matches(ipv6With(
                        0,
                        hex("2b00 0000 0000 0000"),
                        hex("3c01") /* routing, 16 bytes */,
                        new byte[14],
                        hex("3302 0000 0000 0000"),
                        new byte[16],
                        hex("1104 0000 0000 0000"),
                        new byte[16],
                        dns)))
                .containsExactlyInAnyOrder("ipv6", "udp", "port 53", "udp port 53");
    }

    @Test
    void shouldKnowIpv6Fragments() {
        byte[] dns = hex("0035 1234 0008 0000");
        assertThat(matches(ipv6With(44, hex("1100 0001 0000 0001"), dns)))
                .as("first")
                .containsExactlyInAnyOrder("ipv6", "udp", "port 53", "udp port 53");
        assertThat(matches(ipv6With(44, hex("1100 0008 0000 0001"), dns)))
                .as("second")
                .containsExactlyInAnyOrder("ipv6", "udp");
    }

    @Test
    void shouldGiveUpOnTooManyExtensionHeaders() {
        byte[][] eight = new byte[9][];
        java.util.Arrays.fill(eight, hex("3c00 0000 0000 0000"));
        eight[7] = hex("1100 0000 0000 0000");
        eight[8] = hex("0035 1234 0008 0000");
        assertThat(matches(ipv6With(60, eight))).contains("udp port 53");

        byte[][] nine = java.util.Arrays.copyOf(eight, 10);
        nine[7] = hex("3c00 0000 0000 0000");
        nine[8] = hex("1100 0000 0000 0000");
        nine[9] = hex("0035 1234 0008 0000");
        assertThat(matches(ipv6With(60, nine))).containsExactly("ipv6");
    }

    @Test
    void shouldNotReadPortsBeyondTheLengthOfTheDatagram() {
        byte[] frame = bytes(Frames.udp("10.0.0.1", 53, "10.0.0.2", 53));
        frame[17] = 23; // header and three bytes; the rest is padding
        assertThat(matches(frame)).containsExactlyInAnyOrder("ipv4", "udp");
        frame[17] = 19;
        assertThat(matches(frame)).isEmpty();
    }

    @Test
    void shouldReadWhatSegmentationOffloadLeftWithoutALength() {
        byte[] frame = bytes(Frames.udp("10.0.0.1", 53, "10.0.0.2", 53));
        frame[17] = 0;
        assertThat(matches(frame)).contains("udp port 53");
    }

    @Test
    void shouldMatchNothingInAPacketThatIsCutShort() {
        byte[] ipv4 = bytes(Frames.ethernet()
                .vlan(5)
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(53, 53)
                .build());
        byte[] ipv6 = bytes(Frames.ethernet()
                .vlan(5)
                .ipv6("2001:db8::1", "2001:db8::2")
                .tcp(23, 23)
                .build());
        for (int length = 0; length < ipv6.length; length++) {
            Set<String> names = matches(java.util.Arrays.copyOf(ipv4, Math.min(length, ipv4.length)));
            assertThat(names.contains("vlan")).as("%s bytes", length).isEqualTo(length >= 18);
            assertThat(names.contains("udp")).as("%s bytes", length).isEqualTo(length >= 18 + 20);
            assertThat(names.contains("udp port 53")).as("%s bytes", length).isEqualTo(length >= 18 + 24);
            names = matches(java.util.Arrays.copyOf(ipv6, length));
            assertThat(names.contains("tcp")).as("%s bytes", length).isEqualTo(length >= 18 + 40);
            assertThat(names.contains("tcp port 23")).as("%s bytes", length).isEqualTo(length >= 18 + 44);
        }
    }

    @Test
    void shouldNeverFailOnAnyBytes() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> good = new ArrayList<>();
        good.add(bytes(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23)));
        good.add(bytes(Frames.udp("2001:db8::1", 53, "2001:db8::2", 53)));
        good.add(bytes(Frames.ethernet()
                .vlan(1)
                .vlan(2)
                .ipv4("10.0.0.1", "10.0.0.2")
                .icmpEcho(1, 1)
                .build()));
        good.add(ipv6With(0, hex("2b00 0000 0000 0000"), hex("3300 0000 0000 0000"), new byte[40]));
        for (int i = 0; i < 100_000; i++) {
            byte[] frame = good.get(random.nextInt(good.size())).clone();
            frame = java.util.Arrays.copyOf(frame, random.nextInt(frame.length + 1));
            for (int flips = random.nextInt(6); flips > 0 && frame.length > 0; flips--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            try {
                matches(frame);
                FlowHash.symmetric().hash(PacketPool.wrap(ByteBuffer.wrap(frame)));
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ", " + java.util.HexFormat.of().formatHex(frame), e);
            }
        }
    }

    @Test
    void shouldCombine() {
        Packet telnet = PacketPool.wrap(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23));
        assertThat(not(tcpPort(23)).test(telnet)).isFalse();
        assertThat(udpPort(53).or(tcp()).test(telnet)).isTrue();
        assertThat(ipv4().and(tcp()).test(telnet)).isTrue();
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(ints = {-1, 65536})
    void shouldRefuseAPortOutOfRange(int number) {
        assertThatThrownBy(() -> port(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port is " + number + ": expected 0..65535");
    }
}
