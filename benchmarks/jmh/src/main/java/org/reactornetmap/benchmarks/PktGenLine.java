package org.reactornetmap.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * netmap's own pkt-gen at both ends. Each of its events is one poll that found something to do, which makes them its count of
 * system calls.
 */
final class PktGenLine implements SpeedLine {
    private static final Pattern COUNTS = Pattern.compile("(?:Sent|Received) (\\d+) packets \\d+ bytes (\\d+) events");
    private static final Pattern SPEED = Pattern.compile("Speed: +([0-9.]+) *pps");

    private final Path program;
    private final SpeedSetup setup;

    PktGenLine(final Path program, final SpeedSetup setup) {
        this.program = program;
        this.setup = setup;
    }

    /** netmap's build leaves each program in a directory of its own; an installation doesn't. */
    static Path find(final Path programs) {
        for (final Path candidate : List.of(programs.resolve("pkt-gen/pkt-gen"), programs.resolve("pkt-gen"))) {
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(
                "no pkt-gen in " + programs + ": name the directory where netmap's programs were built or installed");
    }

    @Override
    public String name() {
        return "pkt-gen";
    }

    @Override
    public SpeedResult run(final int batch, final long nanos) throws Exception {
        final Process receiver = start("}1", "rx", setup.receiverBatch(batch), setup.receiverCpu(), List.of("-W"));
        TimeUnit.SECONDS.sleep(1); // it prints nothing that tells when its port is open
        final Process sender = start("{1", "tx", batch, setup.senderCpu(), List.of());
        if (!sender.waitFor(nanos, TimeUnit.NANOSECONDS)) {
            new ProcessBuilder("kill", "-INT", Long.toString(sender.pid()))
                    .start()
                    .waitFor();
        }
        final String sent = output(sender);
        final String received = output(receiver); // ends after a second of silence, which it does not count
        return new SpeedResult(speed(received), callsPerPacket(sent), callsPerPacket(received));
    }

    private Process start(
            final String end, final String function, final int batch, final int cpu, final List<String> more)
            throws IOException {
        final List<String> command =
                new ArrayList<>(List.of(program.toString(), "-i", "netmap:speed" + end, "-f", function));
        command.addAll(List.of("-l", "60", "-b", Integer.toString(batch), "-w", "0", "-N"));
        if (cpu >= 0) {
            command.addAll(List.of("-a", Integer.toString(cpu)));
        }
        command.addAll(more);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String output(final Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double callsPerPacket(final String output) {
        final Matcher counts = match(COUNTS, output);
        return Double.parseDouble(counts.group(2)) / Double.parseDouble(counts.group(1));
    }

    private static double speed(final String output) {
        return Double.parseDouble(match(SPEED, output).group(1));
    }

    private static Matcher match(final Pattern pattern, final String output) {
        final Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("pkt-gen did not say what it measured:\n" + output);
        }
        return matcher;
    }
}
