package org.reactornetmap.examples;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.reactornetmap.operators.PacketPredicates;
import org.reactornetmap.packet.Packet;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the demo's filter drops: a word such as {@code arp}, or a word with a port such as {@code tcp:25}. */
record DropRule(String text, Predicate<Packet> predicate) {

    private static final String NONE = "none";

    private static final Map<String, Supplier<Predicate<Packet>>> WORDS = new TreeMap<>(Map.of(
            "arp", PacketPredicates::arp,
            "icmp", PacketPredicates::icmp,
            "ipv4", PacketPredicates::ipv4,
            "ipv6", PacketPredicates::ipv6,
            "tcp", PacketPredicates::tcp,
            "udp", PacketPredicates::udp,
            "vlan", PacketPredicates::vlan));

    private static final Map<String, IntFunction<Predicate<Packet>>> WITH_PORT = new TreeMap<>(Map.of(
            "port", PacketPredicates::port,
            "tcp", PacketPredicates::tcpPort,
            "udp", PacketPredicates::udpPort));

    /** Keeps what no rule drops. */
    static Predicate<Packet> keep(List<DropRule> rules) {
        return rules.stream()
                .map(DropRule::predicate)
                .reduce(Predicate::or)
                .map(Predicate::negate)
                .orElse(packet -> true);
    }

    static String describe(List<DropRule> rules) {
        List<String> words = rules.stream()
                .map(DropRule::text)
                .filter(text -> !text.equals(NONE))
                .toList();
        return words.isEmpty() ? "nothing" : String.join(", ", words);
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<DropRule> {
        @Override
        public DropRule convert(String text) {
            if (text.equals(NONE)) {
                return new DropRule(text, packet -> false);
            }
            int colon = text.indexOf(':');
            Supplier<Predicate<Packet>> word = WORDS.get(text);
            if (colon < 0 && word != null) {
                return new DropRule(text, word.get());
            }
            IntFunction<Predicate<Packet>> withPort = colon < 0 ? null : WITH_PORT.get(text.substring(0, colon));
            String digits = text.substring(colon + 1);
            if (withPort != null && digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= 0xffff) {
                return new DropRule(text, withPort.apply(Integer.parseInt(digits)));
            }
            throw new TypeConversionException("'" + text + "' is not something to drop: write one of "
                    + String.join(", ", WORDS.keySet()) + ", or "
                    + String.join(
                            ", ",
                            WITH_PORT.keySet().stream()
                                    .map(name -> name + ":PORT")
                                    .toList())
                    + ", or none");
        }
    }
}
