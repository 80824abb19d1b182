/**
 * Hostile input. Jazzer replays its corpus and a seeded generator runs for a moment in every build; {@code -Pfuzz} lets
 * Jazzer look for more.
 */
@NullMarked
package org.reactornetmap.fuzz;

import org.jspecify.annotations.NullMarked;
