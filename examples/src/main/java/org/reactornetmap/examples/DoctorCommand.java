package org.reactornetmap.examples;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.PortSpecException;
import org.reactornetmap.driver.kernel.Finding;
import org.reactornetmap.driver.kernel.Preflight;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code netmap doctor}: what stands between here and a port of the kernel's netmap. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = NetmapCommand.Version.class,
        description = {
            "Looks at netmap's kernel module, its device and its memory, and at one port if you name it: its rings, what"
                    + " they need of the memory, the interface's link, its MTU against the buffers, and offloads that break"
                    + " netmap. Says what to do about what it finds.",
            "",
            "It opens no port: an interface goes on working for its host.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExit status:%n",
        footer = {
            "  0 nothing to do, 1 something to do, 2 the port spec or another argument is wrong.",
            "",
            "Examples:",
            "  netmap doctor",
            "  netmap doctor netmap:eth0",
            "  netmap doctor --json 'netmap:x{1'"
        })
final class DoctorCommand implements Callable<Integer> {

    private final Function<@Nullable PortSpec, List<Finding>> examination;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    @Parameters(paramLabel = "PORT", arity = "0..1", description = "a port spec such as netmap:eth0, or an interface")
    private @Nullable String port;

    DoctorCommand() {
        this(named -> named == null ? Preflight.ofMachine() : Preflight.ofPort(named));
    }

    DoctorCommand(Function<@Nullable PortSpec, List<Finding>> examination) {
        this.examination = examination;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PortSpec named;
        try {
            named = port == null ? null : PortSpec.parse(port.contains(":") ? port : "netmap:" + port);
        } catch (PortSpecException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(e.getMessage());
            err.println("See netmap ports --help for what a port spec looks like.");
            err.flush();
            return ExitCode.USAGE;
        }
        List<Finding> findings = examination.apply(named);
        boolean well = findings.stream().allMatch(each -> each.level() == Finding.Level.OK);
        if (json) {
            out.println(toJson(findings, well));
        } else {
            findings.forEach(each -> print(each, out));
            out.println(well ? "Nothing to do." : "See above for what to do.");
        }
        out.flush();
        return well ? NetmapCommand.OK : NetmapCommand.FAILED;
    }

    private static void print(Finding finding, PrintWriter out) {
        out.printf("%-8s %-9s %s%n", level(finding), finding.subject(), finding.fact());
        if (!finding.remedy().isEmpty()) {
            out.printf("%-18s %s%n", "", finding.remedy());
        }
    }

    private static String level(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private static JsonObject toJson(List<Finding> findings, boolean well) {
        return new JsonObject()
                .put("well", well)
                .put("findings", findings.stream().map(DoctorCommand::toJson).toList());
    }

    private static JsonObject toJson(Finding finding) {
        JsonObject values = new JsonObject();
        new TreeMap<>(finding.values()).forEach(values::put);
        return new JsonObject()
                .put("subject", finding.subject())
                .put("level", level(finding))
                .put("fact", finding.fact())
                .put("remedy", finding.remedy())
                .put("values", values);
    }
}
