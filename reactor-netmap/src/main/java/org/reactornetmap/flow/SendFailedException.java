package org.reactornetmap.flow;

/** Added as suppressed to the error of a send that failed: how far it came. */
public final class SendFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient TxReport report;

    /**
     * Creates the exception.
     *
     * @param report what was sent, and what was not
     */
    public SendFailedException(final TxReport report) {
        super("the send failed after " + report, null, false, false);
        this.report = report;
    }

    /**
     * How far the send came.
     *
     * @return the report
     */
    public TxReport report() {
        return report;
    }
}
