package org.reactornetmap.driver;

import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.Region;

/**
 * One open descriptor, registered and mapped. Its rings and syncs belong to one thread at a time; only
 * {@link #close()} may be called by another, when that thread has stopped using it.
 */
public interface DriverPort extends AutoCloseable {
    /**
     * The driver that opened it.
     *
     * @return the driver
     */
    NetmapDriver driver();

    /**
     * The port's name as netmap has it.
     *
     * @return {@code nr_name}, such as <code>x{1</code>
     */
    String name();

    /**
     * The memory in which rings and buffers live.
     *
     * @return the region
     */
    Region region();

    /**
     * The rings this descriptor is bound to.
     *
     * @return a view of the {@code netmap_if}; {@code ni_bufs_head} heads the granted extra buffers
     */
    NetmapIf netmapIf();

    /**
     * Extra buffers granted.
     *
     * @return at most the number asked for
     */
    int extraBuffers();

    /**
     * The port's TX rings, whether or not this descriptor is bound to them.
     *
     * @return the number of NIC TX rings
     */
    int portTxRings();

    /**
     * The port's RX rings, whether or not this descriptor is bound to them.
     *
     * @return the number of NIC RX rings
     */
    int portRxRings();

    /**
     * Whether the interface has a link: before it has one, what is sent waits or is lost. Any thread; does not block.
     *
     * @return true for ports that have no cable: pipes, ports of a switch, null ports
     * @throws NetmapException if the interface has vanished
     */
    default boolean isLinkUp() {
        return true;
    }

    /**
     * {@code NIOCTXSYNC}: hands all TX slots up to head to the kernel and updates tail of every bound TX ring.
     *
     * @throws NetmapException if the sync fails, such as {@code EIO} or a vanished interface
     * @throws org.reactornetmap.ring.RingStateException if a pointer is illegal and the driver is strict
     */
    void txSync();

    /**
     * {@code NIOCRXSYNC}: returns all RX slots before head to the kernel and updates tail of every bound RX ring.
     *
     * @throws NetmapException if the sync fails
     * @throws org.reactornetmap.ring.RingStateException if a pointer is illegal and the driver is strict
     */
    void rxSync();

    /**
     * Closes the descriptor. The memory stays readable and writable for as long as a view of it is reachable, but is no
     * longer shared. Idempotent.
     */
    @Override
    void close();
}
