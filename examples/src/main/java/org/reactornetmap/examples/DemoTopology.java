package org.reactornetmap.examples;

import java.nio.ByteBuffer;
import java.util.List;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.packet.Packet;

/**
 * How the demo's four ports are joined: what the generator's port sends arrives at {@link #in}, what {@link #out} sends
 * arrives at {@link #sink}. {@link #in} and {@link #out} are on one loop and share their memory.
 */
interface DemoTopology extends AutoCloseable {

    NetmapPort generator();

    NetmapPort in();

    NetmapPort out();

    NetmapPort sink();

    /** The frames as they must be sent so that they come to {@link #in}. */
    List<ByteBuffer> addressed(List<ByteBuffer> frames);

    /** Makes a packet from {@link #in} one that comes to the sink. Its owner's thread. */
    void forward(Packet packet);

    /** Packets that were sent, and dropped on the way to {@link #in}; exact when the generator's send is over. */
    long lostBeforeIn();

    /** Packets that were sent, and dropped on the way to the sink; exact when the lanes' sends are over. */
    long lostBeforeSink();

    /** Packets of {@link #in} that somebody saw who looked on; -1 if nobody does. */
    long tapped();

    @Override
    void close();

    /** The names of the topologies, as the command line has them. */
    enum Kind {
        PIPE,
        VALE;

        DemoTopology open(DemoSettings settings) {
            return this == VALE ? new SwitchTopology(settings) : new PipeTopology(settings);
        }
    }
}
