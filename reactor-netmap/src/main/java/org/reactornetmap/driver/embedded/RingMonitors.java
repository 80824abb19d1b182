package org.reactornetmap.driver.embedded;

/** The monitors of one ring, which see what it sends or receives. */
interface RingMonitors {
    /** Calls {@link KernelRing#move} and takes what there is to see before or after it. By who holds the ring. */
    void sync(KernelRing ring);

    /** Something arrived in an RX ring; its owner may not sync it for long. Any thread; must not wait for the ring. */
    void arrived(KernelRing ring);
}
