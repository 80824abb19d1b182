package org.reactornetmap.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * One thing that netmap does, a line of {@code semantics.txt}.
 *
 * @param id what {@link Pins} names
 * @param text what netmap does
 * @param inapplicable why the suite has no test of it; empty if it has
 */
public record Semantic(String id, String text, String inapplicable) {
    /**
     * The whole list.
     *
     * @return in the order of the file
     */
    public static List<Semantic> all() {
        final List<Semantic> all = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Semantic.class.getResourceAsStream("semantics.txt"), "semantics.txt"),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && line.charAt(0) != '#') {
                    final String[] fields = line.split(" \\| ", -1);
                    all.add(new Semantic(fields[0], fields[1], fields.length > 2 ? fields[2] : ""));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /**
     * The tests of all suites.
     *
     * @return methods of the classes that {@link DriverConformance} nests
     */
    public static List<Method> tests() {
        return Arrays.stream(DriverConformance.class.getDeclaredClasses())
                .map(Class::getSuperclass)
                .flatMap(suite -> Arrays.stream(suite.getDeclaredMethods()))
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class))
                .toList();
    }

    /**
     * Which tests pin what.
     *
     * @return by id, names such as {@code PipeConformance.shouldNeverDrop}, sorted
     */
    public static Map<String, List<String>> pins() {
        final Map<String, List<String>> pins = new TreeMap<>();
        for (final Method test : tests()) {
            final Pins pinned = test.getAnnotation(Pins.class);
            for (final String id : pinned == null ? new String[0] : pinned.value()) {
                pins.computeIfAbsent(id, none -> new ArrayList<>()).add(name(test));
            }
        }
        pins.values().forEach(Collections::sort);
        return pins;
    }

    private static String name(final Method test) {
        return test.getDeclaringClass().getSimpleName() + '.' + test.getName();
    }
}
