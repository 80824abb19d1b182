package org.reactornetmap.conformance;

import org.junit.jupiter.api.Nested;

/** All suites for one driver: extend it. A suite of what the target lacks is skipped. */
public abstract class DriverConformance {
    /**
     * A world that nothing is left in.
     *
     * @return a new target for each test
     */
    protected abstract ConformanceTarget newTarget();

    @Nested
    class Pipes extends PipeConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }
}
