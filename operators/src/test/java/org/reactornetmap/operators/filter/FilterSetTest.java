package org.reactornetmap.operators.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;

class FilterSetTest {
    private static final FilterOptions INTERPRETED = FilterOptions.defaults().withEngine(FilterEngine.INTERPRETED);

    @Test
    void shouldFindTheFirstRule() {
        final FilterSet rules =
                FilterSet.of("src net 10.1.0.0/16 and tcp dst port 443", "udp port 53", "host 10.0.0.1");
        assertThat(rules.first(Frames.tcp("10.1.2.3", 9, "10.0.0.1", 443), LinkType.ETHERNET))
                .isZero();
        assertThat(rules.first(Frames.udp("10.0.0.1", 53, "10.0.0.2", 9), LinkType.ETHERNET))
                .isEqualTo(1);
        assertThat(rules.first(Frames.arpRequest("10.0.0.1", "10.0.0.2"), LinkType.ETHERNET))
                .isEqualTo(2);
        final Packet packet = PacketPool.wrap(Frames.tcp("10.2.2.3", 9, "10.0.0.2", 443));
        assertThat(rules.first(packet)).isEqualTo(-1);
        packet.release();
    }

    @Test
    void shouldFindAllRules() {
        final FilterSet rules = FilterSet.of("udp", "host 10.0.0.1", "tcp", "port 53");
        final BitSet matches = new BitSet();
        rules.all(Frames.udp("10.0.0.1", 53, "10.0.0.2", 9), LinkType.ETHERNET, matches);
        assertThat(matches).hasToString("{0, 1, 3}");
    }

    @Test
    void shouldTakeTheWireLengthOfAFrameCutShort() {
        final FilterSet rules = FilterSet.of("udp and less 60", "udp and greater 1000");
        final ByteBuffer frame = Frames.udp("10.0.0.1", 53, "10.0.0.2", 9);
        final byte[] array = new byte[frame.remaining()];
        frame.duplicate().get(array);
        final BitSet matches = new BitSet();

        assertThat(rules.first(frame, LinkType.ETHERNET)).isZero();
        assertThat(rules.first(frame, 1_200, LinkType.ETHERNET)).isEqualTo(1);
        assertThat(rules.first(array, 1_200, LinkType.ETHERNET)).isEqualTo(1);
        rules.all(frame, 1_200, LinkType.ETHERNET, matches);
        assertThat(matches).hasToString("{1}");
        rules.all(array, array.length, LinkType.ETHERNET, matches);
        assertThat(matches).hasToString("{0}");
    }

    @Test
    void shouldSayAgainWhichRuleIsNoneForALinkType() {
        final FilterSet rules = FilterSet.of("udp", "ether host 1:2:3:4:5:6");
        final ByteBuffer frame = ByteBuffer.allocate(60);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> rules.first(frame, LinkType.RAW))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("filter 1 of 0..1");
        }
        assertThat(rules.first(frame, LinkType.ETHERNET)).isEqualTo(-1);
    }

    /** Linux gives a new thread the CPUs of the one that starts it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNotCompileOnTheCpuOfALoop() throws IOException {
        final String cpus = allowedCpus(Path.of("/proc/thread-self/status"));
        Assumptions.assumeThat(cpus).as("a machine of several CPUs").containsAnyOf(",", "-");
        final FilterSet rules = FilterSet.of("udp", "tcp");
        final int first = Integer.parseInt(cpus.split("[,-]", 2)[0]);
        try (NetmapLoop loop = NetmapLoop.builder("pinned").cpu(first).build()) {
            CompletableFuture.runAsync(
                            () -> rules.first(Frames.tcp("10.0.0.1", 1, "10.0.0.2", 2), LinkType.ETHERNET),
                            loop::execute)
                    .join();
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (final Path each : threads.toList()) {
                if (Files.readString(each.resolve("comm")).startsWith("netmap-filter")) {
                    assertThat(allowedCpus(each.resolve("status"))).isEqualTo(cpus);
                    return;
                }
            }
        }
        Assertions.fail("no thread compiles");
    }

    private static String allowedCpus(final Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldSayWhichRuleIsWrong() {
        assertThatThrownBy(() -> FilterSet.of("udp", "tcp prot 80", "arp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("filter 1 of 0..2, 'tcp prot 80'");
    }

    /** Tables and frames made by chance from few values, so that rules overlap: the same answers as one by one. */
    @Test
    void shouldAnswerAsOneByOne() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            final List<String> expressions = IntStream.range(0, 1 + random.nextInt(80))
                    .mapToObj(i -> expression(random))
                    .toList();
            final FilterSet rules = FilterSet.of(expressions, INTERPRETED);
            final List<FrameFilter> each = expressions.stream()
                    .map(expression -> FrameFilter.matching(expression, LinkType.ETHERNET, INTERPRETED))
                    .toList();
            for (int i = 0; i < 200; i++) {
                final ByteBuffer frame = frame(random);
                final BitSet expected = new BitSet();
                for (int n = 0; n < each.size(); n++) {
                    expected.set(n, each.get(n).matches(frame));
                }
                final BitSet found = new BitSet();
                rules.all(frame, LinkType.ETHERNET, found);
                assertThat(found).as("seed %d, rules %s", seed, expressions).isEqualTo(expected);
                assertThat(rules.first(frame, LinkType.ETHERNET))
                        .as("seed %d, rules %s", seed, expressions)
                        .isEqualTo(expected.nextSetBit(0));
            }
        }
    }

    /** One test or several, of every kind that a table has. */
    private static String expression(final SplittableRandom random) {
        final List<String> tests = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            tests.add((random.nextInt(6) == 0 ? "not " : "") + test(random));
        }
        return String.join(random.nextInt(3) == 0 ? " or " : " and ", tests);
    }

    private static String test(final SplittableRandom random) {
        final String side = List.of("", "src ", "dst ").get(random.nextInt(3));
        return switch (random.nextInt(9)) {
            case 0 -> side + "host 10.0.0." + random.nextInt(4);
            case 1 -> side + "net 10.0." + random.nextInt(3) + ".0/24";
            case 2 -> "tcp " + side + "port " + random.nextInt(5);
            case 3 -> side + "port " + random.nextInt(5);
            case 4 -> side + "portrange 1-" + (1 + random.nextInt(3));
            case 5 -> List.of("ip", "arp", "udp", "tcp", "ip6").get(random.nextInt(5));
            case 6 -> "greater " + (40 + random.nextInt(40));
            case 7 -> "tcp[tcpflags] & tcp-syn != 0";
            default -> "ip[8] " + List.of("=", ">", "!=").get(random.nextInt(3)) + " 64";
        };
    }

    private static ByteBuffer frame(final SplittableRandom random) {
        final String from = "10.0." + random.nextInt(2) + "." + random.nextInt(4);
        final String to = "10.0." + random.nextInt(2) + "." + random.nextInt(4);
        final ByteBuffer frame =
                switch (random.nextInt(4)) {
                    case 0 -> Frames.arpRequest(from, to);
                    case 1 -> Frames.tcp(from, random.nextInt(6), to, random.nextInt(6));
                    default -> Frames.udp(from, random.nextInt(6), to, random.nextInt(6));
                };
        return random.nextInt(8) == 0 ? frame.duplicate().limit(random.nextInt(frame.limit() + 1)) : frame;
    }
}
