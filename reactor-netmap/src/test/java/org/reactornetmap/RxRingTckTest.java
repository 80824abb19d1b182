package org.reactornetmap;

import org.testng.annotations.Test;

/** One ring as a raw publisher. */
@Test
public class RxRingTckTest extends PacketsTck {
    public RxRingTckTest() {
        super(1, false, port -> port.rx(0));
    }
}
