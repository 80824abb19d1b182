package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The faults in force, asked at each step of a sync or a poll. Immutable; the thread that syncs or polls. */
final class ArmedFaults {
    private final List<Fault> faults;

    ArmedFaults(final Fault only) {
        this(List.of(only));
    }

    private ArmedFaults(final List<Fault> faults) {
        this.faults = faults;
    }

    ArmedFaults with(final Fault fault) {
        final List<Fault> more = new ArrayList<>(faults);
        more.add(fault);
        return new ArmedFaults(List.copyOf(more));
    }

    @Nullable
    ArmedFaults without(final Fault fault) {
        final List<Fault> rest = new ArrayList<>(faults);
        rest.remove(fault);
        return rest.isEmpty() ? null : new ArmedFaults(List.copyOf(rest));
    }

    List<Fault> list() {
        return faults;
    }

    boolean isGone(final String port) {
        for (final Fault fault : faults) {
            if (fault.kind() instanceof FaultKind.Gone && fault.isOn(port) && fault.isDue()) {
                return true;
            }
        }
        return false;
    }

    /** The fault that keeps a sync of these rings from some of them; a poll only announces it. */
    @Nullable
    Fault refusal(final String port, final KernelRing[] rings, final boolean poll) {
        for (final Fault fault : faults) {
            final boolean refuses = fault.kind() instanceof FaultKind.Fail || fault.kind() instanceof FaultKind.Gone;
            if (refuses && fault.isOn(port) && fault.isOnAnyOf(rings) && (poll ? fault.isDue() : fault.strikes())) {
                return fault;
            }
        }
        return null;
    }

    /** What may happen to a sync of this ring; null: nothing. */
    @Nullable
    FaultySync sync(final String port, final KernelRing ring) {
        List<Fault> some = null;
        for (final Fault fault : faults) {
            if (fault.isOn(port) && fault.isOn(ring)) {
                if (some == null) {
                    some = new ArrayList<>();
                }
                some.add(fault);
            }
        }
        return some == null ? null : new FaultySync(some, ring);
    }

    /** What keeps a poll from telling that this port is ready; null: nothing. */
    @Nullable
    WakeUpDelay delay(final String port, final long polls, final LongSupplier clock) {
        for (final Fault fault : faults) {
            if (fault.kind() instanceof FaultKind.Delay much && fault.isOn(port) && fault.strikes()) {
                return new WakeUpDelay(fault, much, polls, clock);
            }
        }
        return null;
    }
}
