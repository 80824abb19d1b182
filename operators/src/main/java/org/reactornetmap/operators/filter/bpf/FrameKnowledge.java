package org.reactornetmap.operators.filter.bpf;

import java.util.Arrays;

/**
 * What is known at one place of a program, on every way there: bounds of the registers, memory cells and fields of the
 * frame, as u32; and how long the frame is at least.
 */
final class FrameKnowledge {
    /** Indexes of values. Memory cells follow, then fields. */
    static final int A = 0;

    static final int X = 1;
    static final int CELLS = 2;
    static final int FIELDS = CELLS + BpfCode.MEMWORDS;
    static final long MAX = 0xFFFF_FFFFL;

    /** No field. */
    static final int NONE = -1;

    private final long[] min;
    private final long[] max;
    private int fieldInA = NONE;
    private long length;
    private long lengthBehindX = -1;

    private FrameKnowledge(final long[] min, final long[] max) {
        this.min = min;
        this.max = max;
    }

    /** Before the first instruction: everything is 0. */
    static FrameKnowledge atStart(final int fields) {
        final FrameKnowledge start = new FrameKnowledge(new long[FIELDS + fields], new long[FIELDS + fields]);
        Arrays.fill(start.max, FIELDS, FIELDS + fields, MAX);
        return start;
    }

    /** Nothing at all. */
    static FrameKnowledge none(final int fields) {
        final FrameKnowledge none = atStart(fields);
        Arrays.fill(none.max, MAX);
        return none;
    }

    FrameKnowledge copy() {
        final FrameKnowledge copy = new FrameKnowledge(min.clone(), max.clone());
        copy.fieldInA = fieldInA;
        copy.length = length;
        copy.lengthBehindX = lengthBehindX;
        return copy;
    }

    /** Keeps what is true here and there. */
    void meet(final FrameKnowledge other) {
        for (int i = 0; i < min.length; i++) {
            min[i] = Math.min(min[i], other.min[i]);
            max[i] = Math.max(max[i], other.max[i]);
        }
        fieldInA = fieldInA == other.fieldInA ? fieldInA : NONE;
        length = Math.min(length, other.length);
        lengthBehindX = Math.min(lengthBehindX, other.lengthBehindX);
    }

    long min(final int value) {
        return min[value];
    }

    long max(final int value) {
        return max[value];
    }

    boolean isConstant(final int value) {
        return min[value] == max[value];
    }

    /** Whether signed arithmetic does for it. */
    boolean isSigned(final int value) {
        return max[value] <= Integer.MAX_VALUE;
    }

    void set(final int value, final long from, final long to) {
        min[value] = from;
        max[value] = to;
        if (value == A) {
            fieldInA = NONE;
        } else if (value == X) {
            lengthBehindX = -1;
        }
    }

    void copy(final int from, final int to) {
        set(to, min[from], max[from]);
    }

    /**
     * A condition says that a value is within bounds.
     *
     * @return false if it can't be
     */
    boolean narrow(final int value, final long from, final long to) {
        min[value] = Math.max(min[value], from);
        max[value] = Math.min(max[value], to);
        if (value == A && fieldInA != NONE) {
            min[FIELDS + fieldInA] = min[A];
            max[FIELDS + fieldInA] = max[A];
        }
        return min[value] <= max[value];
    }

    /** A is a field, whose value no instruction changes. */
    void setToField(final int field, final long largest) {
        max[FIELDS + field] = Math.min(max[FIELDS + field], largest);
        copy(FIELDS + field, A);
        fieldInA = field;
    }

    long length() {
        return length;
    }

    void atLeast(final long bytes) {
        length = Math.max(length, bytes);
    }

    /** Bytes that are known to be there from the Xth on, -1 if not even that X is inside. */
    long lengthBehindX() {
        return lengthBehindX;
    }

    void atLeastBehindX(final long bytes) {
        lengthBehindX = Math.max(lengthBehindX, bytes);
        atLeast(min[X] + bytes);
    }
}
