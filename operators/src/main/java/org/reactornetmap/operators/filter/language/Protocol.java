package org.reactornetmap.operators.filter.language;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A protocol's word: what carries it, and under which numbers. */
enum Protocol {
    ETHER(null),

    IP(Carrier.LINK, Numbers.ETHERTYPE_IP),
    ARP(Carrier.LINK, Numbers.ETHERTYPE_ARP),
    RARP(Carrier.LINK, Numbers.ETHERTYPE_RARP),
    IP6(Carrier.LINK, Numbers.ETHERTYPE_IP6),
    ATALK(Carrier.LINK, Numbers.ETHERTYPE_ATALK),
    AARP(Carrier.LINK, Numbers.ETHERTYPE_AARP),
    DECNET(Carrier.LINK, Numbers.ETHERTYPE_DECNET),
    LAT(Carrier.LINK, Numbers.ETHERTYPE_LAT),
    SCA(Carrier.LINK, Numbers.ETHERTYPE_SCA),
    MOPRC(Carrier.LINK, Numbers.ETHERTYPE_MOPRC),
    MOPDL(Carrier.LINK, Numbers.ETHERTYPE_MOPDL),
    ISO(Carrier.LINK, Numbers.LLC_ISO),
    STP(Carrier.LINK, Numbers.LLC_STP),
    IPX(Carrier.LINK, Numbers.LLC_IPX),
    NETBEUI(Carrier.LINK, Numbers.LLC_NETBEUI),

    TCP(Carrier.IP_OR_IP6, Numbers.IP_TCP),
    UDP(Carrier.IP_OR_IP6, Numbers.IP_UDP),
    SCTP(Carrier.IP_OR_IP6, Numbers.IP_SCTP),
    PIM(Carrier.IP_OR_IP6, Numbers.IP_PIM),
    AH(Carrier.IP_OR_IP6, Numbers.IP_AH),
    ESP(Carrier.IP_OR_IP6, Numbers.IP_ESP),
    ICMP(Carrier.IP, Numbers.IP_ICMP),
    IGMP(Carrier.IP, Numbers.IP_IGMP),
    IGRP(Carrier.IP, Numbers.IP_IGRP),
    VRRP(Carrier.IP, Numbers.IP_VRRP),
    CARP(Carrier.IP, Numbers.IP_VRRP),
    ICMP6(Carrier.IP6, Numbers.IP_ICMP6),

    CLNP(Carrier.ISO, Numbers.NLPID_CLNP),
    ESIS(Carrier.ISO, Numbers.NLPID_ESIS),
    ISIS(Carrier.ISO, Numbers.NLPID_ISIS),

    // IS-IS packets, in the order in which libpcap tests them: 15..17 are hellos, 18 and 20 link states, 24..27
    // sequence
    // numbers.
    L1(Carrier.ISIS, 26, 24, 18, 15, 17),
    L2(Carrier.ISIS, 27, 25, 20, 16, 17),
    IIH(Carrier.ISIS, 17, 15, 16),
    LSP(Carrier.ISIS, 18, 20),
    SNP(Carrier.ISIS, 27, 26, 24, 25),
    CSNP(Carrier.ISIS, 24, 25),
    PSNP(Carrier.ISIS, 26, 27);

    private static final Map<String, Protocol> BY_WORD = Stream.concat(
                    Stream.of("link", "ppp", "slip", "fddi", "tr", "wlan").map(word -> Map.entry(word, ETHER)),
                    Stream.concat(
                            Stream.of(Map.entry("es-is", ESIS), Map.entry("is-is", ISIS)),
                            Stream.of(values()).map(each -> Map.entry(each.word(), each))))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final @Nullable Carrier carrier;

    @SuppressWarnings("ImmutableEnumChecker") // of List.of
    private final List<Integer> numbers;

    Protocol(final @Nullable Carrier carrier, final Integer... numbers) {
        this.carrier = carrier;
        this.numbers = List.of(numbers);
    }

    static @Nullable Protocol of(final String word) {
        return BY_WORD.get(word);
    }

    /** What the language calls it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Null for the link itself. */
    @Nullable
    Carrier carrier() {
        return carrier;
    }

    /** One or more, none for the link itself. */
    List<Integer> numbers() {
        return numbers;
    }

    /** What it is itself as a carrier, as in {@code ip proto}; null if it is none. */
    @Nullable
    Carrier asCarrier() {
        return switch (this) {
            case ETHER -> Carrier.LINK;
            case IP -> Carrier.IP;
            case IP6 -> Carrier.IP6;
            case ISO -> Carrier.ISO;
            case ISIS -> Carrier.ISIS;
            default -> null;
        };
    }
}
