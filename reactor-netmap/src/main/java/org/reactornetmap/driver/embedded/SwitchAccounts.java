package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The counters of every port that was in a switch, by its name, so that an account can be drawn when the ports are gone.
 * Far more names are remembered than ports can be in switches; the oldest of those that are in none is forgotten. Any
 * thread.
 */
final class SwitchAccounts {
    static final int MAX_NAMES = 4_096;

    private final Map<String, SwitchCounters> byPort = new LinkedHashMap<>();

    /** The counters of all ports of one name. */
    synchronized SwitchCounters of(final String port) {
        final SwitchCounters found = byPort.get(port);
        if (found != null) {
            return found;
        }
        if (byPort.size() >= MAX_NAMES) {
            forgetOldest();
        }
        final SwitchCounters made = new SwitchCounters();
        byPort.put(port, made);
        return made;
    }

    private void forgetOldest() {
        for (final Iterator<SwitchCounters> all = byPort.values().iterator(); all.hasNext(); ) {
            if (!all.next().isInSwitch()) {
                all.remove();
                return;
            }
        }
    }

    /** In the order in which the names were first used. */
    synchronized List<SwitchStatistics> statistics() {
        final List<SwitchStatistics> all = new ArrayList<>(byPort.size());
        byPort.forEach((port, counted) -> all.add(counted.snapshot(port)));
        return all;
    }
}
