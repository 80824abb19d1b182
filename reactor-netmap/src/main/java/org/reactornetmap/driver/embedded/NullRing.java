package org.reactornetmap.driver.embedded;

/** A ring of a null port: its sync moves nothing, so a TX ring can be filled once and an RX ring stays empty. */
final class NullRing extends KernelRing {
    NullRing(final String port, final RingObject object) {
        super(port, object);
    }

    @Override
    void move() {}

    @Override
    void notifyOtherSide() {}
}
