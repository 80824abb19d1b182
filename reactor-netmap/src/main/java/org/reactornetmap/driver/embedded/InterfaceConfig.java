package org.reactornetmap.driver.embedded;

/** What an {@link EmbeddedInterface} is like. Immutable; any thread. */
public final class InterfaceConfig {
    private static final InterfaceConfig DEFAULTS = builder().build();

    private final Geometry geometry;
    private final int mtu;
    private final int rxBufSize;
    private final int queueFrames;

    private InterfaceConfig(final Builder builder) {
        this.geometry = new Geometry(builder.txRings, builder.rxRings, builder.txSlots, builder.rxSlots);
        this.mtu = builder.mtu;
        this.rxBufSize = builder.rxBufSize;
        this.queueFrames = builder.queueFrames;
    }

    /**
     * Every default.
     *
     * @return one ring of 1,024 slots each way, an MTU of 1,500 bytes
     */
    public static InterfaceConfig defaults() {
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

    Geometry geometry() {
        return geometry;
    }

    /**
     * TX rings of the NIC.
     *
     * @return 1..256
     */
    public int txRings() {
        return geometry.txRings();
    }

    /**
     * RX rings of the NIC.
     *
     * @return 1..256
     */
    public int rxRings() {
        return geometry.rxRings();
    }

    /**
     * Slots of each TX ring, the host's included.
     *
     * @return 2..4,096
     */
    public int txSlots() {
        return geometry.txSlots();
    }

    /**
     * Slots of each RX ring, the host's included.
     *
     * @return 2..4,096
     */
    public int rxSlots() {
        return geometry.rxSlots();
    }

    /**
     * Longest payload of a frame; the frame itself may be 18 bytes longer (addresses, VLAN tag and type). What comes from
     * the wire and is longer still is dropped, as by a NIC.
     *
     * @return bytes, 68..65,000
     */
    public int mtu() {
        return mtu;
    }

    /**
     * What the NIC writes into one buffer, as {@code rx_buf_maxsize}: a longer frame takes several slots with
     * {@code NS_MOREFRAG}. Netmap's buffers must be as large, unless the MTU is smaller, which they must hold then.
     *
     * @return bytes, 64..65,472
     */
    public int rxBufSize() {
        return rxBufSize;
    }

    /**
     * Frames that wait on the wire for a test to take them, and as many that wait in the host stack.
     *
     * @return 1..65,536
     */
    public int queueFrames() {
        return queueFrames;
    }

    /** Builds an {@link InterfaceConfig}. Not thread-safe. */
    public static final class Builder {
        private int txRings = 1;
        private int rxRings = 1;
        private int txSlots = 1_024;
        private int rxSlots = 1_024;
        private int mtu = 1_500;
        private int rxBufSize = 2_048;
        private int queueFrames = 4_096;

        private Builder() {}

        /**
         * Sets both {@link InterfaceConfig#txRings()} and {@link InterfaceConfig#rxRings()}.
         *
         * @param count 1..256
         * @return this
         */
        public Builder rings(final int count) {
            return rings(count, count);
        }

        /**
         * Sets {@link InterfaceConfig#txRings()} and {@link InterfaceConfig#rxRings()}.
         *
         * @param tx 1..256
         * @param rx 1..256
         * @return this
         */
        public Builder rings(final int tx, final int rx) {
            this.txRings = check("tx", tx, 1, 256);
            this.rxRings = check("rx", rx, 1, 256);
            return this;
        }

        /**
         * Sets both {@link InterfaceConfig#txSlots()} and {@link InterfaceConfig#rxSlots()}.
         *
         * @param count 2..4,096
         * @return this
         */
        public Builder slots(final int count) {
            return slots(count, count);
        }

        /**
         * Sets {@link InterfaceConfig#txSlots()} and {@link InterfaceConfig#rxSlots()}.
         *
         * @param tx 2..4,096
         * @param rx 2..4,096
         * @return this
         */
        public Builder slots(final int tx, final int rx) {
            this.txSlots = check("tx", tx, 2, 4_096);
            this.rxSlots = check("rx", rx, 2, 4_096);
            return this;
        }

        /**
         * Sets {@link InterfaceConfig#mtu()}.
         *
         * @param bytes 68..65,000
         * @return this
         */
        public Builder mtu(final int bytes) {
            this.mtu = check("mtu", bytes, 68, 65_000);
            return this;
        }

        /**
         * Sets {@link InterfaceConfig#rxBufSize()}.
         *
         * @param bytes 64..65,472
         * @return this
         */
        public Builder rxBufSize(final int bytes) {
            this.rxBufSize = check("rxBufSize", bytes, 64, 65_472);
            return this;
        }

        /**
         * Sets {@link InterfaceConfig#queueFrames()}.
         *
         * @param frames 1..65,536
         * @return this
         */
        public Builder queueFrames(final int frames) {
            this.queueFrames = check("queueFrames", frames, 1, 65_536);
            return this;
        }

        private static int check(final String name, final int value, final int least, final int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " is " + value + ": expected " + least + ".." + most);
            }
            return value;
        }

        /**
         * Makes the configuration.
         *
         * @return it
         */
        public InterfaceConfig build() {
            return new InterfaceConfig(this);
        }
    }
}
