/** Rings as streams: the loop, the ring's publisher and subscriber, and the options and reports of both. */
@NullMarked
package org.reactornetmap.flow;

import org.jspecify.annotations.NullMarked;
