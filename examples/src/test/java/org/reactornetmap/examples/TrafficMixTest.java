package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactornetmap.test.Frames;

class TrafficMixTest {

    private static final int COUNT = 24_000;
    private static final List<ByteBuffer> FRAMES = TrafficMix.of(1, COUNT).frames();

    @Test
    void shouldGiveTheSameFramesForTheSameSeed() {
        assertThat(TrafficMix.of(1, COUNT).frames()).isEqualTo(FRAMES);
        assertThat(TrafficMix.of(2, COUNT).frames()).isNotEqualTo(FRAMES);
    }

    @Test
    void shouldGiveFramesReadyToSend() {
        assertThat(FRAMES).hasSize(COUNT);
        for (ByteBuffer frame : FRAMES) {
            assertThat(frame.position()).isZero();
            assertThat(frame.limit()).isBetween(60, 1514);
            assertThat(Frames.checksumsValid(frame)).as(Frames.describe(frame)).isTrue();
        }
    }

    @Test
    void shouldKeepTheImixProportions() {
        double ipFrames = count(": ");
        long medium = FRAMES.stream().filter(frame -> frame.limit() == 590).count();
        long large = FRAMES.stream().filter(frame -> frame.limit() == 1514).count();
        long small = FRAMES.stream().filter(frame -> frame.limit() <= 78).count();

        assertThat(medium / ipFrames).isCloseTo(4 / 12.0, within(0.02));
        assertThat(large / ipFrames).isCloseTo(1 / 12.0, within(0.02));
        assertThat(small).as("nothing in between").isEqualTo(COUNT - medium - large);
        assertThat(FRAMES).as("only IPv6 is longer than 60").allSatisfy(frame -> {
            if (frame.limit() > 60 && frame.limit() <= 78) {
                assertThat(Frames.describe(frame)).contains(" IP6 ");
            }
        });
    }

    @Test
    void shouldMixProtocolsVersionsAndTags() {
        assertThat(count(": TCP ") / (double) COUNT).isCloseTo(0.70, within(0.08));
        assertThat(count(": UDP") / (double) COUNT).isCloseTo(0.24, within(0.08));
        assertThat(count("echo request")).isPositive();
        assertThat(count("echo reply")).isPositive();
        assertThat(count("Request who-has")).isPositive();
        assertThat(count("is-at")).isPositive();
        assertThat(count(" IP6 ") / (double) COUNT).isCloseTo(0.25, within(0.08));
        assertThat(count("vlan ") / (double) COUNT).isCloseTo(0.20, within(0.08));
        assertThat(count("TCP [S]")).isPositive();
    }

    @Test
    void shouldCarryAsManyFlowsAsAskedFor() {
        assertThat(flows(FRAMES)).hasSize(TrafficMix.DEFAULT_FLOWS);
        assertThat(flows(TrafficMix.of(1, 5_000, 5_000).frames())).hasSize(5_000);
        assertThat(flows(TrafficMix.of(1, 100, 1).frames())).hasSize(1);
        assertThat(flows(TrafficMix.of(1, 100).frames())).hasSize(100);
    }

    @Test
    void shouldGiveTheFirstFlowsMoreThanTheLast() {
        Map<String, Integer> perFlow = new HashMap<>();
        FRAMES.forEach(frame -> perFlow.merge(flow(frame), 1, Integer::sum));

        assertThat(perFlow.get(flow(FRAMES.get(0))))
                .isGreaterThan(10 * perFlow.get(flow(FRAMES.get(TrafficMix.DEFAULT_FLOWS - 1))));
    }

    @Test
    void shouldNameTheParameterAndTheValue() {
        assertThatThrownBy(() -> TrafficMix.of(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frameCount must be 1 or more, was 0");
        assertThatThrownBy(() -> TrafficMix.of(1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("flowCount must be 1 to 1048576, was 0");
    }

    private static long count(String part) {
        return FRAMES.stream()
                .filter(frame -> Frames.describe(frame).contains(part))
                .count();
    }

    private static Set<String> flows(List<ByteBuffer> frames) {
        Set<String> flows = new HashSet<>();
        frames.forEach(frame -> flows.add(flow(frame)));
        return flows;
    }

    /** Protocol and both ends, whichever of them sends. */
    private static String flow(ByteBuffer frame) {
        String line = Frames.describe(frame);
        Matcher ip = Pattern.compile("(IP6?) (\\S+) > (\\S+): (\\w+)").matcher(line);
        if (ip.find()) {
            return ip.group(4) + Stream.of(ip.group(2), ip.group(3)).sorted().toList();
        }
        int arp = frame.getShort(12) == (short) 0x8100 ? 18 : 14;
        return "ARP"
                + Stream.of(frame.getInt(arp + 14), frame.getInt(arp + 24))
                        .sorted()
                        .toList();
    }
}
