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
    private final int ifSize;
    private final int rings;
    private final int ringSize;
    private final int privIfNum;
    private final int privIfSize;
    private final int privRingNum;
    private final int privRingSize;
    private final int privBufNum;
    private final int privBufSize;
    private final int defaultRings;
    private final int defaultSlots;
    private final Strictness strictness;
    private final LongSupplier clock;

    private EmbeddedConfig(final Builder builder) {
        this.buffers = PoolLayout.rounded(builder.buffers, builder.bufSize);
        this.bufSize = builder.bufSize;
        this.interfaces = PoolLayout.rounded(builder.interfaces, builder.ifSize);
        this.ifSize = builder.ifSize;
        this.rings = PoolLayout.rounded(builder.rings, builder.ringSize);
        this.ringSize = builder.ringSize;
        this.privIfNum = builder.privIfNum;
        this.privIfSize = builder.privIfSize;
        this.privRingNum = builder.privRingNum;
        this.privRingSize = builder.privRingSize;
        this.privBufNum = builder.privBufNum;
        this.privBufSize = builder.privBufSize != 0 ? builder.privBufSize : builder.bufSize;
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
     * Buffers of the global memory, as {@code buf_num}; the two reserved ones included. The default is a fifth of the
     * kernel's 163,840, because the JVM takes all of them from its direct memory at the first open.
     *
     * @return 3..1,000,064; what was set, rounded up to whole pages as netmap does
     */
    public int buffers() {
        return buffers;
    }

    /**
     * Size of a buffer of the global memory, as {@code buf_size}.
     *
     * @return bytes, 64..65,472, a multiple of 64
     */
    public int bufSize() {
        return bufSize;
    }

    /**
     * Descriptors that can be open at a time in the global memory, as {@code if_num}.
     *
     * @return 1..10,048; what was set, rounded up to whole pages as netmap does
     */
    public int interfaces() {
        return interfaces;
    }

    /**
     * Room for one descriptor's {@code netmap_if}, as {@code if_size}: 56 bytes and 8 for each ring of its port, host
     * rings included.
     *
     * @return bytes, 64..4,096, a multiple of 64
     */
    public int ifSize() {
        return ifSize;
    }

    /**
     * Rings that can exist at a time in the global memory, as {@code ring_num}. Memory is taken only for those that do.
     *
     * @return 1..1,088; what was set, rounded up to whole pages as netmap does
     */
    public int rings() {
        return rings;
    }

    /**
     * Room for one ring, as {@code ring_size}: 256 bytes and 16 for each slot.
     *
     * @return bytes, 256..131,072, a multiple of 64, beyond 65,536 one of 128
     */
    public int ringSize() {
        return ringSize;
    }

    /**
     * Descriptors of a private memory, as {@code priv_if_num}: what a VALE port, a copy monitor or the parent of a pipe
     * has at least. Each private memory grows to fit the request that makes it; so do the other five.
     *
     * @return 1..100
     */
    public int privIfNum() {
        return privIfNum;
    }

    /**
     * As {@link #ifSize()} for private memories: {@code priv_if_size}.
     *
     * @return bytes, 64..4,096, a multiple of 64
     */
    public int privIfSize() {
        return privIfSize;
    }

    /**
     * Rings of a private memory, as {@code priv_ring_num}.
     *
     * @return 1..1,024
     */
    public int privRingNum() {
        return privRingNum;
    }

    /**
     * As {@link #ringSize()} for private memories: {@code priv_ring_size}.
     *
     * @return bytes, 256..131,072, a multiple of 64, beyond 65,536 one of 128
     */
    public int privRingSize() {
        return privRingSize;
    }

    /**
     * Buffers of a private memory, as {@code priv_buf_num}; the two reserved ones included.
     *
     * @return 3..1,000,000
     */
    public int privBufNum() {
        return privBufNum;
    }

    /**
     * Size of a buffer of a private memory, as {@code priv_buf_size}; that of the global memory unless set.
     *
     * @return bytes, 64..65,472, a multiple of 64
     */
    public int privBufSize() {
        return privBufSize;
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
        private int interfaces = 100;
        private int ifSize = 1_024;
        private int rings = 200;
        private int ringSize = 9 * PoolLayout.PAGE;
        private int privIfNum = 2;
        private int privIfSize = 1_024;
        private int privRingNum = 4;
        private int privRingSize = 5 * PoolLayout.PAGE;
        private int privBufNum = 4_098;
        private int privBufSize;
        private int defaultRings = 1;
        private int defaultSlots = 1_024;
        private Strictness strictness = Strictness.STRICT;
        private LongSupplier clock = new RealTimeClock();

        private Builder() {}

        private Builder(final EmbeddedConfig from) {
            this.buffers = from.buffers;
            this.bufSize = from.bufSize;
            this.interfaces = from.interfaces;
            this.ifSize = from.ifSize;
            this.rings = from.rings;
            this.ringSize = from.ringSize;
            this.privIfNum = from.privIfNum;
            this.privIfSize = from.privIfSize;
            this.privRingNum = from.privRingNum;
            this.privRingSize = from.privRingSize;
            this.privBufNum = from.privBufNum;
            this.privBufSize = from.privBufSize == from.bufSize ? 0 : from.privBufSize;
            this.defaultRings = from.defaultRings;
            this.defaultSlots = from.defaultSlots;
            this.strictness = from.strictness;
            this.clock = from.clock;
        }

        /**
         * Sets {@link EmbeddedConfig#buffers()}.
         *
         * @param count 3..1,000,000
         * @return this
         */
        public Builder buffers(final int count) {
            this.buffers = check("buffers", count, 3, 1_000_000);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#bufSize()}.
         *
         * @param bytes 64..65,472, a multiple of 64
         * @return this
         */
        public Builder bufSize(final int bytes) {
            this.bufSize = checkSize("bufSize", bytes, 64, 65_472);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#interfaces()}.
         *
         * @param count 1..10,000
         * @return this
         */
        public Builder interfaces(final int count) {
            this.interfaces = check("interfaces", count, 1, 10_000);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#ifSize()}.
         *
         * @param bytes 64..4,096, a multiple of 64
         * @return this
         */
        public Builder ifSize(final int bytes) {
            this.ifSize = checkSize("ifSize", bytes, 64, 4_096);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#rings()}.
         *
         * @param count 1..1,024
         * @return this
         */
        public Builder rings(final int count) {
            this.rings = check("rings", count, 1, 1_024);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#ringSize()}.
         *
         * @param bytes 256..131,072, a multiple of 64, beyond 65,536 one of 128
         * @return this
         */
        public Builder ringSize(final int bytes) {
            this.ringSize = checkSize("ringSize", bytes, 256, 131_072);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#privIfNum()}.
         *
         * @param count 1..100
         * @return this
         */
        public Builder privIfNum(final int count) {
            this.privIfNum = check("privIfNum", count, 1, 100);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#privIfSize()}.
         *
         * @param bytes 64..4,096, a multiple of 64
         * @return this
         */
        public Builder privIfSize(final int bytes) {
            this.privIfSize = checkSize("privIfSize", bytes, 64, 4_096);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#privRingNum()}.
         *
         * @param count 1..1,024
         * @return this
         */
        public Builder privRingNum(final int count) {
            this.privRingNum = check("privRingNum", count, 1, 1_024);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#privRingSize()}.
         *
         * @param bytes 256..131,072, a multiple of 64, beyond 65,536 one of 128
         * @return this
         */
        public Builder privRingSize(final int bytes) {
            this.privRingSize = checkSize("privRingSize", bytes, 256, 131_072);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#privBufNum()}.
         *
         * @param count 3..1,000,000
         * @return this
         */
        public Builder privBufNum(final int count) {
            this.privBufNum = check("privBufNum", count, 3, 1_000_000);
            return this;
        }

        /**
         * Sets {@link EmbeddedConfig#privBufSize()}.
         *
         * @param bytes 64..65,472, a multiple of 64
         * @return this
         */
        public Builder privBufSize(final int bytes) {
            this.privBufSize = checkSize("privBufSize", bytes, 64, 65_472);
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

        private static int checkSize(final String name, final int bytes, final int min, final int max) {
            if (bytes % 64 != 0 || !PoolLayout.hasClusters(bytes)) {
                throw new IllegalArgumentException(
                        name + " is " + bytes + ": expected a multiple of 64, beyond 65,536 one of 128");
            }
            return check(name, bytes, min, max);
        }

        private static int check(final String name, final int value, final int min, final int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " is " + value + ": expected " + min + ".." + max);
            }
            return value;
        }
    }
}
