/** Packets and who owns them: the packet and its pool, link type, direction, and the leak detector. */
@NullMarked
package org.reactornetmap.packet;

import org.jspecify.annotations.NullMarked;
