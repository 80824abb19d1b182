package org.reactornetmap;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapDrivers;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.flow.CloseReport;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.PortEngine;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An open netmap port: its RX rings as publishers of packets, its TX rings as subscribers. Any thread; all ring work is
 * done by the port's {@link NetmapLoop}.
 *
 * <pre>{@code
 * in.packets()
 *   .transform(PacketFilter.matching("udp port 53"))
 *   .as(out::send)
 *   .block();
 * }</pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/share/man/man4/netmap.4">netmap(4)</a>
 */
public final class NetmapPort implements AutoCloseable {
    private static final Duration INJECT_TIMEOUT = Duration.ofSeconds(10);

    private final PortSpec spec;
    private final PortOptions options;
    private final NetmapDriver driver;
    private final String name;
    private final NetmapLoop loop;
    private final PortEngine engine;
    private final List<RxRing> rxRings;
    private final List<TxRing> txRings;

    private NetmapPort(
            final PortSpec spec,
            final PortOptions options,
            final NetmapDriver driver,
            final String name,
            final NetmapLoop loop,
            final PortEngine engine) {
        this.spec = spec;
        this.options = options;
        this.driver = driver;
        this.name = name;
        this.loop = loop;
        this.engine = engine;
        this.rxRings = IntStream.range(0, engine.rxRings())
                .mapToObj(i -> new RxRing(engine, i))
                .toList();
        this.txRings = IntStream.range(0, isMonitor(spec) ? 0 : engine.txRings())
                .mapToObj(i -> new TxRing(engine, i))
                .toList();
    }

    /**
     * Opens a port with every default.
     *
     * @param spec a port spec, such as <code>netmap:eth0-2/R</code>, {@code vale0:a} or <code>netmap:x{1</code>
     * @return the port; the caller must close it
     * @throws org.reactornetmap.driver.PortSpecException if the spec is wrong; the message points at the place
     * @throws org.reactornetmap.driver.NetmapException if the port can't be opened; the message says what to do
     */
    public static NetmapPort open(final String spec) {
        return open(spec, PortOptions.defaults());
    }

    /**
     * Opens a port.
     *
     * @param spec a port spec
     * @param options loop, driver, rings and buffers
     * @return the port; the caller must close it
     * @throws org.reactornetmap.driver.PortSpecException if the spec is wrong; the message points at the place
     * @throws org.reactornetmap.driver.NetmapException if the port can't be opened; the message says what to do
     */
    public static NetmapPort open(final String spec, final PortOptions options) {
        return open(PortSpec.parse(spec), options);
    }

