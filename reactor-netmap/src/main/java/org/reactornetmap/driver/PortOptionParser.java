package org.reactornetmap.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.PortOption.Conf;
import org.reactornetmap.driver.PortOption.Extmem;
import org.reactornetmap.driver.PortOption.Offset;
import org.reactornetmap.driver.PortOption.Share;

/**
 * Reads the options at the end of a port spec. Used once, by one thread.
 *
 * <p>The rules are those of {@code nmreq_options_decode} and of the option tables in {@code nmport.c} (libnetmap,
 * 89607e14); {@link PortSpec} lists where this parser is stricter.
 */
final class PortOptionParser {

    /** {@code nr_tx_rings} and its kin are 16 bits wide. */
    private static final int MAX_RINGS = 65535;

    private static final int MAX_BITS = 64;

    /** A piece of the spec. */
    private record Slice(int start, int end) {}

    /** What an option is called, which key {@code =} sets (mandatory then), and all its keys. */
    private enum Shape {
        SHARE("share", "port", List.of("port")),
        EXTMEM("extmem", "file", List.of("file", "if-num", "if-size", "ring-num", "ring-size", "buf-num", "buf-size")),
        CONF(
                "conf",
                null,
                List.of(
                        "rings",
                        "tx-rings",
                        "rx-rings",
                        "host-rings",
                        "host-tx-rings",
                        "host-rx-rings",
                        "slots",
                        "tx-slots",
                        "rx-slots")),
        OFFSET("offset", "initial", List.of("initial", "bits"));

        private final String label;
        private final @Nullable String mainKey;

        @SuppressWarnings("ImmutableEnumChecker") // always a List.of
        private final List<String> keys;

        Shape(String label, @Nullable String mainKey, List<String> keys) {
            this.label = label;
            this.mainKey = mainKey;
            this.keys = keys;
        }
    }

    private final String text;
    private final Map<String, Slice> values = new HashMap<>();
    private int at;
    private @Nullable Share share;
    private @Nullable Extmem extmem;
    private @Nullable Conf conf;
    private @Nullable Offset offset;

    /** The options start at {@code at}, which is a '@'. */
    PortOptionParser(String text, int at) {
        this.text = text;
        this.at = at;
    }

    List<PortOption> parse() {
        while (at < text.length()) {
            int start = at + 1;
            int next = text.indexOf('@', start);
            at = next < 0 ? text.length() : next;
            option(start, at);
        }
        List<PortOption> options = new ArrayList<>();
        addIfGiven(options, share);
        addIfGiven(options, extmem);
        addIfGiven(options, conf);
        addIfGiven(options, offset);
        return options;
    }

    private static void addIfGiven(List<PortOption> options, @Nullable PortOption option) {
        if (option != null) {
            options.add(option);
        }
    }

    private void option(int start, int end) {
        int nameEnd = firstOf(":=", start, end);
        Shape shape = shape(start, nameEnd);
        values.clear();
        if (nameEnd == end) {
            throw error(end, shape.mainKey == null ? "':' and keys are expected here" : "'=' or ':' is expected here");
        } else if (text.charAt(nameEnd) == '=') {
            mainValue(shape, nameEnd, end);
        } else {
            keyValues(shape, nameEnd + 1, end);
        }
        build(shape, start, end);
    }

    private Shape shape(int start, int end) {
        String label = text.substring(start, end);
        for (Shape shape : Shape.values()) {
            if (shape.label.equals(label)) {
                return shape;
            }
        }
        throw error(start, "an option is expected after '@': share, extmem, conf or offset; a memory id goes first");
    }

    private void mainValue(Shape shape, int equals, int end) {
        if (shape.mainKey == null) {
            throw error(equals, "':' is expected here, as in @" + shape.label + ":" + shape.keys.get(0) + "=...");
        }
        if (equals + 1 == end) {
            throw error(end, "a value is expected after '='");
        }
        values.put(shape.mainKey, new Slice(equals + 1, end));
    }

    private void keyValues(Shape shape, int start, int end) {
        int key = start;
        while (key < end) {
            int comma = keyValue(shape, key, end);
            if (comma + 1 == end) {
                throw error(end, expectedKey(shape));
            }
            key = comma + 1;
        }
        if (shape.mainKey != null && !values.containsKey(shape.mainKey)) {
            throw error(end, "the option " + shape.label + " needs its key " + shape.mainKey);
        }
    }

