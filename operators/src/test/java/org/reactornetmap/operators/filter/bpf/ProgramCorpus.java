package org.reactornetmap.operators.filter.bpf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reactornetmap.operators.PcapReader;
import org.reactornetmap.operators.PcapRecord;

/** libpcap's own programs and the captures they are for, where the folder is that {@code bpf.corpus} names. */
final class ProgramCorpus {
    private static final Path DEV =
            Path.of(System.getProperty("bpf.corpus", "../../shared/bpf")).resolve("dev");
    private static final Pattern FILTER = Pattern.compile("\\{\"id\": ?(\\d+),.*?\"dlt\": ?(\\d+),");
    private static final Pattern PROGRAM =
            Pattern.compile("\\{\"id\": ?(\\d+), ?\"opt\": ?(null|\\[\\[.*?]]), ?\"unopt\": ?(null|\\[\\[.*?]])");
    private static final Pattern INSTRUCTION = Pattern.compile("\\[(\\d+), ?(\\d+), ?(\\d+), ?(-?\\d+)]");
    private static final int LINKTYPE_RAW = 101;
    private static final int DLT_RAW = 12;

    private ProgramCorpus() {}

    /** A program and the link type it is for. */
    record Entry(String name, int linkType, BpfProgram program) {
        @Override
        public String toString() {
            return name;
        }
    }

    static void assumePresent() {
        assumeTrue(Files.isDirectory(DEV), () -> "no filter corpus at " + DEV.toAbsolutePath());
    }

    /** libpcap's programs, optimised and not, in order. */
    static List<Entry> programs() throws IOException {
        final Map<Integer, Integer> linkTypes = new HashMap<>();
        for (final String line : Files.readAllLines(DEV.resolve("filters.jsonl"))) {
            final Matcher filter = FILTER.matcher(line);
            if (filter.lookingAt()) {
                linkTypes.put(Integer.valueOf(filter.group(1)), Integer.valueOf(filter.group(2)));
            }
        }
        final List<Entry> entries = new ArrayList<>();
        for (final String line : Files.readAllLines(DEV.resolve("programs.jsonl"))) {
            final Matcher program = PROGRAM.matcher(line);
            if (!program.lookingAt()) {
                throw new IllegalStateException("no program: " + line);
            }
            final int linkType = linkTypes.get(Integer.valueOf(program.group(1)));
            for (int form = 2; form <= 3; form++) {
                if (!program.group(form).equals("null")) {
                    final String name = program.group(1) + (form == 2 ? " optimised" : " unoptimised");
                    entries.add(new Entry(name, linkType, parse(program.group(form))));
                }
            }
        }
        return entries;
    }

    private static BpfProgram parse(final String text) {
        return BpfProgram.of(INSTRUCTION
                .matcher(text)
                .results()
                .map(each -> new BpfInstruction(
                        Integer.parseInt(each.group(1)),
                        Integer.parseInt(each.group(2)),
                        Integer.parseInt(each.group(3)),
                        (int) Long.parseLong(each.group(4))))
                .toList());
    }

    /** The packets of all captures, by link type. */
    static Map<Integer, List<PcapRecord>> packets() throws IOException {
        final Map<Integer, List<PcapRecord>> packets = new HashMap<>();
        final List<Path> files;
        try (Stream<Path> all = Files.list(DEV.resolve("captures"))) {
            files = all.sorted().toList();
        }
        for (final Path file : files) {
            try (PcapReader reader = PcapReader.open(file)) {
                final int code = reader.linkTypeCode() == LINKTYPE_RAW ? DLT_RAW : reader.linkTypeCode();
                final List<PcapRecord> records = packets.computeIfAbsent(code, any -> new ArrayList<>());
                for (PcapRecord record = reader.next(); record != null; record = reader.next()) {
                    records.add(record);
                }
            }
        }
        return packets;
    }
}
