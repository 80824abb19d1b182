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
    class Layout extends LayoutConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Rings extends RingConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class BadRings extends BadRingConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Polls extends PollConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Registers extends RegisterConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class ExtraBuffers extends ExtraBufferConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Pipes extends PipeConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Switches extends ValeConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class PersistentPorts extends PersistentPortConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class HostRings extends HostRingConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Monitors extends MonitorConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Integration extends IntegrationConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class Memories extends MemoryConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }

    @Nested
    class ControlRequests extends ControlConformance {
        @Override
        protected ConformanceTarget newTarget() {
            return DriverConformance.this.newTarget();
        }
    }
}
