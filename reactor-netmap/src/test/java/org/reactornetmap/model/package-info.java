/** A small model of netmap, and random programs that the embedded one must run as the model does. */
@NullMarked
package org.reactornetmap.model;

import org.jspecify.annotations.NullMarked;
