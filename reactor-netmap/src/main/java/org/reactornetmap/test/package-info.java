/** Test support: frames to build, inject and assert on, and leak assertions. */
@NullMarked
package org.reactornetmap.test;

import org.jspecify.annotations.NullMarked;