    /** Reads {@code key=value}; returns the place of the comma behind it, or {@code end}. */
    private int keyValue(Shape shape, int start, int end) {
        int keyEnd = firstOf("=,", start, end);
        String key = text.substring(start, keyEnd).replace('_', '-');
        if (!shape.keys.contains(key)) {
            throw error(start, expectedKey(shape));
        }
        if (values.containsKey(key)) {
            throw error(start, "the key " + key + " is given twice");
        }
        if (keyEnd == end || text.charAt(keyEnd) == ',') {
            throw error(keyEnd, "'=' and a value are expected after the key");
        }
        int valueEnd = firstOf(",", keyEnd + 1, end);
        if (valueEnd > keyEnd + 1) {
            values.put(key, new Slice(keyEnd + 1, valueEnd));
        }
        return valueEnd;
    }

    private static String expectedKey(Shape shape) {
        return "a key of " + shape.label + " is expected here: " + String.join(", ", shape.keys);
    }

    private void build(Shape shape, int start, int end) {
        switch (shape) {
            case SHARE -> share = once(share, start, new Share(sharedPort(end)));
            case EXTMEM -> extmem = once(extmem, start, extmem(end));
            case CONF -> conf = conf(conf == null ? Conf.DEFAULT : conf);
            case OFFSET -> offset = once(offset, start, new Offset(size("initial", 0), number("bits", 0, MAX_BITS)));
        }
    }

    private <T extends PortOption> T once(@Nullable T earlier, int start, T option) {
        if (earlier != null) {
            throw error(start, "this option is given twice");
        }
        return option;
    }

    private String sharedPort(int end) {
        Slice value = values.getOrDefault("port", new Slice(end, end));
        PortName name = PortName.scan(text, value.start, value.end);
        if (name.kind() == PortName.Kind.NULL) {
            throw error(value.start, "'netmap:' or 'vale...:' is expected here: a null port has no memory of its own");
        }
        if (name.end() != value.end) {
            throw error(name.end(), "the end of the port name is expected here, without rings or flags");
        }
        return name.value();
    }

    private Extmem extmem(int end) {
        Slice file = values.getOrDefault("file", new Slice(end, end));
        for (int i = file.start; i < file.end; i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw error(i, "a file name without control characters is expected here");
            }
        }
        return new Extmem(
                text.substring(file.start, file.end),
                size("if-num", 0),
                size("if-size", 0),
                size("ring-num", 0),
                size("ring-size", 0),
                size("buf-num", 0),
                size("buf-size", 0));
    }

    private Conf conf(Conf earlier) {
        return new Conf(
                rings("tx-rings", rings("rings", earlier.txRings())),
                rings("rx-rings", rings("rings", earlier.rxRings())),
                rings("host-tx-rings", rings("host-rings", earlier.hostTxRings())),
                rings("host-rx-rings", rings("host-rings", earlier.hostRxRings())),
                size("tx-slots", size("slots", earlier.txSlots())),
                size("rx-slots", size("slots", earlier.rxSlots())));
    }

    private int rings(String key, int otherwise) {
        return number(key, otherwise, MAX_RINGS);
    }

    private int size(String key, int otherwise) {
        return number(key, otherwise, Integer.MAX_VALUE);
    }

    private int number(String key, int otherwise, int max) {
        Slice slice = values.get(key);
        if (slice == null) {
            return otherwise;
        }
        long value = 0;
        for (int i = slice.start; i < slice.end; i++) {
            char c = text.charAt(i);
            if (!PortSpecParser.isDigit(c)) {
                throw error(i, "a digit is expected here: " + key + " is a number, 0 to " + max);
            }
            value = Math.min(value * 10 + (c - '0'), max + 1L);
        }
        if (value > max) {
            throw error(slice.start, key + " is 0 to " + max);
        }
        return (int) value;
    }

    /** The first place of one of {@code wanted}, or {@code end}. */
    private int firstOf(String wanted, int start, int end) {
        int i = start;
        while (i < end && wanted.indexOf(text.charAt(i)) < 0) {
            i++;
        }
        return i;
    }

    private PortSpecException error(int position, String what) {
        return new PortSpecException(text, position, what);
    }
}
