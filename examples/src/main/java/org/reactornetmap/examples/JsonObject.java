package org.reactornetmap.examples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** As much JSON as our reports need: names of ours, numbers, booleans, texts, objects and lists of objects. */
final class JsonObject {

    private final Map<String, String> members = new LinkedHashMap<>();

    JsonObject put(String name, long value) {
        return putText(name, Long.toString(value));
    }

    JsonObject put(String name, double value) {
        return putText(name, String.format(Locale.ROOT, "%.3f", Double.isFinite(value) ? value : 0));
    }

    JsonObject put(String name, boolean value) {
        return putText(name, Boolean.toString(value));
    }

    JsonObject put(String name, String value) {
        return putText(name, quoted(value));
    }

    JsonObject put(String name, JsonObject value) {
        return putText(name, value.toString());
    }

    JsonObject put(String name, List<JsonObject> values) {
        return putText(name, values.stream().map(JsonObject::toString).collect(Collectors.joining(",", "[", "]")));
    }

    private static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }

    private JsonObject putText(String name, String text) {
        members.put(name, text);
        return this;
    }

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> '"' + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
