package org.reactornetmap.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.NetmapException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code netmap demo}: a pipeline under load, and where every packet went. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = NetmapCommand.Version.class,
        description = {
            "Drives packets through a reactive pipeline over netmap rings, shows how it is doing, and accounts for every"
                    + " packet. It runs on the embedded netmap: no root, no kernel module, no NIC.",
            "",
            "  generator -> pipe -> RX rings -> filter -> fan-out -> lanes -> TX rings -> pipe -> sink",
            "",
            "With --topology vale a VALE switch stands where the pipes are, and a tap looks on.",
            "",
            "The generator sends mixed traffic (TCP, UDP, ICMP, ARP, IPv4, IPv6, VLAN, 60 to 1514 bytes), or the frames"
                    + " of a capture. The filter drops what --drop says. The fan-out keeps both directions of a flow in"
                    + " one lane; each lane checks headers, and sends through a TX ring of its own.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nColumns:%n",
        footer = {
            "  rx pkt/s   packets a second that the RX ring gave",
            "  rx bit/s   bits in their frames; preamble, FCS and gap don't count",
            "  waiting    slots with packets that nobody has asked for yet, of all slots: a full ring is",
            "             what stops the generator, and nothing is lost by it",
            "  tx pkt/s   packets a second put into the TX ring",
            "  pkt/sync   packets for each NIOCTXSYNC: one call hands over what all TX rings have gathered",
            "  free       slots of the TX ring that are free",
            "  queued     packets that wait in the lane for its thread",
            "",
            "Account:",
            "  received = transmitted + filtered + dropped + held, with nothing held, to the packet;",
            "  and generated = received, but for frames no ring can take, and transmitted = counted;",
            "  with a VALE switch, what it dropped is counted by it, and is in both of these.",
            "",
            "Exit status:",
            "  0 balanced, 1 not balanced or failed, 2 wrong usage, 130 ended by Ctrl-C and balanced.",
            "  Ctrl-C stops the generator, lets what is under way arrive, and prints the account.",
            "",
            "Examples:",
            "  netmap demo --rings 8 --lanes 2 --duration 10s",
            "  netmap demo --drop udp:53,arp --rate 500000",
            "  netmap demo --topology vale --rate 1000000",
            "  netmap demo --input traffic.pcap --once --json"
        })
final class DemoCommand implements Callable<Integer> {

