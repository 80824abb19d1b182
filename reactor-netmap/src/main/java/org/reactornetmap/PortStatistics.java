package org.reactornetmap;

import java.util.List;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.TxStatistics;

/**
 * Counters of a port.
 *
 * @param port its name
 * @param rx one entry for each RX ring
 * @param tx one entry for each TX ring
 */
public record PortStatistics(String port, List<RxStatistics> rx, List<TxStatistics> tx) {
    /**
     * Packets received.
     *
     * @return over all rings
     */
    public long received() {
        return rx.stream().mapToLong(RxStatistics::received).sum();
    }

    /**
     * Packets put into slots.
     *
     * @return over all rings
     */
    public long sent() {
        return tx.stream().mapToLong(TxStatistics::sent).sum();
    }

    /**
     * Packets emitted and not yet back.
     *
     * @return over all rings
     */
    public long held() {
        return rx.stream().mapToLong(RxStatistics::held).sum();
    }
}
