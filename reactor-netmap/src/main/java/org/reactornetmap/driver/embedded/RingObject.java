package org.reactornetmap.driver.embedded;

import org.reactornetmap.ring.NetmapRing;

/**
 * A ring in the region's memory.
 *
 * @param offset where it is
 * @param ring the kernel's own view of it
 */
record RingObject(long offset, NetmapRing ring) {}
