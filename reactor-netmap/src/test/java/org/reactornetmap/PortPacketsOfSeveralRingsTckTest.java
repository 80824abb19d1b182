package org.reactornetmap;

import org.testng.annotations.Test;

/** The stream of a port whose four rings share a loop. */
@Test
public class PortPacketsOfSeveralRingsTckTest extends PacketsTck {
    public PortPacketsOfSeveralRingsTckTest() {
        super(4, false, NetmapPort::packets);
    }
}
