package org.reactornetmap.examples;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapDrivers;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.PortSpecException;
import org.reactornetmap.ring.NetmapRing;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code netmap ports}: which drivers are here, and what opening a port gives. */
@Command(
        name = "ports",
        mixinStandardHelpOptions = true,
        versionProvider = NetmapCommand.Version.class,
        description = {
            "Shows which netmap drivers are installed, and for each port spec what opening it gives: rings, slots,"
                    + " buffers, memory. Each port is closed again at once.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nPort specs:%n",
        footer = {
            "  netmap:eth0     all rings of an interface; eth0-2 ring pair 2, eth0^ the host's, eth0* both",
            "  netmap:x{1      one end of pipe 1 of x; x}1 is the other",
            "  vale0:a         port a of the switch vale0",
            "  .../R .../T     RX rings only, TX rings only; .../x exclusive",
            "  ...@conf:rings=4,slots=512   for a port that is created by opening it",
            "Quote them: the shell has uses of its own for { } * and ^.",
            "",
            "Columns:",
            "  slots      of each ring; one of them always stays empty",
            "  buffers    bytes in each buffer, one for each slot; a longer frame takes several slots",
            "  extra      extra buffers granted, of those asked for with --extra-buffers",
            "  memory     memory region: ports of one region can pass packets on without a copy",
            "",
            "Exit status:",
            "  0 all opened, 1 a port can't be opened, 2 a port spec or another argument is wrong.",
            "",
            "Examples:",
            "  netmap ports",
            "  netmap ports --driver embedded 'netmap:x{1@conf:rings=4' 'netmap:x}1'"
        })
final class PortsCommand implements Callable<Integer> {

    private static final String AUTO = "auto";
    private static final Set<String> KNOWN = Set.of(AUTO, "embedded", "kernel");

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--driver",
            paramLabel = "NAME",
            defaultValue = AUTO,
            description = "auto, embedded or kernel; auto is the kernel's where there is a /dev/netmap"
                    + " (default ${DEFAULT-VALUE})")
    private String driver = AUTO;

    @Option(
            names = "--extra-buffers",
            paramLabel = "N",
            defaultValue = "0",
            description = "extra buffers to ask for with each port (default ${DEFAULT-VALUE})")
    private int extraBuffers;

    @Parameters(paramLabel = "SPEC", arity = "0..*", description = "ports to open")
    private List<String> specs = List.of();

    @Override
    public Integer call() {
        if (!KNOWN.contains(driver)
                && NetmapDrivers.installed().stream()
                        .noneMatch(each -> each.name().equals(driver))) {
            throw new ParameterException(
                    spec.commandLine(), "--driver is '" + driver + "': expected auto, embedded or kernel");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<PortSpec> ports = new ArrayList<>();
        boolean wrong = false;
        for (String text : specs) {
            try {
                ports.add(PortSpec.parse(text));
            } catch (PortSpecException e) {
                err.println(e.getMessage());
                wrong = true;
            }
        }
        if (wrong) {
            err.println("See netmap ports --help for what a port spec looks like.");
            err.flush();
            return ExitCode.USAGE;
        }
        if (ports.isEmpty()) {
            showDrivers(out);
            return NetmapCommand.OK;
        }
        return showPorts(ports, out, err);
    }

    private static void showDrivers(PrintWriter out) {
        List<NetmapDriver> drivers = NetmapDrivers.installed();
        out.printf("%-10s %s%n", "driver", "state");
        for (NetmapDriver each : drivers) {
            Throwable cause = each.unavailabilityCause();
            String state =
                    each.isAvailable() ? "available" : "not available: " + (cause == null ? "" : cause.getMessage());
            out.printf("%-10s %s%n", each.name(), state);
        }
        if (drivers.isEmpty()) {
            out.println("none is on the class path");
        }
        out.flush();
    }

    private int showPorts(List<PortSpec> ports, PrintWriter out, PrintWriter err) {
        int status = NetmapCommand.OK;
        // All stay open until all are shown: both ends of a pipe meet, and exclusive ports exclude.
        List<DriverPort> open = new ArrayList<>();
        try {
            for (PortSpec each : ports) {
                try {
                    DriverPort port = driverFor(each).open(request(each));
                    open.add(port);
                    if (open.size() == 1) {
                        out.printf(
                                "%-24s %-9s %-14s %-14s %8s %7s %7s%n",
                                "port", "driver", "rx rings", "tx rings", "buffers", "extra", "memory");
                    }
                    show(each, port, out);
                } catch (NetmapException e) {
                    out.flush();
                    err.println(each + ": " + e.getMessage());
                    err.flush();
                    status = NetmapCommand.FAILED;
                }
            }
        } finally {
            open.forEach(DriverPort::close);
            out.flush();
        }
        return status;
    }

    private OpenRequest request(PortSpec each) {
        return new OpenRequest(each, -1, 0, 0, 0, 0, extraBuffers);
    }

    private NetmapDriver driverFor(PortSpec each) {
        return driver.equals(AUTO) ? NetmapDrivers.auto(each) : NetmapDrivers.byName(driver);
    }

    private static void show(PortSpec each, DriverPort port, PrintWriter out) {
        List<NetmapRing> rx = port.netmapIf().rxRings();
        List<NetmapRing> tx = port.netmapIf().txRings();
        List<NetmapRing> any = rx.isEmpty() ? tx : rx;
        out.printf(
                "%-24s %-9s %-14s %-14s %8s %7d %7d%n",
                each,
                port.driver().name(),
                rings(rx),
                rings(tx),
                any.isEmpty() ? "-" : any.get(0).buffers().bufSize(),
                port.extraBuffers(),
                port.region().memId());
    }

    private static String rings(List<NetmapRing> rings) {
        return rings.isEmpty() ? "-" : rings.size() + " x " + rings.get(0).numSlots() + " slots";
    }
}
