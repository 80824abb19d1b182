package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.operators.PcapRecord;
import org.reactornetmap.operators.filter.bpf.BpfCompiler;
import org.reactornetmap.operators.filter.bpf.BpfInterpreter;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfOptimizer;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.bpf.BpfProgramSet;

/** All that runs a program, on libpcap's verdicts: optimised, compiled, both, and all expressions together. */
class EngineCorpusTest {

    @BeforeAll
    static void needsTheCorpus() {
        FilterCorpus.assumePresent();
    }

    static Stream<Arguments> engines() {
        final Function<BpfProgram, BpfMatcher> optimized = program -> BpfInterpreter.of(BpfOptimizer.optimize(program));
        final Function<BpfProgram, BpfMatcher> compiled = BpfCompiler::compile;
        return Stream.of(Arguments.of("optimised", optimized), Arguments.of("compiled", compiled));
    }

    /** What users get. */
    @Test
    void shouldMatchThePacketsThatLibpcapMatches() throws IOException {
        compare("optimised and compiled", program -> BpfCompiler.compile(BpfOptimizer.optimize(program)));
    }

    @Tag("slow")
    @ParameterizedTest(name = "{displayName}: {0}")
    @MethodSource("engines")
    void shouldMatchWithTheOptimizerOrTheCompilerAlone(final String name, final Function<BpfProgram, BpfMatcher> engine)
            throws IOException {
        compare(name, engine);
    }

    private static void compare(final String name, final Function<BpfProgram, BpfMatcher> engine) throws IOException {
        final List<FilterCorpus.Capture> captures = FilterCorpus.captures();
        final List<String> wrong = new ArrayList<>();
        for (final FilterCorpus.Entry record : FilterCorpus.records()) {
            if (!record.isValid()) {
                continue;
            }
            final Map<ByteOrder, BpfMatcher> matchers = new HashMap<>();
            for (final FilterCorpus.Capture capture : captures) {
                if (capture.linkType() == record.linkType()) {
                    final BitSet difference = matches(
                            matchers.computeIfAbsent(capture.order(), order -> engine.apply(program(record, capture))),
                            capture);
                    difference.xor(record.packets("matches", capture.file()));
                    difference.andNot(record.packets("undef", capture.file()));
                    difference.andNot(record.packets("verdep", capture.file()));
                    if (!difference.isEmpty()) {
                        wrong.add(record + ", " + capture.file() + ": " + difference);
                    }
                }
            }
        }
        assertThat(wrong).as(name).isEmpty();
    }

    /** A rule table of all expressions that there are for a link type, on all its packets. */
    @Test
    void shouldAnswerTogetherAsOneByOne() throws IOException {
        final List<FilterCorpus.Entry> valid = FilterCorpus.records().stream()
                .filter(FilterCorpus.Entry::isValid)
                .toList();
        final Map<List<Object>, List<FilterCorpus.Capture>> alike = FilterCorpus.captures().stream()
                .collect(Collectors.groupingBy(capture -> List.of(capture.linkType(), capture.order())));
        for (final List<FilterCorpus.Capture> captures : alike.values()) {
            final FilterCorpus.Capture one = captures.get(0);
            compareTogether(
                    valid.stream()
                            .filter(record -> record.linkType() == one.linkType())
                            .map(record -> program(record, one))
                            .toList(),
                    captures);
        }
    }

    private static void compareTogether(final List<BpfProgram> programs, final List<FilterCorpus.Capture> captures) {
        final BpfProgramSet set = BpfProgramSet.of(programs, BpfCompiler::compile);
        final List<BpfMatcher> each =
                programs.stream().map(BpfCompiler::compile).toList();
        final BitSet found = new BitSet();
        for (final FilterCorpus.Capture capture : captures) {
            for (int i = 0; i < Math.min(100, capture.packets().size()); i++) {
                final PcapRecord packet = capture.packets().get(i);
                final int captured = packet.data().limit();
                final BitSet expected = new BitSet();
                for (int n = 0; n < each.size(); n++) {
                    expected.set(n, each.get(n).run(packet.data(), 0, captured, packet.wireLength()) != 0);
                }
                set.all(packet.data(), 0, captured, packet.wireLength(), found);
                assertThat(found).as("%s, packet %d", capture.file(), i).isEqualTo(expected);
                assertThat(set.first(packet.data(), 0, captured, packet.wireLength()))
                        .as("%s, packet %d", capture.file(), i)
                        .isEqualTo(expected.nextSetBit(0));
            }
        }
    }

    private static BpfProgram program(final FilterCorpus.Entry record, final FilterCorpus.Capture capture) {
        return FilterCompiler.compile(record.expression(), record.target().withNullOrder(capture.order()));
    }

    private static BitSet matches(final BpfMatcher matcher, final FilterCorpus.Capture capture) {
        final BitSet matches = new BitSet();
        for (int i = 0; i < capture.packets().size(); i++) {
            final PcapRecord packet = capture.packets().get(i);
            matches.set(i, matcher.run(packet.data(), 0, packet.data().limit(), packet.wireLength()) != 0);
        }
        return matches;
    }
}
