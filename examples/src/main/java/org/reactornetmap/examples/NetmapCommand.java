package org.reactornetmap.examples;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line {@code netmap}. */
@Command(
        name = "netmap",
        mixinStandardHelpOptions = true,
        versionProvider = NetmapCommand.Version.class,
        description = "netmap's packet rings as reactive streams, from the command line.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            PortsCommand.class,
            DoctorCommand.class,
            FilterCommand.class,
            HelpCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  netmap demo                  a pipeline under load, for five seconds; needs no root",
            "  netmap demo --help           what the demo does, and what its columns mean",
            "  netmap ports                 which netmap drivers are here",
            "  netmap ports 'netmap:x{1'    what opening a port gives",
            "  netmap doctor netmap:eth0    what stands between here and a port of the kernel's netmap",
            "  netmap filter 'udp port 53' FILE.pcap   which packets of a capture match",
            "  netmap filter -d 'udp port 53'          the filter's program"
        })
final class NetmapCommand implements Runnable {

    private static final int USAGE_WIDTH = 100;

    /** Of a command that did what it was told. */
    static final int OK = 0;

    /** Of a command that failed, or found something wrong. */
    static final int FAILED = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    private NetmapCommand() {}

    static CommandLine commandLine() {
        return new CommandLine(new NetmapCommand())
                .setUsageHelpWidth(USAGE_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(NetmapCommand::explain);
    }

    private static int explain(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + e.getMessage());
        err.println("See " + name + " --help");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    public static void main(String[] args) {
        // Reactor's own fallback would write to stdout, among what we print there.
        setDefault("reactor.logging.fallback", "JDK");
        setDefault("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%6$s%n");
        System.exit(commandLine().execute(args));
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command, demo, ports, doctor or filter?");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = NetmapCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "netmap (reactor-netmap) " + (version == null ? "built from sources" : version),
                "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch")
            };
        }
    }
}
