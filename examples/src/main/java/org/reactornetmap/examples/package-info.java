/** The command line: the demo and the port listing. */
@NullMarked
package org.reactornetmap.examples;

import org.jspecify.annotations.NullMarked;
