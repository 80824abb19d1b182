package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;

/**
 * The name of one end of a pipe.
 *
 * @param parent the port whose pipe it is
 * @param id the pipe's identifier
 * @param master whether it is the master end, <code>parent{id</code>, or the slave end, <code>parent}id</code>
 */
record PipeName(String parent, String id, boolean master) {
    static boolean isPipe(final String name) {
        return brace(name) >= 0;
    }

    /** As the kernel finds it: the last opening brace, or else the last closing one. */
    private static int brace(final String name) {
        final int opening = name.lastIndexOf('{');
        return opening >= 0 ? opening : name.lastIndexOf('}');
    }

    static PipeName of(final Registration request) {
        final int brace = brace(request.name);
        if (brace == 0 || brace == request.name.length() - 1) {
            throw request.refuse(Errno.EINVAL, "A pipe is named PORT{ID or PORT}ID, and neither may be empty.");
        }
        return new PipeName(
                request.name.substring(0, brace), request.name.substring(brace + 1), request.name.charAt(brace) == '{');
    }
}
