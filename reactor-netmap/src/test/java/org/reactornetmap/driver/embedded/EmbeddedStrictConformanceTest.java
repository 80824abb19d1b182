package org.reactornetmap.driver.embedded;

import org.reactornetmap.conformance.ConformanceTarget;
import org.reactornetmap.conformance.DriverConformance;

/** The embedded driver as every driver must be, throwing where a ring is bad. */
class EmbeddedStrictConformanceTest extends DriverConformance {
    @Override
    protected ConformanceTarget newTarget() {
        return new EmbeddedTarget(Strictness.STRICT);
    }
}
