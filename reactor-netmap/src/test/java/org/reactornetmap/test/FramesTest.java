package org.reactornetmap.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {

    private static final String V4_A = "10.0.0.1";
    private static final String V4_B = "10.0.0.2";
    private static final String V6_A = "2001:db8::1";
    private static final String V6_B = "2001:db8::2";

    private static final String ETHERNET_V4 = "0200000000020200000000010800";
    private static final String ETHERNET_V6 = "02000000000202000000000186dd";
    private static final String V6_ADDRESSES = "20010db800000000000000000000000120010db8000000000000000000000002";

    // ---- the bytes

    @Test
    void shouldBuildTcpOverIpv4() {
        assertBytes(
                Frames.tcp(V4_A, 4000, V4_B, 23),
                ETHERNET_V4 + "4500002800004000400626ce0a0000010a000002" + "0fa0001700000000000000005010ffff8c1b0000"
                        + "000000000000");
    }

    @Test
    void shouldBuildTcpOverIpv6() {
        assertBytes(
                Frames.tcp(V6_A, 4000, V6_B, 23),
                ETHERNET_V6 + "6000000000140640" + V6_ADDRESSES + "0fa0001700000000000000005010ffff44a90000");
    }

    @Test
    void shouldBuildUdpOverIpv4() {
        assertBytes(
                Frames.udp(V4_A, 53, V4_B, 53),
                ETHERNET_V4 + "4500001c00004000401126cf0a0000010a000002" + "003500350008eb71" + "00".repeat(18));
    }

    @Test
    void shouldBuildUdpOverIpv6WithOddPayload() {
        assertBytes(
                Frames.ethernet()
                        .ipv6(V6_A, V6_B)
                        .udp(53, 53)
                        .payload(new byte[] {'a', 'b', 'c'})
                        .build(),
                ETHERNET_V6 + "60000000000b1140" + V6_ADDRESSES + "00350035000bdf96616263");
    }

    @Test
    void shouldBuildIcmpEcho() {
        assertBytes(
                Frames.icmpEcho(V4_A, V4_B, 7),
                ETHERNET_V4 + "4500001c00004000400126df0a0000010a000002" + "0800f7f700010007" + "00".repeat(18));
    }

    @Test
    void shouldBuildIcmpv6EchoForIpv6Addresses() {
        assertBytes(
                Frames.icmpEcho(V6_A, V6_B, 7), ETHERNET_V6 + "6000000000083a40" + V6_ADDRESSES + "8000244000010007");
    }

    @Test
    void shouldBuildArpRequest() {
        assertBytes(
                Frames.arpRequest(V4_A, V4_B),
                "ffffffffffff0200000000010806" + "0001080006040001" + "0200000000010a000001" + "0000000000000a000002"
                        + "00".repeat(18));
    }

    @Test
    void shouldBuildArpReply() {
        assertBytes(
                Frames.arpReply(V4_A, V4_B),
                "0200000000020200000000010806" + "0001080006040002" + "0200000000010a000001" + "0200000000020a000002"
                        + "00".repeat(18));
    }

    @Test
    void shouldStackTagsOutermostFirst() {
        ByteBuffer frame = Frames.ethernet()
                .src("02:00:00:00:00:0a")
                .dst("02:00:00:00:00:0b")
                .tag(0x88a8, 0xe00a)
                .vlan(100)
                .etherType(0x1234)
                .payload(3)
                .padTo(0)
                .build();

        assertBytes(frame, "02000000000b02000000000a" + "88a8e00a" + "81000064" + "1234" + "000102");
    }

    @Test
    void shouldSetTcpFlagsAndNumbers() {
        ByteBuffer frame = Frames.ethernet()
                .ipv4(V4_A, V4_B)
                .ttl(3)
                .tcp(1, 65535)
                .flags(TcpFlag.SYN, TcpFlag.ECE, TcpFlag.CWR)
                .sequence(0xffff_fffeL)
                .acknowledgment(7)
                .build();

        assertThat(frame.get(22)).isEqualTo((byte) 3);
        assertThat(frame.getInt(34)).isEqualTo(0x0001_ffff);
        assertThat(frame.getInt(38)).isEqualTo(-2);
        assertThat(frame.getInt(42)).isEqualTo(7);
        assertThat(frame.get(47)).isEqualTo((byte) 0xc2);
        assertThat(Frames.checksumsValid(frame)).isTrue();
    }

    @Test
    void shouldGiveEveryFlagTheBitOfTheRfc() {
        assertThat(Arrays.stream(TcpFlag.values()).map(TcpFlag::bit))
                .containsExactly(0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80);
    }

    @Test
    void shouldReturnHeapBufferReadyToRead() {
        ByteBuffer frame = Frames.udp(V4_A, 1, V4_B, 2);

        assertThat(frame.hasArray()).isTrue();
        assertThat(frame.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(frame.position()).isZero();
        assertThat(frame.limit()).isEqualTo(60);
        assertThat(frame.capacity()).isEqualTo(60);
    }

    @Test
    void shouldBuildManyFramesFromOneBuilder() {
        FrameBuilder builder = Frames.ethernet().ip(V4_A, V4_B).udp(1, 2);

        ByteBuffer first = builder.build();
        ByteBuffer second = builder.payload(100).build();

        assertThat(first.limit()).isEqualTo(60);
        assertThat(second.limit()).isEqualTo(142);
        assertThat(Frames.checksumsValid(first) && Frames.checksumsValid(second))
                .isTrue();
    }

    // ---- lengths

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(ints = {42, 43, 59, 60, 61, 590, 1514, 2048, 9000, 65549})
    void shouldFillAFrameToAnExactLength(int length) {
        ByteBuffer frame =
                Frames.ethernet().ipv4(V4_A, V4_B).udp(1, 2).length(length).build();

        assertThat(frame.limit()).isEqualTo(length);
        assertThat(frame.getShort(16) & 0xffff).as("IPv4 total length").isEqualTo(length - 14);
        assertThat(frame.getShort(38) & 0xffff).as("UDP length").isEqualTo(length - 34);
        assertThat(Frames.checksumsValid(frame)).isTrue();
    }

    @Test
    void shouldPadBehindAGivenPayload() {
        ByteBuffer frame = Frames.ethernet()
                .ipv4(V4_A, V4_B)
                .udp(1, 2)
                .payload(10)
                .length(100)
                .build();

        assertThat(frame.limit()).isEqualTo(100);
        assertThat(frame.getShort(38)).as("UDP length").isEqualTo((short) 18);
        assertThat(frame.get(51)).isEqualTo((byte) 9);
        assertThat(frame.slice(52, 48)).isEqualTo(ByteBuffer.allocate(48));
    }

    @Test
    void shouldPadArpToAnExactLength() {
        ByteBuffer frame =
                Frames.ethernet().vlan(1).arpReply(V4_A, V4_B).length(64).build();

        assertThat(frame.limit()).isEqualTo(64);
        assertThat(frame.slice(46, 18)).isEqualTo(ByteBuffer.allocate(18));
    }

    @Test
    void shouldTakeTheLargestDatagrams() {
        ByteBuffer v4 =
                Frames.ethernet().ipv4(V4_A, V4_B).tcp(1, 2).payload(65535 - 40).build();
        ByteBuffer v6 =
                Frames.ethernet().ipv6(V6_A, V6_B).tcp(1, 2).payload(65535 - 20).build();

        assertThat(v4.limit()).isEqualTo(65549);
        assertThat(v6.limit()).isEqualTo(65589);
        assertThat(Frames.checksumsValid(v4) && Frames.checksumsValid(v6)).isTrue();
    }

    // ---- checksums

    @Test
    void shouldSendAllOnesWhereTheUdpChecksumIsZero() {
        for (FrameBuilder builder : List.of(
                Frames.ethernet().ipv4(V4_A, V4_B).udp(1, 2),
                Frames.ethernet().ipv6(V6_A, V6_B).udp(1, 2))) {
            ByteBuffer plain = builder.payload(new byte[2]).build();
            int checksumOffset = plain.get(12) == 8 ? 40 : 60;
            byte[] payload = {plain.get(checksumOffset), plain.get(checksumOffset + 1)};

            ByteBuffer frame = builder.payload(payload).build();

            assertThat(frame.getShort(checksumOffset)).isEqualTo((short) 0xffff);
            assertThat(Frames.checksumsValid(frame)).as(Frames.describe(frame)).isTrue();
        }
    }

    @Test
    void shouldBuildValidChecksumsForRandomFrames() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            ByteBuffer frame = randomFrame(random);
            String reason = "seed " + seed + ", frame " + i + ": " + Frames.describe(frame);
            assertThat(Frames.checksumsValid(frame)).as(reason).isTrue();
            assertThat(ReferenceChecks.isValid(frame)).as(reason).isTrue();
        }
    }

    @Test
    void shouldNoticeEveryFlippedBitThatAChecksumCovers() {
        for (ByteBuffer frame : List.of(
                Frames.ethernet().ipv4(V4_A, V4_B).tcp(1, 2).payload(9).build(),
                Frames.ethernet().ipv4(V4_A, V4_B).udp(1, 2).payload(19).build(),
                Frames.ethernet().vlan(7).ipv6(V6_A, V6_B).tcp(1, 2).payload(9).build(),
                Frames.ethernet().ipv4(V4_A, V4_B).icmpEcho(1, 2).payload(19).build(),
                Frames.ethernet().ipv6(V6_A, V6_B).icmpEcho(1, 2).payload(9).build())) {
            boolean v6 = frame.get(12) != 8;
            int start = v6 ? addressesOfIpv6(frame) : 14;
            for (int bit = start * 8; bit < frame.limit() * 8; bit++) {
                frame.put(bit / 8, (byte) (frame.get(bit / 8) ^ (1 << (bit % 8))));
                assertThat(Frames.checksumsValid(frame))
                        .as("bit %d of %s", bit, Frames.describe(frame))
                        .isFalse();
                frame.put(bit / 8, (byte) (frame.get(bit / 8) ^ (1 << (bit % 8))));
            }
            assertThat(Frames.checksumsValid(frame)).isTrue();
        }
    }

    @Test
    void shouldPassUdpWithoutChecksumOverIpv4Only() {
        ByteBuffer v4 = Frames.udp(V4_A, 1, V4_B, 2).putShort(40, (short) 0);
        ByteBuffer v6 = Frames.udp(V6_A, 1, V6_B, 2).putShort(60, (short) 0);

        assertThat(Frames.checksumsValid(v4)).isTrue();
        assertThat(Frames.checksumsValid(v6)).isFalse();
    }

    @Test
    void shouldNotJudgeTheTransportChecksumOfAFragment() {
        ByteBuffer first = Frames.ethernet()
                .ipv4(V4_A, V4_B)
                .udp(1, 2)
                .payload(64)
                .build()
                .putShort(20, (short) 0x2000) // more fragments
                .putShort(24, (short) 0)
                .put(60, (byte) 0x55);
        first.putShort(24, (short) ReferenceChecks.checksum(first, 14, 20));

        assertThat(Frames.checksumsValid(first)).as(Frames.describe(first)).isTrue();
        assertThat(Frames.checksumsValid(first.put(22, (byte) 1)))
                .as("the header's checksum still counts")
                .isFalse();
    }

    @Test
    void shouldFindTheTransportHeaderBehindIpv6Extensions() {
        ByteBuffer udp = Frames.ethernet().ipv6(V6_A, V6_B).udp(1, 2).payload(5).build();
        ByteBuffer frame = ByteBuffer.allocate(udp.limit() + 24);
        frame.put(udp.slice(0, 54)).put(new byte[] {60, 0, 1, 4, 0, 0, 0, 0}); // hop-by-hop, then destination options
        frame.put(new byte[] {17, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        frame.put(udp.slice(54, 13)).clear();
        frame.put(20, (byte) 0).putShort(18, (short) (13 + 24));

        assertThat(Frames.describe(frame)).contains("2001:db8::1.1 > 2001:db8::2.2: UDP, payload 5");
        assertThat(Frames.checksumsValid(frame)).isTrue();
        assertThat(Frames.checksumsValid(frame.put(frame.limit() - 1, (byte) 0x55)))
                .isFalse();
    }

    @Test
    void shouldNotPassAFrameThatIsCutShort() {
        for (ByteBuffer frame : List.of(
                Frames.ethernet().ipv4(V4_A, V4_B).tcp(1, 2).padTo(0).build(),
                Frames.ethernet().vlan(3).ipv6(V6_A, V6_B).udp(1, 2).payload(1).build())) {
            for (int length = 0; length < frame.limit(); length++) {
                assertThat(Frames.checksumsValid(frame.slice(0, length)))
                        .as("%d bytes: %s", length, Frames.describe(frame.slice(0, length)))
                        .isFalse();
            }
        }
    }

    // ---- any buffer

    static List<ByteBuffer> anyBufferOfTheSameFrame() {
        ByteBuffer frame = Frames.tcp(V4_A, 4000, V4_B, 23);
        ByteBuffer inside = ByteBuffer.allocate(100).position(7);
        inside.put(frame.duplicate()).limit(67).position(7);
        ByteBuffer direct = ByteBuffer.allocateDirect(60).put(frame.duplicate()).flip();
        return List.of(
                frame,
                inside,
                direct,
                frame.asReadOnlyBuffer(),
                frame.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @MethodSource("anyBufferOfTheSameFrame")
    void shouldReadFromPositionToLimitAndChangeNothing(ByteBuffer buffer) {
        int position = buffer.position();
        int limit = buffer.limit();

        assertThat(Frames.describe(buffer))
                .isEqualTo(
                        "02:00:00:00:00:01 > 02:00:00:00:00:02, IP 10.0.0.1.4000 > 10.0.0.2.23: TCP [.], seq 0, ack 0,"
                                + " payload 0, ttl 64, length 60");
        assertThat(Frames.checksumsValid(buffer)).isTrue();
        assertThat(buffer.position()).isEqualTo(position);
        assertThat(buffer.limit()).isEqualTo(limit);
    }

    @Test
    void shouldTakeAnyBytes() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            ByteBuffer frame = randomFrame(random);
            int damage = random.nextInt(1, 8);
            for (int j = 0; j < damage; j++) {
                frame.put(12 + random.nextInt(frame.limit() - 12), (byte) random.nextInt());
            }
            ByteBuffer cut = frame.slice(0, random.nextInt(frame.limit() + 1));
            byte[] bytes = new byte[cut.remaining()];
            cut.get(0, bytes);
            String reason =
                    "seed " + seed + ", round " + i + ": " + HexFormat.of().formatHex(bytes);

            assertThat(withReason(reason, () -> Frames.describe(cut)))
                    .as(reason)
                    .isNotEmpty()
                    .doesNotContain("\n");
            boolean valid = withReason(reason, () -> Frames.checksumsValid(cut));
            assertThat(Frames.describe(cut).endsWith("]")).as(reason).isEqualTo(!valid);
        }
    }

    // ---- describe

    @Test
    void shouldDescribeFramesInOneLine() {
        String macs = "02:00:00:00:00:01 > 02:00:00:00:00:02, ";
        assertDescription(
                Frames.ethernet()
                        .vlan(100)
                        .ipv4(V4_A, V4_B)
                        .tcp(4000, 23)
                        .flags(TcpFlag.SYN)
                        .sequence(4294967295L)
                        .length(70)
                        .build(),
                macs
                        + "vlan 100, IP 10.0.0.1.4000 > 10.0.0.2.23: TCP [S], seq 4294967295, payload 12, ttl 64, length 70");
        assertDescription(
                Frames.ethernet().ipv6(V6_A, V6_B).tcp(1, 2).flags().build(),
                macs + "IP6 2001:db8::1.1 > 2001:db8::2.2: TCP [none], seq 0, payload 0, ttl 64, length 74");
        assertDescription(
                Frames.udp(V4_A, 53, V4_B, 53),
                macs + "IP 10.0.0.1.53 > 10.0.0.2.53: UDP, payload 0, ttl 64, length 60");
        assertDescription(
                Frames.icmpEcho(V4_A, V4_B, 7),
                macs + "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 7, payload 0, ttl 64, length 60");
        assertDescription(
                Frames.ethernet().ip(V6_A, V6_B).icmpEchoReply(2, 3).build(),
                macs + "IP6 2001:db8::1 > 2001:db8::2: ICMP6 echo reply, id 2, seq 3, payload 0, ttl 64, length 62");
        assertDescription(
                Frames.ethernet().ip(V4_A, V4_B).icmp(3, 1).ttl(1).build(),
                macs + "IP 10.0.0.1 > 10.0.0.2: ICMP type 3 code 1, payload 0, ttl 1, length 60");
        assertDescription(
                Frames.arpRequest(V4_A, V4_B),
                "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 60");
        assertDescription(Frames.arpReply(V4_A, V4_B), macs + "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 60");
        assertDescription(
                Frames.ethernet().ip(V4_A, V4_B).protocol(47).payload(4).build(),
                macs + "IP 10.0.0.1 > 10.0.0.2: protocol 47, payload 4, ttl 64, length 60");
        assertDescription(Frames.ethernet().etherType(0x88cc).build(), macs + "ethertype 0x88cc, length 60");
        assertDescription(Frames.ethernet().etherType(38).build(), macs + "802.3 length 38, length 60");
    }

    @Test
    void shouldSayWhatIsWrongWithAFrame() {
        ByteBuffer wrongTcp = Frames.tcp(V4_A, 1, V4_B, 2).put(34, (byte) 9);
        assertThat(Frames.describe(wrongTcp)).endsWith("length 60 [wrong TCP checksum]");
        ByteBuffer wrongIp = Frames.tcp(V4_A, 1, V4_B, 2).put(22, (byte) 9);
        assertThat(Frames.describe(wrongIp)).endsWith("ttl 9, length 60 [wrong IPv4 checksum]");
        ByteBuffer cut = Frames.tcp(V4_A, 1, V4_B, 2).slice(0, 40);
        assertThat(Frames.describe(cut)).endsWith("length 40 [malformed: IPv4 datagram needs 40 bytes, 26 are there]");
        assertThat(Frames.describe(ByteBuffer.allocate(0)))
                .isEqualTo("length 0 [malformed: Ethernet header needs 14 bytes, 0 are there]");
    }

    // ---- bad input

    @Test
    void shouldNameTheParameterAndTheValue() {
        assertRefused(
                () -> Frames.tcp("localhost", 1, V4_B, 2),
                "srcIp must be a numeric IPv4 or IPv6 address, was 'localhost'");
        assertRefused(() -> Frames.tcp(V4_A, -1, V4_B, 2), "srcPort must be 0 to 65535, was -1");
        assertRefused(() -> Frames.udp(V4_A, 1, V4_B, 65536), "dstPort must be 0 to 65535, was 65536");
        assertRefused(
                () -> Frames.udp(V4_A, 1, V6_B, 2),
                "srcIp and dstIp must be of one IP version, were '10.0.0.1' and '2001:db8::2'");
        assertRefused(() -> Frames.icmpEcho(V4_A, V4_B, 65536), "seq must be 0 to 65535, was 65536");
        assertRefused(() -> Frames.arpRequest(V4_A, V6_B), "dstIp must be a numeric IPv4 address, was '2001:db8::2'");
        assertRefused(() -> Frames.arpReply("", V4_B), "srcIp must be a numeric IPv4 or IPv6 address, was ''");
        FrameBuilder builder = Frames.ethernet();
        assertRefused(() -> builder.ipv4(V6_A, V4_B), "srcIp must be a numeric IPv4 address, was '2001:db8::1'");
        assertRefused(() -> builder.ipv6(V6_A, V4_B), "dstIp must be a numeric IPv6 address, was '10.0.0.2'");
        assertRefused(() -> builder.src("x"), "mac must be a MAC address such as 02:00:00:00:00:01, was 'x'");
        assertRefused(() -> builder.vlan(4096), "id must be 0 to 4095, was 4096");
        assertRefused(() -> builder.tag(0x5ff, 1), "tpid must be 1536 to 65535, was 1535");
        assertRefused(() -> builder.ttl(256), "hops must be 0 to 255, was 256");
        assertRefused(() -> builder.sequence(-1), "number must be 0 to 4294967295, was -1");
        assertRefused(() -> builder.payload(-1), "length must be 0 to 65535, was -1");
        assertRefused(() -> builder.length(13), "length must be 14 to 131072, was 13");
        assertRefused(() -> builder.padTo(1 << 20), "length must be 0 to 131072, was 1048576");
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        assertRefused(
                () -> Frames.ethernet()
                        .vlan(1)
                        .ip(V4_A, V4_B)
                        .tcp(1, 2)
                        .length(57)
                        .build(),
                "length 57 is too short, headers and payload need 58 bytes");
        assertRefused(
                () -> Frames.ethernet()
                        .ip(V4_A, V4_B)
                        .udp(1, 2)
                        .payload(19)
                        .length(60)
                        .build(),
                "length 60 is too short, headers and payload need 61 bytes");
        assertRefused(
                () -> Frames.ethernet().ip(V4_A, V4_B).udp(1, 2).payload(65508).build(),
                "a payload of 65508 bytes does not fit into an IP datagram, whose length field would be 65536");
        assertRefused(
                () -> Frames.ethernet()
                        .ip(V6_A, V6_B)
                        .udp(1, 2)
                        .length(14 + 40 + 65536)
                        .build(),
                "a payload of 65528 bytes does not fit into an IP datagram, whose length field would be 65536");
    }

    @Test
    void shouldRefuseLayersThatDoNotGoTogether() {
        assertThatThrownBy(() -> Frames.ethernet().udp(1, 2).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("UDP needs an IP header: call ip, ipv4 or ipv6");
        assertThatThrownBy(() ->
                        Frames.ethernet().arpRequest(V4_A, V4_B).payload(1).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an ARP frame has no payload, 1 bytes were given");
    }

    // ---- helpers

    static ByteBuffer randomFrame(SplittableRandom random) {
        FrameBuilder builder = Frames.ethernet();
        for (int tags = random.nextInt(3); tags > 0; tags--) {
            builder.vlan(random.nextInt(4096));
        }
        if (random.nextInt(20) == 0) {
            return builder.arpRequest(randomIp(random, false), randomIp(random, false))
                    .build();
        }
        boolean v6 = random.nextBoolean();
        builder.ip(randomIp(random, v6), randomIp(random, v6)).ttl(random.nextInt(256));
        switch (random.nextInt(4)) {
            case 0 ->
                builder.tcp(random.nextInt(65536), random.nextInt(65536))
                        .sequence(random.nextLong(1L << 32))
                        .flags(random.nextBoolean() ? TcpFlag.SYN : TcpFlag.RST);
            case 1 -> builder.udp(random.nextInt(65536), random.nextInt(65536));
            case 2 -> builder.icmpEcho(random.nextInt(65536), random.nextInt(65536));
            default -> builder.icmp(random.nextInt(256), random.nextInt(256));
        }
        byte[] payload = new byte[random.nextInt(120)];
        random.nextBytes(payload);
        return builder.payload(payload).build();
    }

    private static String randomIp(SplittableRandom random, boolean v6) {
        byte[] address = new byte[v6 ? 16 : 4];
        random.nextBytes(address);
        return Addresses.formatIp(ByteBuffer.wrap(address), 0, address.length);
    }

    private static int addressesOfIpv6(ByteBuffer frame) {
        return (frame.getShort(12) == (short) 0x8100 ? 18 : 14) + 8;
    }

    private static <T> T withReason(String reason, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw new AssertionError(reason, e);
        }
    }

    private static void assertBytes(ByteBuffer frame, String hex) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(frame.position(), bytes);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
        assertThat(Frames.checksumsValid(frame)).as(Frames.describe(frame)).isTrue();
    }

    private static void assertDescription(ByteBuffer frame, String description) {
        assertThat(Frames.describe(frame)).isEqualTo(description);
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
