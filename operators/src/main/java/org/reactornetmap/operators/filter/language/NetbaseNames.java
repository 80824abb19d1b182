package org.reactornetmap.operators.filter.language;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The services and protocols of netbase 6.4, which is Debian 12's; read from the class path once. */
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

    @Override
    public OptionalInt port(final String name, final String protocol) {
        return optional(ports.get(name + "/" + protocol));
    }

    @Override
    public OptionalInt protocol(final String name) {
        return optional(protocols.get(name));
    }

    private static OptionalInt optional(final @org.jspecify.annotations.Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
