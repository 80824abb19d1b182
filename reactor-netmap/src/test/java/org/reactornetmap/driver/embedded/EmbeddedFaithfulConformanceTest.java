package org.reactornetmap.driver.embedded;

import org.reactornetmap.conformance.ConformanceTarget;
import org.reactornetmap.conformance.DriverConformance;

/** The embedded driver as every driver must be, with what netmap does about a bad ring. */
class EmbeddedFaithfulConformanceTest extends DriverConformance {
    @Override
    protected ConformanceTarget newTarget() {
        return new EmbeddedTarget(Strictness.FAITHFUL);
    }
}
