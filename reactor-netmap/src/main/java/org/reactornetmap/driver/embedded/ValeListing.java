package org.reactornetmap.driver.embedded;

/**
 * What a VALE_LIST returns.
 *
 * @param name the port's name in its switch, such as {@code vale0:a}
 * @param bridge place of the switch, 0..7
 * @param port place of the port in it, 0..253; 255 if a switch was asked for by name and has no such port
 */
record ValeListing(String name, int bridge, int port) {
    /** {@code NM_BDG_NOPORT}. */
    static final int NO_PORT = 255;
}
