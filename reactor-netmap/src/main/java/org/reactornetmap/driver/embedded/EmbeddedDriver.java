package org.reactornetmap.driver.embedded;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;

/**
 * The in-process netmap: pipes, VALE switches, simulated interfaces and null ports with the kernel's memory layout and
 * semantics. All drivers made by the public constructor see the same ports; one made by {@link #create} sees its own only. Two drivers are equal if they
 * see the same ports. Any thread.
 */
public final class EmbeddedDriver implements NetmapDriver {
    /** What {@link #name()} returns. */
    public static final String NAME = "embedded";

    private final EmbeddedWorld world;

    /** A driver for the process-wide embedded netmap, with {@link EmbeddedConfig#defaults()}. */
    public EmbeddedDriver() {
        this(EmbeddedWorld.shared());
    }

    private EmbeddedDriver(final EmbeddedWorld world) {
        this.world = world;
    }

    /**
     * Makes an embedded netmap of its own. Its memory is allocated by the first open and goes when it, its ports and
     * every view of it are unreachable.
     *
     * @param config its size and behaviour
     * @return a driver whose ports no other driver sees
     */
    public static EmbeddedDriver create(final EmbeddedConfig config) {
        return new EmbeddedDriver(new EmbeddedWorld(config));
    }

    /** A driver for a world that is there. */
    static EmbeddedDriver of(final EmbeddedWorld world) {
        return new EmbeddedDriver(world);
    }

    EmbeddedWorld world() {
        return world;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public DriverPort open(final OpenRequest request) {
        return world.open(this, request);
    }

    @Override
    public DriverDescriptor newDescriptor() {
        return new EmbeddedDescriptor(this, world);
    }

    @Override
    public Poller newPoller() {
        return new EmbeddedPoller(world);
    }

    /**
     * How it was configured.
     *
     * @return the configuration
     */
    public EmbeddedConfig config() {
        return world.config;
    }

    /**
     * Adds a simulated interface with every default.
     *
     * @param name such as {@code eth0}, 1..15 characters
     * @return the interface, there until it is removed
     * @throws org.reactornetmap.driver.NetmapErrnoException EEXIST if there is an interface of this name, EINVAL if no
     *     interface may have it
     */
    public EmbeddedInterface addInterface(final String name) {
        return addInterface(name, InterfaceConfig.defaults());
    }

    /**
     * Adds a simulated interface, which {@code netmap:name} opens from then on.
     *
     * @param name such as {@code eth0}, 1..15 characters
     * @param config its rings and MTU
     * @return the interface, there until it is removed
     * @throws org.reactornetmap.driver.NetmapErrnoException EEXIST if there is an interface of this name, EINVAL if no
     *     interface may have it
     */
    public EmbeddedInterface addInterface(final String name, final InterfaceConfig config) {
        return world.addInterface(name, config);
    }

    /**
     * Faults to arm, for tests.
     *
     * @return the one instance of this netmap
     */
    public EmbeddedFaults faults() {
        return world.faults;
    }

    /**
     * Buffers that are in no ring and in nobody's hands.
     *
     * @return 0..{@code config().buffers() - 2}
     */
    public int freeBuffers() {
        return world.freeBuffers();
    }

    /**
     * Finds every buffer. Only exact while no port syncs.
     *
     * @return where they are
     */
    public BufferAudit audit() {
        return world.audit();
    }

    /**
     * What happened to the packets of every port that was in a VALE switch, for an account that must balance. Exact only
     * while no port syncs.
     *
     * @return one for each name, in the order in which the names were first used; a few thousand names are remembered
     */
    public List<SwitchStatistics> switchStatistics() {
        return world.switches().statistics();
    }

    /**
     * The memory that a slot with {@code NS_INDIRECT} may point to, in a TX ring of a VALE port.
     *
     * @return shared by all ports of this netmap
     */
    public UserMemory userMemory() {
        return world.switches().userMemory();
    }

    @Override
    public boolean equals(final @Nullable Object other) {
        return other instanceof EmbeddedDriver driver && driver.world == world;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(world);
    }

    @Override
    public String toString() {
        return "embedded netmap (" + world.config.buffers() + " buffers of " + world.config.bufSize() + " bytes)";
    }
}
