package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.reactornetmap.ring.NetmapRing;

/**
 * A ring in the region's memory.
 *
 * @param offset where it is
 * @param memory its bytes
 * @param ring the kernel's own view of it
 */
record RingObject(long offset, ByteBuffer memory, NetmapRing ring) {}