    private static NetmapPort open(final PortSpec parsed, final PortOptions options) {
        final NetmapDriver driver = driverFor(parsed, options);
        final List<DriverPort> ports = openDescriptors(driver, parsed, options);
        final boolean ownLoops = options.loop() == null;
        final List<NetmapLoop> loops = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            final NetmapLoop shared = options.loop();
            loops.add(
                    shared != null
                            ? shared
                            : NetmapLoop.create(loopName(name(parsed, ports), ports.size() > 1 ? i : -1)));
        }
        final PortEngine engine =
                PortEngine.start(ports, loops, ownLoops, options.settings().withForward(options.forward()));
        final NetmapPort opened = new NetmapPort(parsed, options, driver, name(parsed, ports), loops.get(0), engine);
        options.whenOpened().accept(opened);
        return opened;
    }

    /** A monitor's own name is in its netmap_if only. */
    private static String name(final PortSpec spec, final List<DriverPort> ports) {
        final DriverPort port = ports.get(0);
        return isMonitor(spec) ? port.netmapIf().name() : port.name();
    }

    boolean isTap() {
        return isMonitor(spec);
    }

    private static boolean isMonitor(final PortSpec spec) {
        return spec.flags().contains(RegisterFlag.MONITOR_RX)
                || spec.flags().contains(RegisterFlag.MONITOR_TX)
                || spec.flags().contains(RegisterFlag.ZCOPY_MON);
    }

    private static String loopName(final String port, final int ring) {
        return ring < 0 ? port : port + "-" + ring;
    }

    private static NetmapDriver driverFor(final PortSpec spec, final PortOptions options) {
        final NetmapDriver given = options.driver();
        if (given != null) {
            return given;
        }
        return options.driverName().equals(PortOptions.AUTO)
                ? NetmapDrivers.auto(spec)
                : NetmapDrivers.byName(options.driverName());
    }

    private static List<DriverPort> openDescriptors(
            final NetmapDriver driver, final PortSpec spec, final PortOptions options) {
        if (options.forward()
                && (spec.mode() != RegisterMode.NIC_SW
                        || isMonitor(spec)
                        || spec.flags().contains(RegisterFlag.RX_RINGS_ONLY)
                        || spec.flags().contains(RegisterFlag.TX_RINGS_ONLY))) {
            throw new IllegalArgumentException(
                    "forward passes packets on between a network interface and its host, which"
                            + " takes every ring of both, but " + spec
                            + " does not bind them: open such as netmap:eth0*, without /R and /T");
        }
        if (options.perRing() && hasHostRings(spec)) {
            throw new IllegalArgumentException("perRing gives each ring pair of the NIC a descriptor of its own, but "
                    + spec + " binds the host's rings, too: leave out perRing, or open netmap:" + spec.portName()
                    + " with it and the host's rings by host()");
        }
        if (options.perRing() && spec.mode() == RegisterMode.ONE_NIC) {
            throw new IllegalArgumentException(spec + " names one ring: leave out perRing, or the -" + spec.ringId());
        }
        final OpenRequest request = new OpenRequest(
                spec,
                -1,
                options.txRings(),
                options.rxRings(),
                options.txSlots(),
                options.rxSlots(),
                options.extraBuffers(),
                EnumSet.of(RegisterFlag.NO_TX_POLL)); // the loop asks for OUT while a sender waits, and syncs by itself
        final List<DriverPort> ports = new ArrayList<>();
        try {
            if (!options.perRing()) {
                ports.add(driver.open(request));
                return ports;
            }
            final DriverPort first = driver.open(request.withRing(0));
            ports.add(first);
            final int rings = Math.max(first.portRxRings(), first.portTxRings());
            for (int ring = 1; ring < rings; ring++) {
                ports.add(driver.open(request.withRing(ring)));
            }
            return ports;
        } catch (RuntimeException e) {
            ports.forEach(DriverPort::close);
            throw e;
        }
    }

    /**
     * The port's name as netmap has it.
     *
     * @return for example <code>x{1</code>; of a tap, the first 15 characters of such as <code>x{1/rt#0</code>
     */
    public String name() {
        return name;
    }

    /**
     * The spec the port was opened with.
     *
     * @return the parsed spec
     */
    public PortSpec spec() {
        return spec;
    }

    /**
     * The loop that serves the port; with <em>per ring</em>, that of the first ring.
     *
     * @return the loop
     */
    public NetmapLoop loop() {
        return loop;
    }

    /**
     * RX rings this port is bound to.
     *
     * @return 0 if it was opened for TX only
     */
    public int rxRings() {
        return rxRings.size();
    }

    /**
     * TX rings this port is bound to.
     *
     * @return 0 if it was opened for RX only
     */
    public int txRings() {
        return txRings.size();
    }

    /**
     * One RX ring.
     *
     * @param ring 0..rxRings()-1
     * @return the ring
     * @throws IndexOutOfBoundsException if there is no such ring
     */
    public RxRing rx(final int ring) {
        return rxRings.get(ring);
    }

    /**
     * One TX ring.
     *
     * @param ring 0..txRings()-1
     * @return the ring
     * @throws IndexOutOfBoundsException if there is no such ring
     */
    public TxRing tx(final int ring) {
        return txRings.get(ring);
    }

    /**
     * Waits until the port's interface has a link, which many a NIC takes down for some seconds when netmap opens it.
     * What is sent before that may be lost, so let it gate the first packet:
     *
     * <pre>{@code
     * port.linkUp().then(port.send(packets))
     * port.linkUp().timeout(Duration.ofSeconds(10)).thenMany(port.packets())
     * }</pre>
     *
     * @return looks when subscribed to, then every 10 ms, and completes on the port's loop; at once for what has no cable,
     *     such as pipes and ports of a switch. It ends with an error if the port is closed or the interface vanishes, and
     *     waits for ever otherwise
     */
    public Mono<Void> linkUp() {
        return engine.linkUp();
    }

    /**
     * All RX rings as one stream. The subscriber owns what it receives and must release it.
     *
     * @return a stream for one subscriber at a time: a second one, or one of a single ring, gets
     *     {@link IllegalStateException}
     */
    public Flux<Packet> packets() {
        return packets(engine.rxDefaults());
    }

    /**
     * All RX rings as one stream.
     *
     * @param options how packets are held
     * @return as {@link #packets()}
     */
    public Flux<Packet> packets(final RxOptions options) {
        return engine.packets(options);
    }

    /**
     * Sends packets: those of RX ring i through TX ring i modulo the number of TX rings, others by their flow.
     *
     * @param packets the source; the send releases what it takes
     * @return sends when subscribed to; completes when the kernel has accepted every packet
     */
    public Mono<TxReport> send(final Publisher<? extends Packet> packets) {
        return send(packets, TxOptions.defaults());
    }

    /**
     * Sends packets.
     *
     * @param packets the source; the send releases what it takes
     * @param options how to batch, reject and end
     * @return as {@link #send(Publisher)}
     */
    public Mono<TxReport> send(final Publisher<? extends Packet> packets, final TxOptions options) {
        if (isTap()) {
            return Mono.error(new IllegalStateException(
                    name + " is a tap, which only looks on: send through the port itself, " + spec.portName()));
        }
        return engine.send(packets, options);
    }

    /**
     * Sends frames that are not packets yet; each is copied into a slot.
     *
     * @param frames bytes from position to limit; they must not change until they are sent
     * @return as {@link #send(Publisher)}
     */
    public Mono<TxReport> sendFrames(final Publisher<ByteBuffer> frames) {
        return send(Flux.from(frames).map(PacketPool::wrap));
    }

    /**
     * Sends frames and waits until they are sent: for tests and tools. Not on a loop, but for a manual one, whose work
     * it does.
     *
     * @param frames bytes from position to limit
     * @return how it went
     * @throws IllegalStateException if the frames can't be sent within 10 seconds, as when nobody reads the other end
     */
    public TxReport inject(final ByteBuffer... frames) {
        final var sent = sendFrames(Flux.fromArray(frames)).toFuture();
        final long deadline = System.nanoTime() + INJECT_TIMEOUT.toNanos();
        try {
            engine.workUntil(sent::isDone, INJECT_TIMEOUT.toNanos());
            return Objects.requireNonNull(sent.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new IllegalStateException(
                    frames.length + " frames could not be sent through " + name + " within " + INJECT_TIMEOUT
                            + ": is anybody reading the other end?",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("sending through " + name + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending through " + name, e);
        }
    }

    /**
     * Looks on at what this port sends and receives: {@link #tap(Tap, PortOptions)} with copies of both directions.
     *
     * @return the tap; the caller must close it
     */
    public NetmapPort tap() {
        return tap(Tap.COPY);
    }

    /**
     * Looks on at this port: {@link #tap(Tap, PortOptions)} with default options.
     *
     * @param what what to see, and how
     * @return the tap; the caller must close it
     */
    public NetmapPort tap(final Tap what) {
        return tap(what, PortOptions.defaults());
    }

    /**
     * Looks on at what this port sends and receives, through a monitor port of netmap. The tap is a port of its own,
     * whose {@link #packets()} are what it sees; {@link Packet#direction()} tells which way each went, and ring i is ring
     * i of this port. It cannot send, and closing it does not touch this port. It slows this port by the copying but
     * never stops it: of what does not fit the tap's ring the oldest is lost, uncounted. When this port closes, its
     * stream ends with an error. Any number of taps may look on; they see every ring that this port's spec names,
     * whoever uses it.
     *
     * @param what what to see, and how
     * @param tapOptions loop, slots (at most 4,096) and extra buffers of the tap. Without a loop there, it shares the one
     *     that this port was opened with, or gets its own. Its driver is this port's
     * @return the tap; the caller must close it
     * @throws IllegalStateException if this is a tap itself, or a null port
     * @throws org.reactornetmap.driver.NetmapException if the tap can't be opened, as when this port is closed; the
     *     message says what to do
     */
    public NetmapPort tap(final Tap what, final PortOptions tapOptions) {
        if (isTap() || spec.mode() == RegisterMode.NULL) {
            throw new IllegalStateException(name
                    + (isTap()
                            ? " is a tap itself, and netmap has no taps of taps: tap " + spec.portName()
                            : " is a null port: nothing moves through it"));
        }
        if (what == Tap.ZERO_COPY) {
            engine.keepReleasedBytes();
        }
        return openBeside(tapSpec(what), tapOptions);
    }

    /** Opens another port of the same netmap, with this one's loop if neither says otherwise. */
    private NetmapPort openBeside(final String otherSpec, final PortOptions otherOptions) {
        final PortOptions.Builder beside = otherOptions.toBuilder()
                .driver(driver)
                .settings(options.settings())
                .whenOpened(options.whenOpened());
        final NetmapLoop shared = options.loop();
        if (shared != null && otherOptions.loop() == null && !otherOptions.perRing()) {
            beside.loop(shared);
        }
        return open(PortSpec.parse(otherSpec), beside.build());
    }

    /**
     * The host stack behind this port's interface: {@link #host(PortOptions)} with default options.
     *
     * @return the host rings; the caller must close them
     */
    public NetmapPort host() {
        return host(PortOptions.defaults());
    }

    /**
     * The host stack behind this port's interface, as a port of its own: its {@link #packets()} are what the machine
     * sends through the interface, and what it is sent goes up to the machine, as if it had come by the wire. So a
     * pipeline between both is a firewall:
     *
     * <pre>{@code
     * NetmapPort nic = NetmapPort.open("netmap:eth0", PortOptions.builder().loop(loop).build());
     * NetmapPort host = nic.host();
     * nic.packets().transform(inbound).as(host::send)
     * host.packets().as(nic::send)
     * }</pre>
     *
     * <p>While this port is open and nobody does that, the interface is cut off from its machine. To look on only, see
     * {@link PortOptions.Builder#forward(boolean)} and {@link #tap()}.
     *
     * @param hostOptions loop and extra buffers of the host rings. Without a loop there, they share the one that this port
     *     was opened with, or get their own. Their driver is this port's
     * @return the host rings; the caller must close them
     * @throws IllegalStateException if this port has them itself, or is none of an interface
     * @throws org.reactornetmap.driver.NetmapException if they can't be opened; the message says what to do
     */
    public NetmapPort host(final PortOptions hostOptions) {
        if (isTap() || spec.isPipe() || spec.isVale() || spec.mode() == RegisterMode.NULL) {
            throw new IllegalStateException(
                    name + " has no host rings: only a network interface has them, opened as such as netmap:eth0");
        }
        if (hasHostRings(spec)) {
            throw new IllegalStateException(spec + " has the host rings itself: "
                    + (spec.mode() == RegisterMode.NIC_SW ? "they are the last of its rings" : "use it as it is")
                    + ", or open netmap:" + spec.portName() + " for the NIC's");
        }
        return openBeside("netmap:" + spec.portName() + "^", hostOptions);
    }

    private static boolean hasHostRings(final PortSpec spec) {
        return switch (spec.mode()) {
            case SW, ONE_SW, NIC_SW -> true;
            case ALL_NIC, ONE_NIC, NULL -> false;
        };
    }

    private String tapSpec(final Tap what) {
        final String rings =
                switch (spec.mode()) {
                    case ONE_NIC -> "-" + spec.ringId();
                    case SW -> "^";
                    case ONE_SW -> "^" + spec.ringId();
                    case NIC_SW -> "*";
                    case ALL_NIC, NULL -> "";
                };
        return (spec.isVale() ? "" : "netmap:") + spec.portName() + rings + "/R" + what.flags();
    }

    /**
     * Counters of all rings, as published after their last bursts.
     *
     * @return a snapshot
     */
    public PortStatistics statistics() {
        return new PortStatistics(
                name,
                rxRings.stream().map(RxRing::statistics).toList(),
                txRings.stream().map(TxRing::statistics).toList());
    }

    /**
     * Whether closing has begun.
     *
     * @return true from the first close on
     */
    public boolean isClosed() {
        return engine.isClosed();
    }

    /**
     * Closes the port when subscribed to: streams complete, sends drain, packets still held are revoked. Once; further
     * calls report the same.
     *
     * @return what was left
     */
    public Mono<CloseReport> closeAsync() {
        return engine.closeAsync();
    }

    /** Closes the port and waits, bounded, unless called on a loop or another non-blocking thread. Idempotent. */
    @Override
    public void close() {
        engine.close();
    }

    List<String> leaks() {
        return engine.leaks();
    }

    @Nullable
    CloseReport closeAndReport() {
        return engine.close();
    }

    @Override
    public String toString() {
        return "NetmapPort(" + name + ", " + rxRings.size() + " RX and " + txRings.size() + " TX rings"
                + (isClosed() ? ", closed" : "") + ")";
    }
}
