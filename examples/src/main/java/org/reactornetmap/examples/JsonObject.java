package org.reactornetmap.examples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** As much JSON as an account needs: names of ours, numbers, booleans, objects and lists of objects. */
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

    JsonObject put(String name, JsonObject value) {
        return putText(name, value.toString());
    }

    JsonObject put(String name, List<JsonObject> values) {
        return putText(name, values.stream().map(JsonObject::toString).collect(Collectors.joining(",", "[", "]")));
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
