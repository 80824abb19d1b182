package org.reactornetmap.operators.filter.language;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The services, protocols and networks of netbase 6.4, which is Debian 12's; read from the class path once. */
final class NetbaseNames implements FilterNames {
    static final NetbaseNames INSTANCE = new NetbaseNames();

    /** By name and protocol, as in {@code http/tcp}. */
    private final Map<String, Integer> ports = new HashMap<>();

    private final Map<String, Integer> protocols = new HashMap<>();

    private NetbaseNames() {
        for (final String[] words : lines("netbase-services.txt")) {
            final int slash = words[1].indexOf('/');
            put(ports, words, Integer.valueOf(words[1].substring(0, slash)), words[1].substring(slash));
        }
        for (final String[] words : lines("netbase-protocols.txt")) {
            put(protocols, words, Integer.valueOf(words[1]), "");
        }
    }

    /** The first word, and those from the third on, are names. The first line to have one wins. */
    private static void put(
            final Map<String, Integer> numbers, final String[] words, final Integer number, final String suffix) {
        for (int i = 0; i < words.length; i++) {
            if (i != 1) {
                numbers.putIfAbsent(words[i] + suffix, number);
            }
        }
    }

    private static List<String[]> lines(final String resource) {
        try (InputStream in = NetbaseNames.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", -1))
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As netbase's {@code /etc/networks}. */
    @Override
    public @Nullable Inet4Address network(final String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "loopback" -> address(127, 0);
            case "link-local" -> address(169, 254);
            default -> null;
        };
    }

    private static Inet4Address address(final int first, final int second) {
        try {
            return (Inet4Address) InetAddress.getByAddress(new byte[] {(byte) first, (byte) second, 0, 0});
        } catch (final UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    @Override
    public OptionalInt port(final String name, final String protocol) {
        return optional(ports.get(name + "/" + protocol));
    }

    @Override
    public OptionalInt protocol(final String name) {
        return optional(protocols.get(name));
    }

    private static OptionalInt optional(final @Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
