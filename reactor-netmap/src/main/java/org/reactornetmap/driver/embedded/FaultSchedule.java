package org.reactornetmap.driver.embedded;

/**
 * When a fault strikes.
 *
 * @param after occasions that it lets pass first
 * @param probability of striking at an occasion
 * @param times how often it strikes at most, -1 for no limit
 * @param durationNs how long after its first stroke, -1 for no limit
 */
record FaultSchedule(long after, double probability, long times, long durationNs) {
    static final FaultSchedule ALWAYS = new FaultSchedule(0, 1, -1, -1);

    FaultSchedule withAfter(final long occasions) {
        return new FaultSchedule(occasions, probability, times, durationNs);
    }

    FaultSchedule withProbability(final double chance) {
        return new FaultSchedule(after, chance, times, durationNs);
    }

    FaultSchedule withTimes(final long most) {
        return new FaultSchedule(after, probability, most, durationNs);
    }

    FaultSchedule withDuration(final long nanos) {
        return new FaultSchedule(after, probability, times, nanos);
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        if (times < 0 && durationNs < 0) {
            text.append("always");
        } else if (times >= 0) {
            text.append(times).append(" times");
        } else {
            text.append("for ").append(durationNs).append(" ns");
        }
        if (after > 0) {
            text.append(" after ").append(after);
        }
        if (probability < 1) {
            text.append(" with probability ").append(probability);
        }
        return text.toString();
    }
}
