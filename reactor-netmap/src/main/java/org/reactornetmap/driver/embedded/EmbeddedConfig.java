package org.reactornetmap.driver.embedded;

import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How large an embedded netmap is and how it behaves: what module parameters and sysctls are to the kernel's.
 * Immutable; any thread.
 */
public final class EmbeddedConfig {
    private static final EmbeddedConfig DEFAULTS = builder().build();

    private final int buffers;
    private final int bufSize;
    private final int interfaces;
    private final int rings;
    private final int defaultRings;
    private final int defaultSlots;
    private final Strictness strictness;
    private final LongSupplier clock;

    private EmbeddedConfig(final Builder builder) {
        this.buffers = builder.buffers;
        this.bufSize = builder.bufSize;
        this.interfaces = builder.interfaces;
        this.rings = builder.rings;
        this.defaultRings = builder.defaultRings;
        this.defaultSlots = builder.defaultSlots;
        this.strictness = builder.strictness;
        this.clock = builder.clock;
    }

    /**
     * Every default.
     *
     * @return 32,768 buffers of 2,048 bytes, one ring of 1,024 slots each way, strict
     */
    public static EmbeddedConfig defaults() {
        return DEFAULTS;
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts from this configuration.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Buffers of the region, as {@code buf_num}; the two reserved ones included.
     *
     * @return 3..8,388,608
     */
    public int buffers() {
        return buffers;
    }

    /**
     * Size of a buffer, as {@code buf_size}.
     *
     * @return bytes, 64..65,472, a multiple of 64
     */
    public int bufSize() {
        return bufSize;
    }

    /**
     * Descriptors that can be open at a time, as {@code if_num}.
     *
     * @return 1..65,536
     */
    public int interfaces() {
        return interfaces;
    }

    /**
     * Rings that can exist at a time, as {@code ring_num}. Memory is taken only for those that do.
     *
     * @return 1..65,536
     */
    public int rings() {
        return rings;
    }

    /**
     * Rings in each direction of a port made without saying how many.
     *
     * @return 1..256
     */
    public int defaultRings() {
        return defaultRings;
    }

    /**
     * Slots of a ring made without saying how many.
     *
     * @return 2..4,096
     */
    public int defaultSlots() {
        return defaultSlots;
    }

    /**
     * What happens at an illegal head or cur.
     *
     * @return strict unless said otherwise
     */
    public Strictness strictness() {
        return strictness;
    }

    /**
     * The clock of the rings' time stamps. Called once for each RX sync, on any thread.
     *
     * @return nanoseconds since 1970
     */
    public LongSupplier clock() {
        return clock;
    }

    /** Builds an {@link EmbeddedConfig}. Not thread-safe. */
    public static final class Builder {
        private int buffers = 32_768;
        private int bufSize = 2_048;
        private int interfaces = 1_024;
        private int rings = 4_096;
        private int defaultRings = 1;
        private int defaultSlots = 1_024;
        private Strictness strictness = Strictness.STRICT;
        private LongSupplier clock = new RealTimeClock();

        private Builder() {}

        private Builder(final EmbeddedConfig from) {
            this.buffers = from.buffers;
            this.bufSize = from.bufSize;
            this.interfaces = from.interfaces;
            this.rings = from.rings;
            this.defaultRings = from.defaultRings;
            this.defaultSlots = from.defaultSlots;
            this.strictness = from.strictness;
            this.clock = from.clock;
        }

        /**
         * Sets {@link EmbeddedConfig#buffers()}.
         *
         * @param count 3..8,388,608
         * @return this
         */
        public Builder buffers(final int count) {
            this.buffers = check("buffers", count, 3, 1 << 23);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#bufSize()}.
         *
         * @param bytes 64..65,472, a multiple of 64
         * @return this
         */
        public Builder bufSize(final int bytes) {
            if (bytes % 64 != 0) {
                throw new IllegalArgumentException("bufSize is " + bytes + ": expected a multiple of 64");
            }
            this.bufSize = check("bufSize", bytes, 64, 65_472);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#interfaces()}.
         *
         * @param count 1..65,536
         * @return this
         */
        public Builder interfaces(final int count) {
            this.interfaces = check("interfaces", count, 1, 1 << 16);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#rings()}.
         *
         * @param count 1..65,536
         * @return this
         */
        public Builder rings(final int count) {
            this.rings = check("rings", count, 1, 1 << 16);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#defaultRings()}.
         *
         * @param count 1..256
         * @return this
         */
        public Builder defaultRings(final int count) {
            this.defaultRings = check("defaultRings", count, 1, Pipe.MAX_RINGS);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#defaultSlots()}.
         *
         * @param count 2..4,096, not necessarily a power of two
         * @return this
         */
        public Builder defaultSlots(final int count) {
            this.defaultSlots = check("defaultSlots", count, 2, Pipe.MAX_SLOTS);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#strictness()}.
         *
         * @param mode what to do
         * @return this
         */
        public Builder strictness(final Strictness mode) {
            this.strictness = Objects.requireNonNull(mode, "strictness");
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#clock()}.
         *
         * @param nanosSince1970 safe to call on any thread, must not block
         * @return this
         */
        public Builder clock(final LongSupplier nanosSince1970) {
            this.clock = Objects.requireNonNull(nanosSince1970, "clock");
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return what was set, the defaults elsewhere
         */
        public EmbeddedConfig build() {
            return new EmbeddedConfig(this);
        }

        private static int check(final String name, final int value, final int min, final int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " is " + value + ": expected " + min + ".." + max);
            }
            return value;
        }
    }
}
