package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of netmap's own programs while it runs; its close ends it, whatever it does. They are looked for in
 * {@code -Dnetmap.programs=DIR}, which may be the directory that netmap was built in.
 */
final class NetmapProgram implements AutoCloseable {
    private static final String PROPERTY = "netmap.programs";
    private static final long TIMEOUT_SECONDS = 120;

    private final String name;
    private final Process process;
    private final Thread reader;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private NetmapProgram(final String name, final Process process) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(this::read, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Skips the test, out loud, if nobody said where the programs are. */
    static void assumeGiven() {
        final String needs = "needs netmap's own pkt-gen and bridge: say where they are by -D" + PROPERTY + "=DIR";
        final boolean given = System.getProperty(PROPERTY) != null;
        if (!given) {
            System.err.println("Skipped: " + needs);
        }
        assumeTrue(given, needs);
    }

    /** Starts a program; both of its output streams are read as one. */
    static NetmapProgram start(final String name, final String... arguments) {
        final List<String> command = new ArrayList<>(List.of(find(name).toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            return new NetmapProgram(
                    name, new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path find(final String name) {
        final Path directory = Path.of(System.getProperty(PROPERTY));
        return Stream.of(
                        directory.resolve(name),
                        directory.resolve(name).resolve(name),
                        directory.resolve("build-apps").resolve(name).resolve(name))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in " + directory
                        + ": build netmap's apps," + " or let -D" + PROPERTY + " name their directory"));
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (final IOException e) {
            lines.add(Optional.of(e.toString()));
        }
        lines.add(Optional.empty());
    }

    /** Waits for the next line in which the expression is found. */
    MatchResult awaitLine(final String expression) {
        final Pattern pattern = Pattern.compile(expression);
        while (true) {
            final String line = nextLine("a line with " + expression)
                    .orElseThrow(() -> new AssertionError(
                            name + " ended without a line with " + expression + "; it printed " + seen));
            final Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    /** Waits until it has ended well, and returns all it printed. */
    List<String> awaitEnd() {
        while (nextLine("its end").isPresent()) {
            // it still prints
        }
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends", name)
                    .isTrue();
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
        assertThat(process.exitValue())
                .as("exit status of %s, which printed %s", name, seen)
                .isZero();
        return seen;
    }

    /** Empty when there are no more. */
    private Optional<String> nextLine(final String what) {
        try {
            final Optional<String> line = lines.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError(name + " printed nothing for " + TIMEOUT_SECONDS
                        + " s, but should have printed " + what + " after " + seen);
            }
            line.ifPresent(seen::add);
            return line;
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** As control-C: both programs then print what there is to say, and end. */
    void interrupt() {
        try {
            assertThat(new ProcessBuilder("sh", "-c", "kill -INT " + process.pid())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(final InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            reader.join();
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
    }
}
