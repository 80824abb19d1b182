package org.reactornetmap.flow;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound, where it is installed, that a loop may block in its idle step and for the moments that a driver's sync
 * needs, as in a switch where another sender is at the same receiver; and nowhere else. Public only because
 * {@link java.util.ServiceLoader} makes it: not API.
 */
public final class NetmapBlockHoundIntegration implements BlockHoundIntegration {
    /** For {@link java.util.ServiceLoader}. */
    public NetmapBlockHoundIntegration() {}

    @Override
    public void applyTo(final BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(NetmapLoop.class.getName(), "block");
        builder.allowBlockingCallsInside(RingGroup.class.getName(), "rxSync");
        builder.allowBlockingCallsInside(RingGroup.class.getName(), "txSync");
    }
}
