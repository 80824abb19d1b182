/** The facade: ports, their rings and options, the embedded netmap, and their statistics. */
@NullMarked
package org.reactornetmap;

import org.jspecify.annotations.NullMarked;
