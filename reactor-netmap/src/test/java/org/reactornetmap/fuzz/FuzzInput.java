package org.reactornetmap.fuzz;

import java.nio.charset.StandardCharsets;

/** Reads choices from bytes; behind the end everything is 0, so each beginning of an input is an input. */
final class FuzzInput {
    private final byte[] bytes;
    private int at;

    FuzzInput(final byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int next() {
        return hasMore() ? bytes[at++] & 0xFF : 0;
    }

    /** One of {@code 0..bound-1}, at most 256 of them. */
    int next(final int bound) {
        return next() % bound;
    }

    boolean nextBoolean() {
        return (next() & 1) == 1;
    }

    int nextInt() {
        return next() | (next() << 8) | (next() << 16) | (next() << 24);
    }

    long nextLong() {
        return (nextInt() & 0xFFFF_FFFFL) | ((long) nextInt() << 32);
    }

    /** Small or large or odd: the numbers that programs trip over, or any. */
    int nextNumber(final int limit) {
        return switch (next(8)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> limit;
            case 3 -> limit - 1;
            case 4 -> Integer.MIN_VALUE;
            case 5 -> nextInt();
            default -> next();
        };
    }

    /** What is left, as text. */
    String rest() {
        final String text = new String(bytes, at, bytes.length - at, StandardCharsets.UTF_8);
        at = bytes.length;
        return text;
    }
}
