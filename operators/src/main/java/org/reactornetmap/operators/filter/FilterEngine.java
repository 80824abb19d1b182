package org.reactornetmap.operators.filter;

import org.reactornetmap.operators.filter.bpf.BpfInterpreter;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.bpf.TieredMatcher;

/** What runs a filter's program. All give the same verdicts. */
public enum FilterEngine {
    /** Runs it instruction by instruction: the reference. */
    INTERPRETED {
        @Override
        BpfMatcher matcher(BpfProgram program) {
            return BpfInterpreter.of(program);
        }
    },

    /** Runs it as the JVM's own code, and interpreted until a thread beside has compiled it. The default. */
    COMPILED {
        @Override
        BpfMatcher matcher(BpfProgram program) {
            return TieredMatcher.of(program);
        }
    };

    abstract BpfMatcher matcher(BpfProgram program);
}
