/** Filters of packets and frames: the tcpdump language or typed predicates, one at a time, switched, or in sets. */
@NullMarked
package org.reactornetmap.operators.filter;

import org.jspecify.annotations.NullMarked;
