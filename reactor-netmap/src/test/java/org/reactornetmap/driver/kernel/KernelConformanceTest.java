package org.reactornetmap.driver.kernel;

import org.junit.jupiter.api.Tag;
import org.reactornetmap.conformance.ConformanceTarget;
import org.reactornetmap.conformance.DriverConformance;

/** The kernel's netmap as every driver must be, on pipes, switches and veth interfaces. */
@Tag("kernel")
class KernelConformanceTest extends DriverConformance {
    @Override
    protected ConformanceTarget newTarget() {
        return new KernelTarget();
    }
}
