package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactornetmap.operators.PcapRecord;
import org.reactornetmap.operators.filter.bpf.BpfInterpreter;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/** Expressions that libpcap was asked about: which are valid, which program they give, and which packets they match. */
class FilterCorpusTest {
    @BeforeAll
    static void assumePresent() {
        FilterCorpus.assumePresent();
    }

    @Test
    void shouldAcceptWhatLibpcapAccepts() throws IOException {
        final List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (final FilterCorpus.Entry record : FilterCorpus.records()) {
            if (record.isStable() && !record.isRejectedByOptimizer()) {
                checked++;
                final String error = error(record);
                if (record.isValid() != error.isEmpty()) {
                    wrong.add(record + ": " + error);
                }
            }
        }
        System.out.println("filter corpus: valid or not as in libpcap: " + (checked - wrong.size()) + " of " + checked);
        assertThat(wrong).isEmpty();
    }

    private static String error(final FilterCorpus.Entry record) {
        try {
            FilterCompiler.compile(record.expression(), record.target());
            return "";
        } catch (final FilterSyntaxException e) {
            return e.getMessage();
        }
    }

    @Test
    void shouldMakeTheProgramsThatLibpcapMakesUnoptimised() throws IOException {
        final Map<Long, BpfProgram> programs = FilterCorpus.programs();
        final List<String> wrong = new ArrayList<>();
        for (final FilterCorpus.Entry record : FilterCorpus.records()) {
            final BpfProgram expected = programs.get(record.id());
            if (expected != null) {
                final String error = error(record);
                if (!error.isEmpty()) {
                    wrong.add(record + ": " + error);
                } else {
                    final BpfProgram made = FilterCompiler.compile(record.expression(), record.target());
                    if (!made.equals(expected)) {
                        wrong.add(record + ":\n" + made + "instead of\n" + expected);
                    }
                }
            }
        }
        System.out.println(
                "filter corpus: programs as libpcap's: " + (programs.size() - wrong.size()) + " of " + programs.size());
        assertThat(wrong).isEmpty();
    }

    @Test
    void shouldMatchThePacketsThatLibpcapMatches() throws IOException {
        final List<FilterCorpus.Capture> captures = FilterCorpus.captures();
        final List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (final FilterCorpus.Entry record : FilterCorpus.records()) {
            if (!record.isValid()) {
                continue;
            }
            for (final FilterCorpus.Capture capture : captures) {
                if (capture.linkType() == record.linkType()) {
                    checked += capture.packets().size();
                    final BitSet difference = matches(record, capture);
                    difference.xor(record.packets("matches", capture.file()));
                    difference.andNot(record.packets("undef", capture.file()));
                    difference.andNot(record.packets("verdep", capture.file()));
                    if (!difference.isEmpty()) {
                        wrong.add(record + ", " + capture.file() + ": " + difference);
                    }
                }
            }
        }
        System.out.println("filter corpus: " + checked + " verdicts on packets");
        assertThat(wrong).isEmpty();
    }

    private static BitSet matches(final FilterCorpus.Entry record, final FilterCorpus.Capture capture) {
        final BpfInterpreter interpreter = BpfInterpreter.of(
                FilterCompiler.compile(record.expression(), record.target().withNullOrder(capture.order())));
        final BitSet matches = new BitSet();
        for (int i = 0; i < capture.packets().size(); i++) {
            final PcapRecord packet = capture.packets().get(i);
            matches.set(i, interpreter.run(packet.data(), 0, packet.data().limit(), packet.wireLength()) != 0);
        }
        return matches;
    }
}
