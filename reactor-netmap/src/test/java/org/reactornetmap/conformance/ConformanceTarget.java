package org.reactornetmap.conformance;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.reactornetmap.driver.NetmapDriver;

/**
 * A driver under test in a world that nothing is left in: what a driver's author supplies. Each test gets its own and
 * closes it, after its ports.
 */
public interface ConformanceTarget extends AutoCloseable {
    /**
     * The Ethernet type of frames that a test expects at a host stack: IEEE's first one for local experiments, so that a
     * target can tell them from whatever else a system sends and receives.
     */
    int ETHER_TYPE = 0x88B5;

    /**
     * The driver.
     *
     * @return one without open ports
     */
    NetmapDriver driver();

    /**
     * What it has.
     *
     * @return tests that need other features are skipped
     */
    Set<Feature> features();

    /**
     * What a sync does about an illegal head or cur.
     *
     * @return true: throws {@code RingStateException}; false: what netmap does
     */
    boolean isStrict();

    /**
     * Makes two interfaces whose wires are connected, as a pair of veth is; one pair per test. Only called of targets
     * that have {@link Feature#INTERFACES}.
     *
     * @return the two, with one ring each way and one host ring each way
     */
    List<Interface> cabledInterfaces();

    /** Checks, after the ports of a test are closed, that it left nothing; throws if it did. */
    void verifyClean();

    /** Takes the world away, persistent ports and switches included. */
    @Override
    void close();

    /** An interface with the host stack above it. Nothing blocks. */
    interface Interface {
        /**
         * Its name.
         *
         * @return such as {@code veth0}, for {@code netmap:veth0}
         */
        String name();

        /**
         * The host stack sends a frame.
         *
         * @param frame the frame
         * @return false if it was dropped before it got anywhere
         */
        boolean hostSend(ByteBuffer frame);

        /**
         * What came up to the host stack since the last call. It may come up some time after the sync that sent it.
         *
         * @return the frames of {@link #ETHER_TYPE}, oldest first
         */
        List<ByteBuffer> hostReceived();

        /** The interface vanishes. */
        void remove();
    }
}
