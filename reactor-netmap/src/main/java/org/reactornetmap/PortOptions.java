package org.reactornetmap;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.flow.FlowSettings;
import org.reactornetmap.flow.NetmapLoop;

/** How a port is opened. Immutable; any thread. */
public final class PortOptions {
    /** {@link Builder#driver(String)}: the kernel's driver where {@code /dev/netmap} exists, else the embedded one. */
    public static final String AUTO = "auto";

    private final @Nullable NetmapLoop loop;
    private final boolean perRing;
    private final boolean forward;
    private final String driverName;
    private final @Nullable NetmapDriver driver;
    private final int rxRings;
    private final int txRings;
    private final int rxSlots;
    private final int txSlots;
    private final int extraBuffers;
    private final FlowSettings settings;
    private final Consumer<NetmapPort> whenOpened;

    private PortOptions(final Builder builder) {
        loop = builder.loop;
        perRing = builder.perRing;
        forward = builder.forward;
        driverName = builder.driverName;
        driver = builder.driver;
        rxRings = builder.rxRings;
        txRings = builder.txRings;
        rxSlots = builder.rxSlots;
        txSlots = builder.txSlots;
        extraBuffers = builder.extraBuffers;
        settings = builder.settings;
        whenOpened = builder.whenOpened;
    }

    /**
     * The defaults: a loop of its own for all rings, driver {@link #AUTO}, the driver's ring numbers and sizes, one
     * extra buffer for each RX slot.
     *
     * @return the options
     */
    public static PortOptions defaults() {
        return builder().build();
    }

    /**
     * A builder that starts from the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts from these options.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        final Builder builder = new Builder();
        builder.loop = loop;
        builder.perRing = perRing;
        builder.forward = forward;
        builder.driverName = driverName;
        builder.driver = driver;
        builder.rxRings = rxRings;
        builder.txRings = txRings;
        builder.rxSlots = rxSlots;
        builder.txSlots = txSlots;
        builder.extraBuffers = extraBuffers;
        builder.settings = settings;
        builder.whenOpened = whenOpened;
        return builder;
    }

    /**
     * The loop to serve the port.
     *
     * @return null: the port makes its own, and ends it when it closes
     */
    public @Nullable NetmapLoop loop() {
        return loop;
    }

    /**
     * Whether each ring pair gets its own descriptor and loop.
     *
     * @return false: one descriptor and one loop serve all rings
     */
    public boolean perRing() {
        return perRing;
    }

    /**
     * Whether released packets go on between a network interface and its host.
     *
     * @return false: netmap keeps what it is given
     */
    public boolean forward() {
        return forward;
    }

    /**
     * The driver's name.
     *
     * @return {@link #AUTO}, {@code kernel}, {@code embedded} or another that is on the class path
     */
    public String driverName() {
        return driverName;
    }

    /**
     * A driver given as an object.
     *
     * @return null: {@link #driverName()} counts
     */
    public @Nullable NetmapDriver driver() {
        return driver;
    }

    /**
     * RX rings wanted of a port that is created by opening it.
     *
     * @return 0: the driver's default
     */
    public int rxRings() {
        return rxRings;
    }

    /**
     * TX rings wanted of a port that is created by opening it.
     *
     * @return 0: the driver's default
     */
    public int txRings() {
        return txRings;
    }

    /**
     * Slots wanted of each RX ring.
     *
     * @return 0: the driver's default
     */
    public int rxSlots() {
        return rxSlots;
    }

    /**
     * Slots wanted of each TX ring.
     *
     * @return 0: the driver's default
     */
    public int txSlots() {
        return txSlots;
    }

    /**
     * Extra buffers wanted for packets that are held.
     *
     * @return -1: one for each RX slot
     */
    public int extraBuffers() {
        return extraBuffers;
    }

    FlowSettings settings() {
        return settings;
    }

    /** Told of every port that is opened with these options, taps included. */
    Consumer<NetmapPort> whenOpened() {
        return whenOpened;
    }

    /** Builds {@link PortOptions}. Not thread-safe. */
    public static final class Builder {
        private @Nullable NetmapLoop loop;
        private boolean perRing;
        private boolean forward;
        private String driverName = AUTO;
        private @Nullable NetmapDriver driver;
        private int rxRings;
        private int txRings;
        private int rxSlots;
        private int txSlots;
        private int extraBuffers = -1;
        private FlowSettings settings = FlowSettings.defaults();
        private Consumer<NetmapPort> whenOpened = port -> {};

        private Builder() {}

        /**
         * Serves the port by this loop, which other ports may share; it lives on when the port closes.
         *
         * @param shared the loop
         * @return this
         */
        public Builder loop(final NetmapLoop shared) {
            loop = Objects.requireNonNull(shared, "loop");
            return this;
        }

