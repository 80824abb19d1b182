package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;

class FlowHashTest {

    private static final FlowHash HASH = FlowHash.symmetric(42);

    private static int hash(ByteBuffer frame) {
        return HASH.hash(PacketPool.wrap(frame));
    }

    @ParameterizedTest(name = "{displayName} {0} {1}")
    @CsvSource({"10.0.0.1, 10.0.0.2", "2001:db8::1, 2001:db8::2", "10.0.0.1, 10.0.0.1"})
    void shouldBeTheSameBothWays(String a, String b) {
        assertThat(hash(Frames.tcp(a, 4000, b, 23))).isEqualTo(hash(Frames.tcp(b, 23, a, 4000)));
        assertThat(hash(Frames.udp(a, 4000, b, 53))).isEqualTo(hash(Frames.udp(b, 53, a, 4000)));
        assertThat(hash(Frames.icmpEcho(a, b, 1))).isEqualTo(hash(Frames.icmpEcho(b, a, 2)));
    }

    @ParameterizedTest(name = "{displayName} {0} {1}")
    @CsvSource({"10.0.0.1, 10.0.0.2", "2001:db8::1, 2001:db8::2"})
    void shouldTellFlowsApart(String a, String b) {
        int flow = hash(Frames.tcp(a, 4000, b, 23));
        assertThat(hash(Frames.tcp(a, 4001, b, 23))).isNotEqualTo(flow);
        assertThat(hash(Frames.tcp(a, 23, b, 4000)))
                .as("ports of the other end")
                .isNotEqualTo(flow);
        assertThat(hash(Frames.udp(a, 4000, b, 23))).isNotEqualTo(flow);
        assertThat(hash(Frames.tcp(a, 4000, a, 23))).isNotEqualTo(flow);
    }

    @Test
    void shouldNotCountTags() {
        ByteBuffer tagged = Frames.ethernet()
                .vlan(7)
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(4000, 23)
                .build();
        assertThat(hash(tagged)).isEqualTo(hash(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23)));
    }

    @Test
    void shouldKeepFragmentsTogether() {
        ByteBuffer first = Frames.udp("10.0.0.1", 53, "10.0.0.2", 4000);
        first.put(20, (byte) 0x20);
        ByteBuffer second = Frames.udp("10.0.0.1", 0xabcd, "10.0.0.2", 0x1234); // no ports, data
        second.put(21, (byte) 100);
        assertThat(hash(first)).isEqualTo(hash(second));
    }

    @Test
    void shouldHashWhatIsNotIpByMacs() {
        int ab = hash(Frames.ethernet()
                .src("02:00:00:00:00:0a")
                .dst("02:00:00:00:00:0b")
                .etherType(0x88cc)
                .payload(50)
                .build());
        int ba = hash(Frames.ethernet()
                .src("02:00:00:00:00:0b")
                .dst("02:00:00:00:00:0a")
                .etherType(0x88cc)
                .payload(50)
                .build());
        int ac = hash(Frames.ethernet()
                .src("02:00:00:00:00:0a")
                .dst("02:00:00:00:00:0c")
                .etherType(0x88cc)
                .payload(50)
                .build());
        assertThat(ab).isEqualTo(ba).isNotEqualTo(ac);
    }

    @Test
    void shouldHashAnyLength() {
        byte[] frame = Frames.tcp("10.0.0.1", 1, "10.0.0.2", 2).array();
        for (int length = 0; length < frame.length; length++) {
            hash(ByteBuffer.wrap(frame, 0, length));
        }
    }

    @Test
    void shouldDependOnTheSeed() {
        var packet = PacketPool.wrap(Frames.tcp("10.0.0.1", 1, "10.0.0.2", 2));
        Set<Integer> hashes = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            hashes.add(FlowHash.symmetric(seed).hash(packet));
        }
        assertThat(hashes).hasSize(100);
        assertThat(FlowHash.symmetric(7).hash(packet))
                .isEqualTo(FlowHash.symmetric(7).hash(packet));
    }

    /** Chi-square of consecutive ports over the lanes; 99.9 % of uniform samples stay below the bound. */
    @ParameterizedTest(name = "{displayName} over {0} lanes")
    @ValueSource(ints = {2, 3, 4, 7, 8, 16})
    void shouldSpreadEvenly(int lanes) {
        double[] bounds = {
            0, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32, 26.12, 27.88, 29.59, 31.26, 32.91, 34.53, 36.12, 37.70
        };
        int flows = 20_000;
        int[] counts = new int[lanes];
        ByteBuffer frame = Frames.tcp("10.0.0.1", 0, "10.0.0.2", 443);
        for (int i = 0; i < flows; i++) {
            frame.putShort(34, (short) (i % 5_000)).put(29, (byte) (i / 5_000));
            counts[Math.floorMod(hash(frame), lanes)]++;
        }
        double expected = (double) flows / lanes;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        assertThat(chiSquare).isLessThan(bounds[lanes - 1]);
    }

    @Test
    void shouldSpreadEveryBit() {
        int[] ones = new int[32];
        int flows = 20_000;
        for (int i = 0; i < flows; i++) {
            int value = hash(Frames.udp("10.0.0.1", i, "10.0.0.2", 53));
            for (int bit = 0; bit < 32; bit++) {
                ones[bit] += value >>> bit & 1;
            }
        }
        for (int count : ones) {
            assertThat(count).isBetween(flows / 2 - 300, flows / 2 + 300); // more than four sigma
        }
    }
}
