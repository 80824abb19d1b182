package org.reactornetmap.flow;

/**
 * How a subscription to RX rings treats packets that are held. Immutable; any thread.
 *
 * @see #hold()
 */
public final class RxOptions {
    private static final RxOptions DEFAULTS = builder().build();

    private final Hold hold;

    private RxOptions(final Builder builder) {
        hold = builder.hold;
    }

    /** What happens to the slot of a packet that is not released at once. */
    public enum Hold {
        /** The ring's head stops at the oldest packet that is not released. Needs no extra buffers. */
        IN_PLACE,
        /**
         * When a held packet would stop the ring, or is retained, its slot gets a spare buffer and the packet keeps its
         * own. The default.
         */
        SWAP_WHEN_BLOCKING,
        /** Every packet's slot gets a spare at emission, while spares last. */
        SWAP_ALWAYS
    }

    /**
     * The defaults: {@link Hold#SWAP_WHEN_BLOCKING}.
     *
     * @return the options
     */
    public static RxOptions defaults() {
        return DEFAULTS;
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
     * What happens to the slot of a held packet.
     *
     * @return the mode
     */
    public Hold hold() {
        return hold;
    }

    @Override
    public String toString() {
        return "RxOptions(hold " + hold + ")";
    }

    /** Builds {@link RxOptions}. Not thread-safe. */
    public static final class Builder {
        private Hold hold = Hold.SWAP_WHEN_BLOCKING;

        private Builder() {}

        /**
         * Sets what happens to the slot of a held packet.
         *
         * @param mode the mode
         * @return this
         */
        public Builder hold(final Hold mode) {
            hold = java.util.Objects.requireNonNull(mode, "hold");
            return this;
        }

        /**
         * Makes the options.
         *
         * @return the options
         */
        public RxOptions build() {
            return new RxOptions(this);
        }
    }
}
