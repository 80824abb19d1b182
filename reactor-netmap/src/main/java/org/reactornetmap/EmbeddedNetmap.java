package org.reactornetmap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;
import org.reactornetmap.driver.embedded.EmbeddedFaults;
import org.reactornetmap.driver.embedded.EmbeddedInterface;
import org.reactornetmap.driver.embedded.InterfaceConfig;
import org.reactornetmap.flow.CloseReport;
import org.reactornetmap.flow.FlowSettings;
import org.reactornetmap.flow.NetmapLoop;
import reactor.core.scheduler.Scheduler;

/**
 * An in-process netmap of its own: ports opened here see only each other. The same bytes in memory and the same
 * semantics as the kernel's, without root and without a module. Any thread.
 *
 * <pre>{@code
 * try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
 *   NetmapPort a = netmap.open("netmap:test{1");
 *   NetmapPort b = netmap.open("netmap:test}1");
 *   ...
 * }
 * }</pre>
 */
public final class EmbeddedNetmap implements AutoCloseable {
    /** Enough for a few pipes, and quickly made for each test. */
    private static final int TEST_BUFFERS = 16_384;

    private final EmbeddedDriver driver;
    private final FlowSettings settings;
    private final boolean strictLeaks;
    private final @Nullable NetmapLoop loop;
    private final List<NetmapPort> ports = new CopyOnWriteArrayList<>();

    private EmbeddedNetmap(
            final EmbeddedConfig config,
            final FlowSettings settings,
            final boolean strictLeaks,
            final @Nullable NetmapLoop loop) {
        this.driver = EmbeddedDriver.create(config);
        this.settings = settings;
        this.strictLeaks = strictLeaks;
        this.loop = loop;
    }

    /**
     * A netmap with every default.
     *
     * @return a netmap; the caller must close it
     */
    public static EmbeddedNetmap create() {
        return create(EmbeddedConfig.defaults());
    }

    /**
     * A netmap.
     *
     * @param config memory, rings and strictness
     * @return a netmap; the caller must close it
     */
    public static EmbeddedNetmap create(final EmbeddedConfig config) {
        return new EmbeddedNetmap(config, FlowSettings.defaults(), false, null);
    }

    /**
     * A netmap for tests, where every misuse through a packet is caught: each packet is a view of its own, released
     * buffers are filled with 0xDD, rings are strict, and {@link #close()} fails on any packet not released.
     *
     * @return a netmap; the caller must close it
     */
    public static EmbeddedNetmap forTests() {
        return forTests(EmbeddedConfig.builder().buffers(TEST_BUFFERS).build());
    }

    /**
     * As {@link #forTests()}, with other memory and rings.
     *
     * @param config memory, rings and strictness
     * @return a netmap; the caller must close it
     */
    public static EmbeddedNetmap forTests(final EmbeddedConfig config) {
        return new EmbeddedNetmap(config, FlowSettings.forTests(), true, null);
    }

    /**
     * As {@link #forTests()}, in a time of its own: ports opened without a loop share one that the scheduler runs
     * ({@link NetmapLoop#on}), and the rings' time stamps are the scheduler's time. With reactor-test's
     * {@code VirtualTimeScheduler} a topology of any number of ports runs in the thread that advances the time, and
     * does the same every time.
     *
     * @param time runs the ports' loop and tells the time
     * @return a netmap; the caller must close it, in the scheduler's thread
     */
    public static EmbeddedNetmap virtualTime(final Scheduler time) {
        return virtualTime(time, EmbeddedConfig.builder().buffers(TEST_BUFFERS).build());
    }

    /**
     * As {@link #virtualTime(Scheduler)}, with other memory and rings.
     *
     * @param time runs the ports' loop and tells the time
     * @param config memory, rings and strictness; its clock does not count
     * @return a netmap; the caller must close it, in the scheduler's thread
     */
    public static EmbeddedNetmap virtualTime(final Scheduler time, final EmbeddedConfig config) {
        final EmbeddedConfig timed =
                config.toBuilder().clock(() -> time.now(TimeUnit.NANOSECONDS)).build();
        return new EmbeddedNetmap(timed, FlowSettings.forTests(), true, NetmapLoop.on(time));
    }

    /**
     * Opens a port of this netmap with every default.
     *
     * @param spec a port spec, such as <code>netmap:test{1</code>
     * @return the port; closing this netmap closes it too
     */
    public NetmapPort open(final String spec) {
        return open(spec, PortOptions.defaults());
    }

    /**
     * Opens a port of this netmap.
     *
     * @param spec a port spec
     * @param options loop, rings and buffers; a driver named there does not count
     * @return the port; closing this netmap closes it too
     */
    public NetmapPort open(final String spec, final PortOptions options) {
        final PortOptions.Builder own =
                options.toBuilder().driver(driver).settings(settings).whenOpened(ports::add);
        if (loop != null && options.loop() == null) {
            own.loop(loop);
        }
        return NetmapPort.open(spec, own.build());
    }

    /**
     * Adds a simulated network interface, which {@code netmap:eth0} opens; {@code netmap:eth0^} opens the rings of its
     * host stack, {@code netmap:eth0*} both.
     *
     * @param name such as {@code eth0}, 1..15 characters
     * @return the interface with its wire and its host stack, there until it is removed
     * @throws org.reactornetmap.driver.NetmapErrnoException EEXIST if there is an interface of this name, EINVAL if no
     *     interface may have it
     */
    public EmbeddedInterface addInterface(final String name) {
        return driver.addInterface(name);
    }

    /**
     * As {@link #addInterface(String)}, with other rings or another MTU.
     *
     * @param name such as {@code eth0}, 1..15 characters
     * @param config its rings, slots and MTU
     * @return the interface with its wire and its host stack, there until it is removed
     * @throws org.reactornetmap.driver.NetmapErrnoException EEXIST if there is an interface of this name, EINVAL if no
     *     interface may have it
     */
    public EmbeddedInterface addInterface(final String name, final InterfaceConfig config) {
        return driver.addInterface(name, config);
    }

    /**
     * The driver, for those who work on rings directly.
     *
     * @return this netmap's driver
     */
    public EmbeddedDriver driver() {
        return driver;
    }

    /**
     * Persistent ports, switches, and questions about ports and memories.
     *
     * @return an admin of this netmap
     */
    public NetmapAdmin admin() {
        return NetmapAdmin.of(driver);
    }

    /**
     * Faults to arm, for tests.
     *
     * @return the one instance of this netmap
     */
    public EmbeddedFaults faults() {
        return driver.faults();
    }

    /**
     * Closes every port. Idempotent.
     *
     * @throws AssertionError if this is {@link #forTests()} and packets were not released: where each was last touched
     */
    @Override
    public void close() {
        final List<String> leaks = new ArrayList<>();
        // Taps first: they would end with an error when their ports go.
        for (final NetmapPort port : Stream.concat(
                        ports.stream().filter(NetmapPort::isTap), ports.stream().filter(port -> !port.isTap()))
                .toList()) {
            final CloseReport report = port.closeAndReport();
            leaks.addAll(port.leaks());
            if (report != null && report.reclaimed() > 0) {
                leaks.add(report.reclaimed() + " packets of " + port.name()
                        + " were lost and came back by garbage collection; the log says which");
            }
        }
        ports.clear();
        if (loop != null) {
            loop.close();
        }
        if (strictLeaks && !leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaks: each packet must be released once by its owner;"
                    + " Packets.autoRelease or releaseOnDiscard help. " + String.join("; ", leaks));
        }
    }
}
