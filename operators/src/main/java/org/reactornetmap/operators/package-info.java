/** Operators on packet streams: filter, fan-out and flow hashing. */
@NullMarked
package org.reactornetmap.operators;

import org.jspecify.annotations.NullMarked;
