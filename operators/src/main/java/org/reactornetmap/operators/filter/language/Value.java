package org.reactornetmap.operators.filter.language;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number that a program computes. Each belongs to one thing only: an operation consumes its operands.
 *
 * @param guard what a frame must be for the number to exist; null if any will do
 * @param statements what computes it
 * @param register where it is left
 */
record Value(@Nullable Condition guard, List<Statement> statements, int register) {}
