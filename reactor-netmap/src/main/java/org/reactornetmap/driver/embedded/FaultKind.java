package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;

/** What a fault does. */
sealed interface FaultKind {
    /** A sync fails. */
    record Fail(Errno errno) implements FaultKind {}

    /** The interface is gone. */
    record Gone() implements FaultKind {}

    /** A sync does not show the new tail. */
    record Hold() implements FaultKind {}

    /** The last new frame lacks its end. */
    record Torn() implements FaultKind {}

    /** Something is written into the ring. */
    record Scribble(boolean pointers, boolean slots) implements FaultKind {}

    /** A poll ends later: this many polls, or nanoseconds. */
    record Delay(int polls, long nanos) implements FaultKind {}
}
