package org.reactornetmap.operators.filter.language;

/**
 * A word of an expression.
 *
 * @param type what it is
 * @param text as written; a name without its backslash
 * @param number the value of a number, u32
 * @param start offset of its first character
 */
record Token(TokenType type, String text, int number, int start) {}
