package org.reactornetmap;

import org.testng.annotations.Test;

/** The stream of a port whose four rings have a loop each, merged by our own operator. */
@Test
public class PortPacketsPerRingTckTest extends PacketsTck {
    public PortPacketsPerRingTckTest() {
        super(4, true, NetmapPort::packets);
    }
}