        /**
         * Gives each ring pair its own descriptor and loop, so that rings run in parallel.
         *
         * @param each true for a loop for each ring
         * @return this
         */
        public Builder perRing(final boolean each) {
            perRing = each;
            return this;
        }

        /**
         * Keeps a network interface working for its host while a pipeline looks on: each packet goes on when it is
         * released, from the wire up to the host, from the host down to the wire, without a copy of ours
         * ({@code NR_FORWARD}, {@code NS_FORWARD}). {@link org.reactornetmap.packet.Packet#direction()} tells which way.
         *
         * <ul>
         *   <li>The spec must bind all rings of NIC and host: {@code netmap:eth0*}, on one descriptor, not {@code perRing}.
         *   <li>What a send took does not go on; if somebody else retained it, the send has a copy, and it does.
         *   <li>A ring without a subscriber passes everything on unseen. A subscriber without demand stops it, and what he
         *       holds stays in its slot: {@code RxOptions.Hold.IN_PLACE} is the default here, and the only way.
         *   <li>Nothing that the host sends is lost for want of room in the NIC's TX rings: it waits.
         *   <li>netmap forwards frames of one slot. Longer ones are received but not passed on, and warned of once.
         * </ul>
         *
         * @param on true to forward
         * @return this
         */
        public Builder forward(final boolean on) {
            forward = on;
            return this;
        }

        /**
         * Chooses the driver by name.
         *
         * @param name {@link #AUTO}, {@code kernel}, {@code embedded} or another that is on the class path
         * @return this
         */
        public Builder driver(final String name) {
            driverName = Objects.requireNonNull(name, "driver");
            driver = null;
            return this;
        }

        /**
         * Chooses the driver.
         *
         * @param instance the driver
         * @return this
         */
        public Builder driver(final NetmapDriver instance) {
            driver = Objects.requireNonNull(instance, "driver");
            return this;
        }

        /**
         * Sets the RX rings wanted of a port that is created by opening it, such as a pipe.
         *
         * @param rings 1..256
         * @return this
         */
        public Builder rxRings(final int rings) {
            rxRings = checked("rxRings", rings, 1, 256);
            return this;
        }

        /**
         * Sets the TX rings wanted of a port that is created by opening it.
         *
         * @param rings 1..256
         * @return this
         */
        public Builder txRings(final int rings) {
            txRings = checked("txRings", rings, 1, 256);
            return this;
        }

        /**
         * Sets RX and TX rings.
         *
         * @param rings 1..256
         * @return this
         */
        public Builder rings(final int rings) {
            return rxRings(rings).txRings(rings);
        }

        /**
         * Sets the slots wanted of each RX ring of a port that is created by opening it.
         *
         * @param slots 2..65536
         * @return this
         */
        public Builder rxSlots(final int slots) {
            rxSlots = checked("rxSlots", slots, 2, 1 << 16);
            return this;
        }

        /**
         * Sets the slots wanted of each TX ring of a port that is created by opening it.
         *
         * @param slots 2..65536
         * @return this
         */
        public Builder txSlots(final int slots) {
            txSlots = checked("txSlots", slots, 2, 1 << 16);
            return this;
        }

        /**
         * Sets RX and TX slots.
         *
         * @param slots 2..65536
         * @return this
         */
        public Builder slots(final int slots) {
            return rxSlots(slots).txSlots(slots);
        }

        /**
         * Sets the extra buffers wanted for packets that are held; the grant may be smaller.
         *
         * @param buffers 0..2^24
         * @return this
         */
        public Builder extraBuffers(final int buffers) {
            extraBuffers = checked("extraBuffers", buffers, 0, 1 << 24);
            return this;
        }

        Builder settings(final FlowSettings flowSettings) {
            settings = flowSettings;
            return this;
        }

        Builder whenOpened(final Consumer<NetmapPort> listener) {
            whenOpened = listener;
            return this;
        }

        private static int checked(final String name, final int value, final int min, final int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " is " + value + ": expected " + min + ".." + max);
            }
            return value;
        }

        /**
         * Makes the options.
         *
         * @return the options
         * @throws IllegalArgumentException if a loop is given for rings that shall have their own, or rings that forward
         *     to each other shall
         */
        public PortOptions build() {
            if (perRing && loop != null) {
                throw new IllegalArgumentException(
                        "perRing gives each ring its own loop: leave out loop(...), or open the port without perRing");
            }
            if (perRing && forward) {
                throw new IllegalArgumentException("forward needs all rings of NIC and host on one descriptor, because"
                        + " netmap moves packets between them: leave out perRing");
            }
            return new PortOptions(this);
        }
    }
}
