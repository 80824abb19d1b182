package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;

/**
 * The words before an identifier, or what it takes over from the one before it.
 *
 * @param protocol null if none is given
 * @param direction both if none is given
 * @param type a host if none is given
 */
record Qualifiers(@Nullable Protocol protocol, Direction direction, AddressType type) {}
