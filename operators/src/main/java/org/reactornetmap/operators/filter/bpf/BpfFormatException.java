package org.reactornetmap.operators.filter.bpf;

/** What should be a BPF program is none. Its message says which instruction, or which line, is wrong and why. */
public final class BpfFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what is wrong, and where
     */
    public BpfFormatException(final String message) {
        super(message);
    }
}
