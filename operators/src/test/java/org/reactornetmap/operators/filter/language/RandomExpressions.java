package org.reactornetmap.operators.filter.language;

import java.util.SplittableRandom;

/** Expressions by chance: of the whole language, and now and then of its words in any order. Needs no host's name. */
final class RandomExpressions {
    private static final String[] PROTOCOLS =
            words("ip ip6 arp rarp tcp udp sctp icmp icmp6 igmp igrp pim vrrp carp ah esp"
                    + " atalk aarp decnet lat sca moprc mopdl iso esis es-is isis is-is clnp l1 l2 iih lsp snp csnp psnp stp ipx"
                    + " netbeui");
    private static final String[] LOADED =
            words("ether link ip ip6 arp rarp tcp udp sctp icmp icmp6 igmp igrp pim vrrp carp"
                    + " decnet lat atalk sca moprc mopdl");
    private static final String[] CONSTANTS =
            words("0 1 2 3 4 6 7 8 17 31 32 60 100 255 1500 0x0f 0x1fff 0x0800 0x86dd 017"
                    + " 4294967295 tcp-syn tcp-fin tcp-rst tcp-push tcp-ack tcp-urg tcp-ece tcp-cwr tcpflags icmptype icmpcode"
                    + " icmp-echo icmp-echoreply icmp-unreach icmp6type icmp6code icmp6-echo icmp6-neighborsolicit");
    private static final String[] OPERATORS = words("+ - * / % & | ^ << >>");
    private static final String[] RELATIONS = words("= == != < > <= >=");
    private static final String[] DIRECTIONS = {"", "", "src ", "dst ", "src or dst ", "src and dst ", "dst or src "};
    private static final String[] HOSTS = words("10.0.0.1 10.0.0.2 10.0.0 192.168 224.0.0.1 10 ::1 fe80::1 2001:db8::1"
            + " ff02::1 ::ffff:10.0.0.1 1.5 \\10.0.0.1");
    private static final String[] NETS = {
        "10",
        "10.0",
        "10.0.0",
        "10.0.0.0/8",
        "10.0.0.0/30",
        "192.168.0.0/16",
        "10.0.0.0 mask 255.0.0.0",
        "0.0.0.0/0",
        "fe80::/10",
        "2001:db8::/32",
        "::/0",
        "::1",
        "loopback"
    };
    private static final String[] PORTS =
            words("53 80 443 1024 6081 65535 (80) domain http https ssh ntp snmp ftp 0x50 \\80");
    private static final String[] RANGES = words("1-80 53-443 1024-80 http-443 domain-ntp ssh-http 80-1024x 22");
    private static final String[] NUMBERED =
            words("6 17 1 44 50 51 58 0 255 \\tcp \\udp \\icmp \\ipv6-icmp \\ip UDP gre \\isis");
    private static final String[] LINKED =
            words("0x0800 0x86dd 0x0806 1500 1501 0xfe 0x42 0xe0 0xf0 6 \\ip \\arp \\stp \\iso"
                    + " \\ipx \\netbeui \\atalk \\aarp \\loopback");
    private static final String[] ETHERNETS = words("2:0:0:0:0:1 02-00-00-00-00-02 ffff.ffff.ffff 010203040506");
    private static final String[] WHOLE = {
        "broadcast",
        "multicast",
        "ether broadcast",
        "ether multicast",
        "ip broadcast",
        "ip multicast",
        "ip6 multicast",
        "less 60",
        "greater 60",
        "byte 12 = 8",
        "byte 13 < 7",
        "byte 0 > 1",
        "byte 0 & 1",
        "byte 0 | 1",
        "inbound",
        "outbound",
        "ifindex 2",
        "llc",
        "llc i",
        "llc s",
        "llc u",
        "llc rr",
        "llc rnr",
        "llc ui",
        "llc xid",
        "pppoed",
    };
    private static final String[] SHIFTING = {
        "vlan", "vlan 100", "vlan (5)", "mpls", "mpls 1024", "pppoes", "pppoes 7", "geneve", "geneve 11"
    };
    private static final String[] ANY_WORDS =
            words("and or not && || ! ( ) [ ] : + - * / = < > & | host net port portrange"
                    + " proto protochain mask src dst ether ip tcp 10.0.0.1 80 1:2:3:4:5:6 ::1 foo len vlan less byte gateway type"
                    + " rnr on @ _ \\ 08 0x");