    private static final Duration REFRESH = Duration.ofMillis(500);
    private static final int MIN_FRAMES = 4_096;
    private static final int SHUTDOWN_SECONDS = 90;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--topology",
            paramLabel = "KIND",
            defaultValue = "pipe",
            description = {
                "what joins the ports (default ${DEFAULT-VALUE}): pipe, two pipes; vale, one VALE switch",
                "with a tap on the receiving port. A pipe stops its sender when it is full, a switch drops"
            })
    private DemoTopology.Kind topology = DemoTopology.Kind.PIPE;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = TimeSpan.class,
            description = "how long to generate: 500ms, 5s, 2m (default ${DEFAULT-VALUE})")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--rings",
            paramLabel = "N",
            defaultValue = "4",
            description = "rings of each port, 1 to 64, with vale to 16 (default ${DEFAULT-VALUE})")
    private int rings;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "1024",
            description = "slots of each ring, 16 to 4096 (default ${DEFAULT-VALUE})")
    private int slots;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            defaultValue = "4",
            description = "lanes of the fan-out, 1 to 64 (default ${DEFAULT-VALUE})")
    private int lanes;

    @Option(
            names = "--lane-threads",
            description = "give each lane a thread of its own; without it, lanes run on the loop that receives and"
                    + " transmits")
    private boolean laneThreads;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "256",
            description = "packets for each TX sync at most, 1 to 65536 (default ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--drop",
            paramLabel = "WHAT",
            split = ",",
            defaultValue = "tcp:25,icmp",
            converter = DropRule.Converter.class,
            description = {
                "what the filter drops (default ${DEFAULT-VALUE}): arp, icmp, ipv4, ipv6, tcp, udp,",
                "vlan, none, or with a port number port:N, tcp:N, udp:N; several with commas"
            })
    private List<DropRule> drops = List.of();

    @Option(
            names = "--rate",
            paramLabel = "PPS",
            defaultValue = "0",
            description = "packets a second to generate (default: as fast as it goes)",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private long rate;

    @Option(
            names = "--flows",
            paramLabel = "N",
            defaultValue = "1000",
            description = "flows of the mixed traffic, 1 to 1048576 (default ${DEFAULT-VALUE})")
    private int flows;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "another seed gives other mixed traffic (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--input",
            paramLabel = "FILE.pcap",
            description = "send the frames of this capture (classic pcap) instead, over and over")
    private @Nullable Path input;

    @Option(names = "--once", description = "send each frame once, and stop; --duration still bounds it")
    private boolean once;

    @Option(names = "--json", description = "print nothing but the account, as one JSON object")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "print nothing but the account")
    private boolean quiet;

    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch accounted = new CountDownLatch(1);
    private volatile int status = NetmapCommand.FAILED;

    @Override
    public Integer call() {
        checkRange("--rings", rings, 1, topology == DemoTopology.Kind.VALE ? SwitchTopology.MAX_RINGS : 64);
        checkRange("--slots", slots, 16, 4_096);
        checkRange("--lanes", lanes, 1, 64);
        checkRange("--batch", batch, 1, 1 << 16);
        checkRange("--flows", flows, 1, 1 << 20);
        checkRange("--rate", rate, 0, 1_000_000_000);
        List<ByteBuffer> frames = frames();
        DemoSettings settings =
                new DemoSettings(topology, rings, slots, lanes, laneThreads, batch, rate, once, drops, frames);

        Thread hook = new Thread(this::onShutdown, "netmap-demo-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try (DemoPipeline pipeline = new DemoPipeline(settings)) {
            status = run(pipeline);
        } catch (NetmapException | IllegalStateException e) {
            complain(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            complain("interrupted");
        } finally {
            accounted.countDown();
            removeHook(hook);
        }
        return status;
    }

    private void checkRange(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + ": expected " + min + " to " + max);
        }
    }

    private List<ByteBuffer> frames() {
        if (input == null) {
            return TrafficMix.of(seed, Math.max(MIN_FRAMES, 2 * flows), flows).frames();
        }
        try {
            CaptureFrames capture = CaptureFrames.read(input);
            capture.remarks().forEach(this::complain);
            return capture.frames();
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--input: " + describe(e), e);
        }
    }

    private static String describe(IOException e) {
        return e instanceof java.nio.file.FileSystemException || e instanceof java.io.FileNotFoundException
                ? "cannot read " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    private int run(DemoPipeline pipeline) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        boolean live = !quiet && !json;
        if (live) {
            out.printf(
                    "%d rings of %d slots, %d lanes%s, dropping %s; Ctrl-C ends it%n%n",
                    rings, slots, lanes, laneThreads ? " on threads of their own" : "", DropRule.describe(drops));
            out.flush();
        }
        pipeline.start(ending::countDown);
        LiveView view = new LiveView(out, terminalRows(), pipeline.snapshot());
        long end = System.nanoTime() + duration.toNanos();
        boolean goesOn = true;
        while (goesOn) {
            long left = Math.min(REFRESH.toNanos(), end - System.nanoTime());
            goesOn = !ending.await(left, TimeUnit.NANOSECONDS) && System.nanoTime() - end < 0;
            if (live) {
                view.show(pipeline.snapshot());
            }
        }
        DemoAccount account = pipeline.stop();
        if (live) {
            out.println();
        }
        out.print(json ? account.toJson() + System.lineSeparator() : account.toText());
        out.flush();
        return account.balances() ? NetmapCommand.OK : NetmapCommand.FAILED;
    }

    private void complain(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("netmap demo: " + text);
        err.flush();
    }

    /** On Ctrl-C the JVM ends when this ends, with status 130 unless we say otherwise. */
    private void onShutdown() {
        ending.countDown();
        try {
            if (!accounted.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS) || status != NetmapCommand.OK) {
                Runtime.getRuntime().halt(NetmapCommand.FAILED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // it is running, and has what it waited for
        }
    }

    /**
     * How many rows the terminal has that stdout is; 0 if it is none. The launcher sets it: it can ask, a JVM before 22
     * can't, and later ones answer something else.
     */
    private static int terminalRows() {
        return Integer.getInteger("netmap.terminal.rows", 0);
    }
}
