/** The kernel's netmap: {@code /dev/netmap} by JNA. Linux on x86-64 and aarch64; FreeBSD's numbers are in, not yet run. */
@NullMarked
package org.reactornetmap.driver.kernel;

import org.jspecify.annotations.NullMarked;
