/**
 * What every driver must fulfil, by tests that know nothing of any: extend {@link
 * org.reactornetmap.conformance.DriverConformance}, hand it a {@link org.reactornetmap.conformance.ConformanceTarget}.
 */
@NullMarked
package org.reactornetmap.conformance;

import org.jspecify.annotations.NullMarked;