    private final SplittableRandom random;

    RandomExpressions(final SplittableRandom random) {
        this.random = random;
    }

    private static String[] words(final String text) {
        return text.split(" ", -1);
    }

    private String one(final String... of) {
        return of[random.nextInt(of.length)];
    }

    private boolean chance(final int outOf) {
        return random.nextInt(outOf) == 0;
    }

    String next() {
        final String expression = expression(random.nextInt(4));
        return chance(4) ? broken(expression) : expression;
    }

    /** With one to three words more, less, or elsewhere. */
    private String broken(final String expression) {
        String text = expression;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            final String[] words = text.split("(?<=[ \\[\\]()])", -1);
            final int at = random.nextInt(words.length);
            words[at] = switch (random.nextInt(3)) {
                case 0 -> "";
                case 1 -> words[at] + " " + one(ANY_WORDS) + " ";
                default -> words[random.nextInt(words.length)];
            };
            text = String.join("", words);
        }
        return text;
    }

    private String expression(final int depth) {
        if (depth == 0) {
            return test();
        }
        return switch (random.nextInt(6)) {
            case 0 -> "(" + expression(depth - 1) + ")";
            case 1 -> one("not ", "! ", "!") + expression(depth - 1);
            case 2 ->
                expression(depth - 1) + one(" and ", " or ") + one(one(HOSTS), one(PORTS), one(NUMBERED), one(NETS));
            default -> expression(depth - 1) + one(" and ", " or ", " && ", " || ") + expression(depth - 1);
        };
    }

    private String test() {
        return switch (random.nextInt(16)) {
            case 0, 1 -> one(PROTOCOLS);
            case 2, 3 ->
                one("", "", "ip ", "ip6 ", "arp ", "rarp ", "decnet ") + one(DIRECTIONS) + "host " + list(HOSTS);
            case 4 -> one("", "ip ", "ip6 ", "arp ") + one(DIRECTIONS) + "net " + list(NETS);
            case 5, 6 -> one("", "tcp ", "udp ", "sctp ") + one(DIRECTIONS) + "port " + list(PORTS);
            case 7 -> one("", "tcp ", "udp ") + one(DIRECTIONS) + "portrange " + list(RANGES);
            case 8 -> one("", "ip ", "ip6 ") + one("proto ", "proto ", "protochain ") + list(NUMBERED);
            case 9 -> "ether proto " + list(LINKED);
            case 10 -> one("ether ", "link ") + one("host ", "src ", "dst ", "src and dst host ") + list(ETHERNETS);
            case 11 -> one(WHOLE);
            case 12 -> one(SHIFTING);
            default -> number(2) + one("", " ") + one(RELATIONS) + " " + number(2);
        };
    }

    private String list(final String[] identifiers) {
        return switch (random.nextInt(8)) {
            case 0 -> "(" + one(identifiers) + one(" or ", " and ") + list(identifiers) + ")";
            case 1 -> "not " + one(identifiers);
            default -> one(identifiers);
        };
    }

    private String number(final int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 8)) {
            case 0 -> one(CONSTANTS);
            case 1 -> one("len", "length");
            case 2 -> one(LOADED) + "[" + random.nextInt(24) + one("", ":1", ":2", ":4") + "]";
            case 3 -> "(" + number(depth - 1) + ")";
            case 4 -> "-" + number(depth - 1);
            case 5 -> one(LOADED) + "[" + number(depth - 1) + one("", ":2") + "]";
            default -> number(depth - 1) + one("", " ") + one(OPERATORS) + " " + number(depth - 1);
        };
    }
}
