/** The shared memory as netmap lays it out: offsets and flags, region, ring and slot views, and ring arithmetic. */
@NullMarked
package org.reactornetmap.ring;

import org.jspecify.annotations.NullMarked;
