package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;

/** Refuses what the embedded netmap does not do, with the error number that netmap would use and what to do instead. */
final class Supported {
    private static final String KERNEL_INSTEAD = " is not in the embedded netmap yet: use the kernel driver.";

    private Supported() {}

    static void check(final Registration request) {
        if (request.isMonitor()) {
            throw request.refuse(Errno.EOPNOTSUPP, "A monitor (/r, /t, /z)" + KERNEL_INSTEAD);
        }
    }
}
