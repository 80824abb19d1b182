package org.reactornetmap;

import org.testng.annotations.Test;

/** The stream of a port with one ring. */
@Test
public class PortPacketsTckTest extends PacketsTck {
    public PortPacketsTckTest() {
        super(1, false, NetmapPort::packets);
    }
}
