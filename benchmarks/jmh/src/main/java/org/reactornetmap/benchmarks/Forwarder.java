package org.reactornetmap.benchmarks;

/** What a benchmark times: takes a burst from one port to another. */
interface Forwarder extends AutoCloseable {
    /** One sync of the receiving port, all packets it brought, and one sync of the sending port. */
    int work();

    long received();

    long sent();

    @Override
    void close();
}
