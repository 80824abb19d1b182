package org.reactornetmap.model;

import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/** A descriptor that a run may open: what it asks for never changes, so that a run's operations can be left out. */
record Candidate(int number, OpenRequest request) {
    PortSpec spec() {
        return request.spec();
    }

    /** Whether it opens a copy monitor of the port that it names. */
    boolean isMonitor() {
        return has(RegisterFlag.MONITOR_TX) || has(RegisterFlag.MONITOR_RX);
    }

    /** The switch that its name begins with; empty if it is none of a switch's ports. */
    String switchName() {
        return spec().isVale()
                ? spec().portName().substring(0, spec().portName().indexOf(':'))
                : "";
    }

    /** Whether it opens a persistent port by its own name. */
    boolean isInterface() {
        return spec().mode() != RegisterMode.NULL && !spec().isPipe() && !spec().isVale();
    }

    /** Its name without the switch's. */
    String interfaceName() {
        return spec().portName().substring(spec().portName().indexOf(':') + 1);
    }

    boolean has(final RegisterFlag flag) {
        return spec().flags().contains(flag);
    }

    boolean isExclusive() {
        return has(RegisterFlag.EXCLUSIVE);
    }

    /** The rings bound of {@code own} that there are, if there are {@code other} in the other direction. */
    int[] bound(final boolean rx, final int own, final int other) {
        if (has(rx ? RegisterFlag.TX_RINGS_ONLY : RegisterFlag.RX_RINGS_ONLY)) {
            return new int[0];
        }
        if (spec().mode() == RegisterMode.ONE_NIC) {
            final int id = spec().ringId();
            return new int[] {id < own || id >= other ? id : 0};
        }
        final int[] all = new int[own];
        for (int i = 0; i < own; i++) {
            all[i] = i;
        }
        return all;
    }

    @Override
    public String toString() {
        return "d" + number + " = open(" + spec() + ", tx " + request.txRings() + "x" + request.txSlots() + ", rx "
                + request.rxRings() + "x" + request.rxSlots() + ", extra " + request.extraBuffers() + ", "
                + request.moreFlags() + ")";
    }
}
