package org.reactornetmap.driver.kernel;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the kernel tests came to on some machine: a line that says where and when, then one line for each test. The build
 * writes {@code target/kernel-tests.txt}; {@code docs/kernel-tests.txt} is a copy of the last whole run, and
 * {@code docs/netmap-fidelity.md} says no more than it holds.
 */
public final class KernelRecord implements AutoCloseable {
    /** The last whole run. */
    public static final Path COMMITTED = Path.of("..", "docs", "kernel-tests.txt");

    private static final Path WRITTEN = Path.of("target", "kernel-tests.txt");
    private static final String SEPARATOR = " | ";

    private final String where;
    private final Map<String, Outcome> outcomes;

    private KernelRecord(final String where, final Map<String, Outcome> outcomes) {
        this.where = where;
        this.outcomes = outcomes;
    }

    /** What became of a test. */
    public enum Outcome {
        PASSED,
        /** One with parameters passed in some runs, the others were skipped. */
        PARTLY,
        SKIPPED,
        FAILED;

        private Outcome and(final Outcome other) {
            if (this == other) {
                return this;
            }
            return this == FAILED || other == FAILED ? FAILED : PARTLY;
        }
    }

    /** An empty one, of a run here and today. */
    public static KernelRecord ofThisMachine() {
        return new KernelRecord(
                String.join(
                        ", ",
                        "netmap "
                                + System.getProperty(
                                        "netmap.version", "of a version that -Dnetmap.version= did not tell"),
                        System.getProperty("os.name") + ' ' + System.getProperty("os.version"),
                        System.getProperty("os.arch"),
                        LocalDate.now(ZoneOffset.UTC).toString()),
                new TreeMap<>());
    }

    /**
     * Reads the last whole run.
     *
     * @return the record; an empty one if there is none
     * @throws IOException if it can't be read
     */
    public static KernelRecord committed() throws IOException {
        final List<String> lines = Files.exists(COMMITTED) ? Files.readAllLines(COMMITTED) : List.of("");
        final Map<String, Outcome> outcomes = new TreeMap<>();
        for (final String line : lines.subList(1, lines.size())) {
            final String[] fields = line.split(SEPARATOR.replace("|", "\\|"), 2);
            outcomes.put(fields[1], Outcome.valueOf(fields[0]));
        }
        return new KernelRecord(lines.get(0), outcomes);
    }

    /**
     * Where and when.
     *
     * @return netmap's version, the system's, the processor and the date; empty if there was no run
     */
    public String where() {
        return where;
    }

    /**
     * What became of a test.
     *
     * @param testClass the simple name of the class that ran it
     * @param test the simple name of the class that declares it, and its own, such as
     *     {@code PipeConformance.shouldNeverDrop}
     * @return the outcome, null if it did not run
     */
    public Outcome outcome(final String testClass, final String test) {
        return outcomes.get(testClass + SEPARATOR + test);
    }

    /**
     * How many tests came to what, by the class that ran them.
     *
     * @return by simple name, sorted
     */
    public Map<String, Map<Outcome, Long>> counts() {
        final Map<String, Map<Outcome, Long>> counts = new TreeMap<>();
        outcomes.forEach((test, outcome) -> counts.computeIfAbsent(
                        test.substring(0, test.indexOf(SEPARATOR)), none -> new TreeMap<>())
                .merge(outcome, 1L, Long::sum));
        return counts;
    }

    synchronized void add(final Class<?> runner, final Method test, final Outcome outcome) {
        outcomes.merge(
                runner.getSimpleName() + SEPARATOR + test.getDeclaringClass().getSimpleName() + '.' + test.getName(),
                outcome,
                Outcome::and);
    }

    /** Writes the file, when all tests of this JVM are over. */
    @Override
    public synchronized void close() throws IOException {
        final List<String> lines = new ArrayList<>(List.of(where));
        outcomes.forEach((test, outcome) -> lines.add(outcome + SEPARATOR + test));
        Files.write(WRITTEN, lines);
    }
}
