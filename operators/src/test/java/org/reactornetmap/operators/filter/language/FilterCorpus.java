package org.reactornetmap.operators.filter.language;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.PcapReader;
import org.reactornetmap.operators.PcapRecord;
import org.reactornetmap.operators.filter.bpf.BpfInstruction;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.packet.LinkType;

/** What libpcap says of many expressions, where the folder is that {@code bpf.corpus} names. */
final class FilterCorpus {
    private static final Path DEV =
            Path.of(System.getProperty("bpf.corpus", "../../shared/bpf")).resolve("dev");
    private static final int DLT_RAW = 12;

    private FilterCorpus() {}

    /** An expression, and what libpcap says of it. */
    record Entry(long id, String expression, Map<String, Object> fields) {
        LinkType linkType() {
            return FilterCorpus.linkType((int) number("dlt"));
        }

        /** What it is compiled for, if the capture is little-endian. */
        FilterTarget target() {
            final Object netmask = fields.get("netmask");
            return FilterTarget.of(linkType())
                    .withNames(new Names())
                    .withSnapLength(fields.containsKey("snaplen") ? (int) number("snaplen") : 262_144)
                    .withNetmask(netmask == null ? null : (Inet4Address) address((String) netmask));
        }

        boolean isValid() {
            return is("valid");
        }

        boolean isStable() {
            return is("stable");
        }

        /** Whether only libpcap's optimiser has found that it matches nothing. */
        boolean isRejectedByOptimizer() {
            return "optimizer".equals(fields.get("reject"));
        }

        /** The packets of a capture that a field lists. */
        BitSet packets(final String field, final String file) {
            final BitSet packets = new BitSet();
            for (final Object each : Json.array(Json.object(fields.get(field)).get(file))) {
                if (each instanceof final Long index) {
                    packets.set(index.intValue());
                } else {
                    final List<Object> range = Json.array(each);
                    packets.set(((Long) range.get(0)).intValue(), ((Long) range.get(1)).intValue() + 1);
                }
            }
            final Map<String, Object> big =
                    Json.object(Json.object(fields.get(field + "_big")).get(file));
            if (!big.isEmpty()) {
                packets.or(BitSet.valueOf(Base64.getDecoder().decode((String) big.get("bits"))));
            }
            return packets;
        }

        private boolean is(final String field) {
            return Boolean.TRUE.equals(fields.get(field));
        }

        private long number(final String field) {
            return (Long) fields.get(field);
        }

        @Override
        public String toString() {
            return id + " " + linkType() + " " + expression;
        }
    }

    /** A capture's packets. */
    record Capture(String file, LinkType linkType, ByteOrder order, List<PcapRecord> packets) {}

    static void assumePresent() {
        assumeTrue(Files.isDirectory(DEV), () -> "no filter corpus at " + DEV.toAbsolutePath());
    }

    static List<Entry> records() throws IOException {
        final List<Entry> records = new ArrayList<>();
        for (final String line : Files.readAllLines(DEV.resolve("filters.jsonl"))) {
            final Map<String, Object> fields = Json.object(Json.parse(line));
            records.add(new Entry((Long) fields.get("id"), (String) fields.get("expr"), fields));
        }
        return records;
    }

    /** The programs that libpcap makes without its optimiser, by record. */
    static Map<Long, BpfProgram> programs() throws IOException {
        final Map<Long, BpfProgram> programs = new HashMap<>();
        for (final String line : Files.readAllLines(DEV.resolve("programs.jsonl"))) {
            final Map<String, Object> fields = Json.object(Json.parse(line));
            final List<BpfInstruction> instructions = new ArrayList<>();
            for (final Object each : Json.array(fields.get("unopt"))) {
                final List<Object> numbers = Json.array(each);
                instructions.add(new BpfInstruction(
                        ((Long) numbers.get(0)).intValue(),
                        ((Long) numbers.get(1)).intValue(),
                        ((Long) numbers.get(2)).intValue(),
                        ((Long) numbers.get(3)).intValue()));
            }
            programs.put((Long) fields.get("id"), BpfProgram.of(instructions));
        }
        return programs;
    }

    static List<Capture> captures() throws IOException {
        final List<Capture> captures = new ArrayList<>();
        for (final Object each : Json.array(Json.parse(Files.readString(DEV.resolve("captures.json"))))) {
            final Map<String, Object> fields = Json.object(each);
            final List<PcapRecord> packets = new ArrayList<>();
            final String file = (String) fields.get("file");
            try (PcapReader reader = PcapReader.open(DEV.resolve("captures").resolve(file))) {
                for (PcapRecord packet = reader.next(); packet != null; packet = reader.next()) {
                    packets.add(packet);
                }
            }
            captures.add(new Capture(
                    file,
                    linkType(((Long) fields.get("dlt")).intValue()),
                    "big".equals(fields.get("endian")) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                    packets));
        }
        return captures;
    }

    private static LinkType linkType(final int dlt) {
        return dlt == DLT_RAW ? LinkType.RAW : LinkType.of(dlt);
    }

    /** A literal address. */
    static InetAddress address(final String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The names that the corpus was made with: hosts, networks and Ethernet addresses without regard to case. */
    static final class Names implements FilterNames {
        private static final Map<String, Object> ALL = read();

        private static Map<String, Object> read() {
            try {
                return Json.object(Json.parse(Files.readString(DEV.resolve("names.json"))));
            } catch (final IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static @Nullable Object find(final String kind, final String name) {
            return Json.object(ALL.get(kind)).get(name);
        }

        @Override
        public List<InetAddress> hosts(final String name) {
            // In the order of glibc's getaddrinfo where the corpus was made, not of the list.
            return Json.array(find("hosts", name.toLowerCase(Locale.ROOT))).stream()
                    .map(each -> address((String) each))
                    .sorted(Comparator.comparing(Inet4Address.class::isInstance))
                    .toList();
        }

        @Override
        public @Nullable Inet4Address network(final String name) {
            final Object network = find("networks", name.toLowerCase(Locale.ROOT));
            return network == null ? null : (Inet4Address) address((String) network);
        }

        @Override
        public byte @Nullable [] ethernetAddress(final String name) {
            final Object address = find("ethers", name.toLowerCase(Locale.ROOT));
            return address == null ? null : AddressText.ethernet((String) address);
        }

        @Override
        public OptionalInt port(final String name, final String protocol) {
            return optional(Json.object(find("services", name)).get(protocol));
        }

        @Override
        public OptionalInt protocol(final String name) {
            return optional(find("protocols", name));
        }

        private static OptionalInt optional(final @Nullable Object number) {
            return number == null ? OptionalInt.empty() : OptionalInt.of(((Long) number).intValue());
        }
    }
}
