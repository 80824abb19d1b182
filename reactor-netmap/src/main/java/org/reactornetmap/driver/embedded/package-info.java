/** The in-process netmap: regions, pipes and null ports with the kernel's memory layout and semantics. */
@NullMarked
package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.NullMarked;
