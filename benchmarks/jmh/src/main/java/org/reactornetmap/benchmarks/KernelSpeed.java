package org.reactornetmap.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapDrivers;

/**
 * How near do our bare loop and our streams come to netmap's own pkt-gen on the kernel's pipes? Runs each line for each
 * batch, one after the other, and all that several times, so that a ratio is one of neighbours in time.
 */
public final class KernelSpeed {
    private final Map<String, String> options = new HashMap<>(Map.ofEntries(
            Map.entry("programs", System.getProperty("netmap.programs", "")),
            Map.entry("batches", "1,4,16,64,256,512"),
            Map.entry("most", "512"),
            Map.entry("lines", "pkt-gen,bare,bare-sync,Flux"),
            Map.entry("rounds", "9"),
            Map.entry("seconds", "2"),
            Map.entry("warm-up", "10"),
            Map.entry("cpus", "-1,-1"),
            Map.entry("driver", "kernel"),
            Map.entry("json", ""),
            Map.entry("note", "")));

    private final StringBuilder json = new StringBuilder();

    private KernelSpeed(final String[] args) {
        for (final String arg : args) {
            final String[] option = arg.replaceFirst("^--", "").split("=", 2);
            if (option.length < 2 || options.put(option[0], option[1]) == null) {
                throw new IllegalArgumentException(
                        "no such option: " + arg + "; benchmarks/run-kernel --help lists them");
            }
        }
    }

    /**
     * Runs.
     *
     * @param args as {@code benchmarks/run-kernel --help} says
     * @throws Exception if a run fails
     */
    public static void main(final String[] args) throws Exception {
        new KernelSpeed(args).run();
    }

    private void run() throws Exception {
        final List<SpeedLine> lines = lines();
        warmUp(lines);
        for (final int batch : Arrays.stream(options.get("batches").split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray()) {
            measure(lines, batch);
        }
        write();
    }

    private List<SpeedLine> lines() {
        final String[] cpus = options.get("cpus").split(",", -1);
        final SpeedSetup setup = new SpeedSetup(
                Integer.parseInt(cpus[0]), Integer.parseInt(cpus[1]), Integer.parseInt(options.get("most")));
        final NetmapDriver driver = NetmapDrivers.byName(options.get("driver"));
        final List<SpeedLine> lines = new ArrayList<>();
        for (final String name : options.get("lines").split(",", -1)) {
            lines.add(
                    switch (name) {
                        case "pkt-gen" -> new PktGenLine(PktGenLine.find(Path.of(options.get("programs"))), setup);
                        case "bare" -> new BareLine(driver, setup, true);
                        case "bare-sync" -> new BareLine(driver, setup, false);
                        case "Flux" -> new FluxLine(driver, setup);
                        default -> throw new IllegalArgumentException("no such line: " + name);
                    });
        }
        return lines;
    }

    private void warmUp(final List<SpeedLine> lines) throws Exception {
        for (final SpeedLine line : lines) {
            if (!(line instanceof PktGenLine)) {
                final long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(options.get("warm-up"))) / 3;
                for (final int batch : new int[] {256, 16, 1}) {
                    line.run(batch, nanos);
                }
            }
        }
    }

    private void measure(final List<SpeedLine> lines, final int batch) throws Exception {
        final int rounds = Integer.parseInt(options.get("rounds"));
        final long nanos = (long) (Double.parseDouble(options.get("seconds")) * 1e9);
        final SpeedResult[][] results = new SpeedResult[lines.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int line = 0; line < lines.size(); line++) {
                results[line][round] = lines.get(line).run(batch, nanos);
            }
        }
        for (int line = 0; line < lines.size(); line++) {
            report(batch, lines.get(line).name(), results[line], results[0]);
        }
    }

    private void report(final int batch, final String line, final SpeedResult[] results, final SpeedResult[] first) {
        final double[] ratios = new double[results.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = results[i].packetsPerSecond() / first[i].packetsPerSecond();
        }
        final SpeedEstimate ratio = SpeedEstimate.of(ratios);
        System.out.printf(
                Locale.ROOT,
                "batch %4d  %-9s %10.0f packets/s  ratio %.2f (%.2f to %.2f)  calls a packet: sender %.4f, receiver %.4f%n",
                batch,
                line,
                median(results, Figure.SPEED),
                ratio.median(),
                ratio.low(),
                ratio.high(),
                median(results, Figure.SENDER),
                median(results, Figure.RECEIVER));
        json.append(json.length() == 0 ? "" : ",\n")
                .append(String.format(
                        Locale.ROOT,
                        "  {\"batch\": %d, \"line\": \"%s\", \"ratio\": %.3f, \"from\": %.3f, \"to\": %.3f,%n"
                                + "   \"packetsPerSecond\": %s,%n"
                                + "   \"senderCallsPerPacket\": %s,%n   \"receiverCallsPerPacket\": %s}",
                        batch,
                        line,
                        ratio.median(),
                        ratio.low(),
                        ratio.high(),
                        list(results, Figure.SPEED, "%.0f"),
                        list(results, Figure.SENDER, "%.4f"),
                        list(results, Figure.RECEIVER, "%.4f")));
    }

    private static double median(final SpeedResult[] results, final Figure figure) {
        return SpeedEstimate.of(Arrays.stream(results).mapToDouble(figure::of).toArray())
                .median();
    }

    private static List<String> list(final SpeedResult[] results, final Figure figure, final String format) {
        return Arrays.stream(results)
                .map(result -> String.format(Locale.ROOT, format, figure.of(result)))
                .toList();
    }

    private void write() throws IOException {
        if (!options.get("json").isEmpty()) {
            Files.writeString(
                    Path.of(options.get("json")),
                    "{\n" + environment() + " \"results\": [\n" + json + "\n ]\n}\n",
                    StandardCharsets.UTF_8);
        }
    }

    private String environment() throws IOException {
        final Map<String, String> facts = new TreeMap<>(options);
        facts.keySet().removeAll(Set.of("json", "programs"));
        facts.put("cpu", cpu());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("jdk", System.getProperty("java.vm.version"));
        facts.put("flags", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        final StringBuilder text = new StringBuilder();
        facts.forEach((name, value) -> text.append(" \"")
                .append(name)
                .append("\": \"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\",\n"));
        return text.toString();
    }

    private static String cpu() throws IOException {
        final Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            for (final String line : Files.readAllLines(info)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).trim();
                }
            }
        }
        return System.getProperty("os.arch");
    }

    private enum Figure {
        SPEED {
            @Override
            double of(final SpeedResult result) {
                return result.packetsPerSecond();
            }
        },
        SENDER {
            @Override
            double of(final SpeedResult result) {
                return result.senderCalls();
            }
        },
        RECEIVER {
            @Override
            double of(final SpeedResult result) {
                return result.receiverCalls();
            }
        };

        abstract double of(SpeedResult result);
    }
}
