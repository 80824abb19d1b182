package org.reactornetmap.operators.filter.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of the corpus: objects to maps, arrays to lists, numbers to Long; what is broken fails. */
final class Json {
    private final String text;
    private int at;

    private Json(final String text) {
        this.text = text;
    }

    static @Nullable Object parse(final String text) {
        final Json json = new Json(text);
        final Object value = json.value();
        json.skipSpace();
        if (json.at != text.length()) {
            throw json.broken();
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(final @Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> array(final @Nullable Object value) {
        return value == null ? List.of() : (List<Object>) value;
    }

    private @Nullable Object value() {
        skipSpace();
        final char first = text.charAt(at);
        if (first == '{') {
            return object();
        }
        if (first == '[') {
            return array();
        }
        if (first == '"') {
            return string();
        }
        final int start = at;
        while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        final String word = text.substring(start, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> Long.valueOf(word);
        };
    }

    private Map<String, Object> object() {
        final Map<String, Object> object = new LinkedHashMap<>();
        for (char end = '{'; end != '}'; end = next(",}")) {
            at += end == '{' ? 1 : 0;
            skipSpace();
            if (text.charAt(at) == '}') {
                at++;
                return object;
            }
            final String key = string();
            next(":");
            object.put(key, value());
        }
        return object;
    }

    private List<Object> array() {
        final List<Object> array = new ArrayList<>();
        for (char end = '['; end != ']'; end = next(",]")) {
            at += end == '[' ? 1 : 0;
            skipSpace();
            if (text.charAt(at) == ']') {
                at++;
                return array;
            }
            array.add(value());
        }
        return array;
    }

    private String string() {
        final StringBuilder string = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char character = text.charAt(at);
            if (character == '\\') {
                at++;
                character = text.charAt(at);
                if (character == 'u') {
                    character = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
                    at += 4;
                } else {
                    final int escape = "nrtbf".indexOf(character);
                    character = escape < 0 ? character : "\n\r\t\b\f".charAt(escape);
                }
            }
            string.append(character);
        }
        at++;
        return string.toString();
    }

    private char next(final String expected) {
        skipSpace();
        final char next = text.charAt(at++);
        if (expected.indexOf(next) < 0) {
            throw broken();
        }
        return next;
    }

    private void skipSpace() {
        while (at < text.length() && " \r\n\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalStateException broken() {
        return new IllegalStateException("broken JSON at " + at + " of " + text);
    }
}
