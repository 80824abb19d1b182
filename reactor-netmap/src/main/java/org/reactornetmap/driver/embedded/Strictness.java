package org.reactornetmap.driver.embedded;

/** What a sync does when user space moved a ring's head or cur over slots it does not own. */
public enum Strictness {
    /** It throws {@link org.reactornetmap.ring.RingStateException} with every pointer and changes nothing. */
    STRICT,

    /**
     * What the kernel does, traps included: an index that is in range but illegal is taken over, so that the sync after
     * next may send or release slots that user space never owned.
     */
    FAITHFUL
}
