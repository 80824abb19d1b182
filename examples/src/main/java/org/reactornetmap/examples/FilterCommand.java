package org.reactornetmap.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.PcapReader;
import org.reactornetmap.operators.PcapRecord;
import org.reactornetmap.operators.filter.FilterEngine;
import org.reactornetmap.operators.filter.FilterOptions;
import org.reactornetmap.operators.filter.FrameFilter;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.operators.filter.language.FilterTarget;
import org.reactornetmap.packet.LinkType;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code netmap filter}: which packets of capture files match an expression, and what its program looks like. */
@Command(
        name = "filter",
        mixinStandardHelpOptions = true,
        versionProvider = NetmapCommand.Version.class,
        description = {
            "Tells for each capture file which packets match an expression of the tcpdump language: the file's name, a"
                    + " colon, and their indexes, from 0.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExit status:%n",
        footer = {
            "  0 all files were read, 1 a file can't be read, 2 the expression or another argument is wrong.",
            "",
            "Examples:",
            "  netmap filter 'udp port 53 and not host 10.0.0.1' one.pcap two.pcap",
            "  netmap filter -d 'vlan and ip6'",
            "  netmap filter -ddd --dlt LINUX_SLL 'inbound and tcp'"
        })
final class FilterCommand implements Callable<Integer> {

    private static final int WIDEST_SHOWN = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "-d", description = "print the program as tcpdump does, and read no packets")
    private boolean readable;

    @Option(names = "-ddd", description = "print the program as decimal numbers, and read no packets")
    private boolean decimal;

    @Option(
            names = "--dlt",
            paramLabel = "NAME",
            converter = LinkTypeConverter.class,
            description =
                    "link type, for -d and -ddd without a file: EN10MB (the default), NULL, LOOP, RAW, IPV4, IPV6,"
                            + " LINUX_SLL, LINUX_SLL2")
    private @Nullable LinkType linkType;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "compiled",
            description = "interpreted or compiled (default ${DEFAULT-VALUE})")
    private FilterEngine engine = FilterEngine.COMPILED;

    @Option(names = "--no-optimize", description = "take the program as it comes from the expression")
    private boolean plain;

    @Option(
            names = "--netmask",
            paramLabel = "MASK",
            converter = MaskConverter.class,
            description = "netmask of the captured network, for 'ip broadcast'")
    private @Nullable Inet4Address netmask;

    @Parameters(index = "0", paramLabel = "EXPR", description = "what to look for, in quotes; see pcap-filter(7)")
    private String expression = "";

    @Parameters(index = "1..*", paramLabel = "FILE", arity = "0..*", description = "capture files in pcap format")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (readable || decimal) {
                return showProgram(out);
            }
            if (files.isEmpty()) {
                throw wrong("which files? Name one or more, or print the program with -d");
            }
            if (linkType != null) {
                throw wrong("--dlt goes with -d or -ddd: a file says itself what its packets begin with");
            }
            return showMatches(out);
        } catch (FilterSyntaxException e) {
            return explain(e);
        } finally {
            out.flush();
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private int showProgram(PrintWriter out) {
        if (files.size() > 1 || (linkType != null && !files.isEmpty())) {
            throw wrong("a program is for one link type: name one file, or --dlt");
        }
        FilterTarget target = FilterTarget.of(linkType == null ? LinkType.ETHERNET : linkType);
        if (!files.isEmpty()) {
            try (PcapReader reader = PcapReader.open(files.get(0))) {
                target = targetOf(reader);
            } catch (IOException | IllegalArgumentException e) {
                int status = failed(files.get(0), e);
                checkExpression();
                return status;
            }
        }
        BpfProgram program = filter(target).program();
        out.print(decimal ? program.decimal() : program.toString());
        return NetmapCommand.OK;
    }

    private int showMatches(PrintWriter out) {
        int status = NetmapCommand.OK;
        boolean checked = false;
        for (Path file : files) {
            try (PcapReader reader = PcapReader.open(file)) {
                FrameFilter filter = filter(targetOf(reader));
                checked = true;
                out.print(file + ":");
                try {
                    showMatches(reader, filter, out);
                } finally {
                    out.println();
                }
            } catch (FilterSyntaxException e) {
                throw e;
            } catch (IOException | IllegalArgumentException e) {
                status = failed(file, e);
            }
        }
        if (!checked) {
            checkExpression();
        }
        return status;
    }

    private static void showMatches(PcapReader reader, FrameFilter filter, PrintWriter out) throws IOException {
        int index = 0;
        for (PcapRecord next = reader.next(); next != null; next = reader.next()) {
            if (filter.matches(next.data(), next.wireLength())) {
                out.print(" ");
                out.print(index);
            }
            index++;
        }
    }

    private FrameFilter filter(FilterTarget target) {
        FilterOptions options =
                FilterOptions.of(target.withNetmask(netmask)).withEngine(engine).withOptimizer(!plain);
        return FrameFilter.matching(expression, target.linkType(), options);
    }

    /** Where no file told what its packets begin with: fails if the expression is a filter for nothing. */
    private void checkExpression() {
        FilterSyntaxException ofEthernet = null;
        for (LinkType each : LinkType.values()) {
            try {
                filter(FilterTarget.of(each));
                return;
            } catch (FilterSyntaxException e) {
                ofEthernet = each == LinkType.ETHERNET ? e : ofEthernet;
            }
        }
        throw Objects.requireNonNull(ofEthernet);
    }

    private static FilterTarget targetOf(PcapReader reader) {
        long length = reader.snapLength();
        FilterTarget target =
                FilterTarget.of(LinkType.of(reader.linkTypeCode())).withNullOrder(reader.byteOrder());
        return length > 0 && length <= Integer.MAX_VALUE ? target.withSnapLength((int) length) : target;
    }

    private int failed(Path file, Exception e) {
        PrintWriter err = spec.commandLine().getErr();
        String reason = e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
        spec.commandLine().getOut().flush();
        err.println(reason.contains(file.toString()) ? reason : file + ": " + reason);
        err.flush();
        return NetmapCommand.FAILED;
    }

    private int explain(FilterSyntaxException e) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": " + e.getMessage());
        boolean shown =
                expression.length() <= WIDEST_SHOWN && expression.chars().noneMatch(Character::isISOControl);
        if (shown) {
            err.println("  " + expression);
            err.println("  " + " ".repeat(e.position()) + "^");
        }
        err.flush();
        return ExitCode.USAGE;
    }

    /** By tcpdump's names, and ours. */
    static final class LinkTypeConverter implements ITypeConverter<LinkType> {
        @Override
        public LinkType convert(String text) {
            String name = text.toUpperCase(Locale.ROOT);
            for (LinkType each : LinkType.values()) {
                if (each.name().equals(name)) {
                    return each;
                }
            }
            if (name.equals("EN10MB")) {
                return LinkType.ETHERNET;
            }
            throw new TypeConversionException("'" + text
                    + "' is no link type: expected EN10MB, NULL, LOOP, RAW, IPV4, IPV6, LINUX_SLL or LINUX_SLL2");
        }
    }

    /** Four decimal numbers; nothing is looked up. */
    static final class MaskConverter implements ITypeConverter<Inet4Address> {
        @Override
        public Inet4Address convert(String text) throws IOException {
            if (text.matches("\\d{1,3}(\\.\\d{1,3}){3}") && InetAddress.getByName(text) instanceof Inet4Address mask) {
                return mask;
            }
            throw new TypeConversionException("'" + text + "' is no netmask: expected such as 255.255.255.0");
        }
    }
}
