/** What the library costs, each beside a baseline: one class asks one question. */
@NullMarked
package org.reactornetmap.benchmarks;

import org.jspecify.annotations.NullMarked;
