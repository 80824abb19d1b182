/** The BPF machine: programs, their text forms, and what runs them. Knows nothing of the filter language. */
@NullMarked
package org.reactornetmap.operators.filter.bpf;

import org.jspecify.annotations.NullMarked;
