package org.reactornetmap.flow;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a send batches, rejects and ends. Immutable; any thread. */
public final class TxOptions {
    private static final TxOptions DEFAULTS = builder().build();

    private final int batch;
    private final Duration linger;
    private final Oversize oversize;
    private final @Nullable Duration drain;

    private TxOptions(final Builder builder) {
        batch = builder.batch;
        linger = builder.linger;
        oversize = builder.oversize;
        drain = builder.drain;
    }

    /** What happens to a frame that is empty, or too long for the ring. It is never cut. */
    public enum Oversize {
        /** It is released and counted as rejected. The default. */
        REJECT,
        /** The send fails with {@link FrameRejectedException}. */
        FAIL
    }

    /**
     * The defaults: batch 256, no linger, {@link Oversize#REJECT}, drain by kind of port.
     *
     * @return the options
     */
    public static TxOptions defaults() {
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
     * Packets per {@code NIOCTXSYNC}.
     *
     * @return at least 1; a burst's end syncs fewer
     */
    public int batch() {
        return batch;
    }

    /**
     * How long packets may wait for their batch to fill.
     *
     * @return zero: until the burst ends
     */
    public Duration linger() {
        return linger;
    }

    /**
     * What happens to an empty or oversize frame.
     *
     * @return the policy
     */
    public Oversize oversize() {
        return oversize;
    }

    /**
     * How long completion waits until the ring's tail has confirmed every packet.
     *
     * @return null: none on pipes, where tail tells what the reader released; 1 s elsewhere
     */
    public @Nullable Duration drain() {
        return drain;
    }

    /** Builds {@link TxOptions}. Not thread-safe. */
    public static final class Builder {
        private int batch = 256;
        private Duration linger = Duration.ZERO;
        private Oversize oversize = Oversize.REJECT;
        private @Nullable Duration drain;

        private Builder() {}

        /**
         * Sets the packets per {@code NIOCTXSYNC}.
         *
         * @param packets 1..65536
         * @return this
         */
        public Builder batch(final int packets) {
            if (packets < 1 || packets > (1 << 16)) {
                throw new IllegalArgumentException("batch is " + packets + ": expected 1..65536");
            }
            batch = packets;
            return this;
        }

        /**
         * Sets how long packets may wait for their batch to fill.
         *
         * @param time zero (until the burst ends) up to one minute
         * @return this
         */
        public Builder linger(final Duration time) {
            linger = checked("linger", time);
            return this;
        }

        /**
         * Sets what happens to an empty or oversize frame.
         *
         * @param policy the policy
         * @return this
         */
        public Builder oversize(final Oversize policy) {
            oversize = Objects.requireNonNull(policy, "oversize");
            return this;
        }

        /**
         * Sets how long completion waits until the ring's tail has confirmed every packet.
         *
         * @param time zero (does not wait) up to one minute
         * @return this
         */
        public Builder drain(final Duration time) {
            drain = checked("drain", time);
            return this;
        }

        private static Duration checked(final String name, final Duration time) {
            if (time.isNegative() || time.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException(name + " is " + time + ": expected zero up to one minute");
            }
            return time;
        }

        /**
         * Makes the options.
         *
         * @return the options
         */
        public TxOptions build() {
            return new TxOptions(this);
        }
    }
}
