package org.reactornetmap.operators.filter.bpf;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of each instruction of a program without a frame: whether anything leads to it, which registers are read
 * behind it, which checks of the frame's length are left to make, how a condition must end.
 *
 * <p>A frame that is too short for a load is rejected, and so is one that comes to {@code ret #0}. So where every way that
 * does not reject needs so many bytes, one check does for all loads on these ways, and the verdict is the same.
 *
 * <p>Jumps lead forward, so one pass back and one forth are enough. Where a looping program jumps back to, nothing is known.
 */
final class ProgramFacts {
    /** Needed length where every way rejects. */
    static final long REJECTS = Long.MAX_VALUE;

    /**
     * No frame is shorter, usually: Ethernet, IPv4 and UDP. A check for more would be a branch that nobody can predict, in
     * place of one that never matters.
     */
    private static final int USUAL_LENGTH = 42;

    private static final int MAX_FIELDS = 64;
    private static final int ALL_LIVE = -1;

    final int count;
    final int[] codes;
    final int[] ks;

    /**
     * Where a condition leads to: behind {@code ja}, and of all returns of one constant to the last. {@link #onFalse} is also
     * where any other instruction does.
     */
    final int[] onTrue;

    final int[] onFalse;

    /** Instructions that a way leads to. */
    final boolean[] reached;

    /** How many ways lead to it. */
    final int[] ways;

    /** Bit {@link FrameKnowledge#A}, X and so on: whether its value is read behind the instruction. */
    final int[] live;

    /** The frame is rejected if it is shorter; 0 where that is known already, {@link #REJECTS} where no way goes on. */
    final long[] lengthCheck;

    /** Whether X plus offset must be compared with the length. */
    final boolean[] indexCheck;

    /** What is known before the instruction. */
    final @Nullable FrameKnowledge[] before;

    /** Of a condition: 1 true, 0 false, -1 one or the other. */
    final byte[] outcome;

    final boolean looping;

    private final int fields;

    /** What it loads, by number, or NONE: the same for all instructions that load the same. */
    private final int[] field;

    private final boolean[] loopHead;
    private final long[] needed;
    private final int[] liveBefore;

    ProgramFacts(final BpfProgram program) {
        final List<BpfInstruction> all = program.instructions();
        count = all.size();
        codes = new int[count];
        ks = new int[count];
        onTrue = new int[count];
        onFalse = new int[count];
        reached = new boolean[count];
        ways = new int[count];
        live = new int[count];
        lengthCheck = new long[count];
        indexCheck = new boolean[count];
        field = new int[count];
        before = new FrameKnowledge[count];
        outcome = new byte[count];
        looping = program.isLooping();
        loopHead = new boolean[count];
        needed = new long[count];
        liveBefore = new int[count];
        decode(all);
        fields = nameFields();
        goBack();
        goForth();
    }

    private void decode(final List<BpfInstruction> all) {
        for (int i = 0; i < count; i++) {
            final BpfInstruction each = all.get(i);
            codes[i] = each.code();
            ks[i] = each.k();
            onTrue[i] = i + 1 + each.jt();
            onFalse[i] = i + 1 + (each.isJump() ? each.k() : each.jf());
            if (each.isJump() && each.k() < 0) {
                loopHead[onFalse[i]] = true;
            }
        }
        final Map<Integer, Integer> verdicts = new HashMap<>();
        for (int i = count - 1; i >= 0; i--) {
            if (isVerdict(i)) {
                verdicts.putIfAbsent(ks[i], i);
            } else if (!isReturn(i) && !isJumpBack(i)) {
                onTrue[i] = destination(onTrue[i], verdicts);
                onFalse[i] = destination(onFalse[i], verdicts);
            }
        }
    }

    private int destination(final int target, final Map<Integer, Integer> verdicts) {
        final int behind = isJump(target) && !isJumpBack(target) ? onFalse[target] : target;
        return isVerdict(behind) ? verdicts.getOrDefault(ks[behind], behind) : behind;
    }

    boolean isConditional(final int at) {
        return BpfCode.classOf(codes[at]) == BpfCode.JMP && BpfCode.operationOf(codes[at]) != BpfCode.JA;
    }

    boolean isJump(final int at) {
        return codes[at] == (BpfCode.JMP | BpfCode.JA);
    }

    boolean isJumpBack(final int at) {
        return isJump(at) && ks[at] < 0;
    }

    boolean isReturn(final int at) {
        return BpfCode.classOf(codes[at]) == BpfCode.RET;
    }

    /** Whether it returns a constant. */
    boolean isVerdict(final int at) {
        return codes[at] == BpfCode.RET;
    }

    /** Whether every way from here rejects. */
    boolean rejects(final int at) {
        return needed[at] == REJECTS;
    }

    /** Whether it reads the frame. */
    boolean isLoad(final int at) {
        final int type = BpfCode.classOf(codes[at]);
        final int mode = BpfCode.modeOf(codes[at]);
        return (type == BpfCode.LD && (mode == BpfCode.ABS || mode == BpfCode.IND))
                || (type == BpfCode.LDX && mode == BpfCode.MSH);
    }

    boolean isIndirect(final int at) {
        return isLoad(at) && BpfCode.modeOf(codes[at]) == BpfCode.IND;
    }

    /** Bytes of what a load loads. */
    int size(final int at) {
        return switch (BpfCode.sizeOf(codes[at])) {
            case BpfCode.W -> Integer.BYTES;
            case BpfCode.H -> Short.BYTES;
            default -> Byte.BYTES;
        };
    }

    /** Where a load ends, not counting X. */
    long end(final int at) {
        return Integer.toUnsignedLong(ks[at]) + size(at);
    }

    boolean isLive(final int at, final int value) {
        return (live[at] >>> value & 1) != 0;
    }

    /** Which memory cells are used at all, a bit each. */
    int usedCells() {
        int used = 0;
        for (int i = 0; i < count; i++) {
            if (usesCell(i)) {
                used |= 1 << ks[i];
            }
        }
        return used;
    }

    private boolean usesCell(final int at) {
        final int type = BpfCode.classOf(codes[at]);
        return type == BpfCode.ST
                || type == BpfCode.STX
                || ((type == BpfCode.LD || type == BpfCode.LDX) && BpfCode.modeOf(codes[at]) == BpfCode.MEM);
    }

    /** Gives a number to each place of the frame that more than one instruction loads. */
    private int nameFields() {
        final Map<Long, Integer> first = new HashMap<>();
        int named = 0;
        Arrays.fill(field, FrameKnowledge.NONE);
        for (int i = 0; i < count; i++) {
            if (!isLoad(i) || isIndirect(i)) {
                continue;
            }
            final Integer other = first.putIfAbsent((end(i) << 3) | size(i), i);
            if (other == null) {
                continue;
            }
            if (field[other] == FrameKnowledge.NONE && named < MAX_FIELDS) {
                field[other] = named++;
            }
            field[i] = field[other];
        }
        return named;
    }

    private void goBack() {
        for (int i = count - 1; i >= 0; i--) {
            live[i] = liveBehind(i);
            needed[i] = needed(i);
            liveBefore[i] = rejects(i) ? 0 : (live[i] & ~written(i)) | read(i);
        }
    }

    private int liveBehind(final int at) {
        if (isReturn(at)) {
            return 0;
        }
        if (isJumpBack(at)) {
            return ALL_LIVE;
        }
        return liveBefore[onFalse[at]] | (isConditional(at) ? liveBefore[onTrue[at]] : 0);
    }

    private long needed(final int at) {
        if (isReturn(at)) {
            return codes[at] == BpfCode.RET && ks[at] == 0 ? REJECTS : 0;
        }
        if (isJumpBack(at)) {
            return 0;
        }
        final long behind = isConditional(at) ? Math.min(needed[onTrue[at]], needed[onFalse[at]]) : needed[onFalse[at]];
        if (!isLoad(at)) {
            return behind;
        }
        return end(at) > Integer.MAX_VALUE ? REJECTS : Math.max(end(at), behind);
    }

    private int written(final int at) {
        return switch (BpfCode.classOf(codes[at])) {
            case BpfCode.LD, BpfCode.ALU -> bit(FrameKnowledge.A);
            case BpfCode.LDX -> bit(FrameKnowledge.X);
            case BpfCode.ST, BpfCode.STX -> bit(FrameKnowledge.CELLS + ks[at]);
            case BpfCode.MISC -> bit(isTax(at) ? FrameKnowledge.X : FrameKnowledge.A);
            default -> 0;
        };
    }

    private int read(final int at) {
        final int code = codes[at];
        final int x = BpfCode.sourceOf(code) == BpfCode.X ? bit(FrameKnowledge.X) : 0;
        final int type = BpfCode.classOf(code);
        if (type == BpfCode.JMP) {
            return isJump(at) ? 0 : bit(FrameKnowledge.A) | x;
        }
        if (type == BpfCode.RET) {
            return code == (BpfCode.RET | BpfCode.A) ? bit(FrameKnowledge.A) : 0;
        }
        if (isIndirect(at)) {
            return bit(FrameKnowledge.X);
        }
        if ((live[at] & written(at)) == 0) {
            return divides(at) ? x : 0;
        }
        return switch (type) {
            case BpfCode.LD, BpfCode.LDX ->
                BpfCode.modeOf(code) == BpfCode.MEM ? bit(FrameKnowledge.CELLS + ks[at]) : 0;
            case BpfCode.ST -> bit(FrameKnowledge.A);
            case BpfCode.STX -> bit(FrameKnowledge.X);
            case BpfCode.ALU -> bit(FrameKnowledge.A) | x;
            default -> bit(isTax(at) ? FrameKnowledge.A : FrameKnowledge.X);
        };
    }

    /** Whether it may reject by dividing by 0. */
    boolean divides(final int at) {
        final int operation = BpfCode.operationOf(codes[at]);
        return BpfCode.classOf(codes[at]) == BpfCode.ALU
                && BpfCode.sourceOf(codes[at]) == BpfCode.X
                && (operation == BpfCode.DIV || operation == BpfCode.MOD);
    }

    private static int bit(final int value) {
        return 1 << value;
    }

    boolean isTax(final int at) {
        return codes[at] == (BpfCode.MISC | BpfCode.TAX);
    }

    private void goForth() {
        lead(FrameKnowledge.atStart(fields), 0);
        for (int i = 0; i < count; i++) {
            if (loopHead[i]) {
                ways[i] += 2; // not to be merged into what stands before it
                before[i] = FrameKnowledge.none(fields);
            }
            final FrameKnowledge known = before[i];
            if (known == null || rejects(i)) {
                continue;
            }
            reached[i] = true;
            if (isConditional(i)) {
                branch(i, known);
            } else if (!isReturn(i) && !isJumpBack(i)) {
                final FrameKnowledge after = known.copy();
                if (step(i, known, after)) {
                    lead(after, onFalse[i]);
                }
            }
        }
    }

    /** One more way to an instruction. The knowledge is given away. */
    private void lead(final FrameKnowledge known, final int to) {
        ways[to]++;
        final FrameKnowledge other = before[to];
        if (other == null) {
            before[to] = known;
        } else if (!loopHead[to]) {
            other.meet(known);
        }
    }

    private void branch(final int at, final FrameKnowledge known) {
        final FrameKnowledge whenTrue = known.copy();
        final FrameKnowledge whenFalse = known.copy();
        final boolean canHold = narrow(at, whenTrue, true);
        final boolean canFail = narrow(at, whenFalse, false);
        outcome[at] = (byte) (canHold && canFail ? -1 : canHold ? 1 : 0);
        if (canHold) {
            lead(whenTrue, onTrue[at]);
        }
        if (canFail || !canHold) {
            lead(whenFalse, onFalse[at]);
        }
    }

    /** What the condition says of A if it ends so. Whether it can. */
    private boolean narrow(final int at, final FrameKnowledge known, final boolean holds) {
        final int a = FrameKnowledge.A;
        final boolean constant = BpfCode.sourceOf(codes[at]) == BpfCode.K;
        final long k = Integer.toUnsignedLong(ks[at]);
        final long min = constant ? k : known.min(FrameKnowledge.X);
        final long max = constant ? k : known.max(FrameKnowledge.X);
        return switch (BpfCode.operationOf(codes[at])) {
            case BpfCode.JEQ -> holds ? known.narrow(a, min, max) : narrowUnequal(known, min, max);
            case BpfCode.JGT -> holds ? known.narrow(a, min + 1, FrameKnowledge.MAX) : known.narrow(a, 0, max);
            case BpfCode.JGE -> holds ? known.narrow(a, min, FrameKnowledge.MAX) : known.narrow(a, 0, max - 1);
            default -> canMeet(known, min, max, holds);
        };
    }

    private static boolean narrowUnequal(final FrameKnowledge known, final long min, final long max) {
        final int a = FrameKnowledge.A;
        if (min != max) {
            return true;
        }
        return known.narrow(a, known.min(a) == min ? min + 1 : 0, known.max(a) == min ? min - 1 : FrameKnowledge.MAX);
    }

    private static boolean canMeet(final FrameKnowledge known, final long min, final long max, final boolean holds) {
        final int a = FrameKnowledge.A;
        if (holds) {
            return (bitsOf(known.max(a)) & (min == max ? min : bitsOf(max))) != 0;
        }
        return !known.isConstant(a) || min != max || (min & known.min(a)) == 0;
    }

    /** All bits that a number up to this can have. */
    private static long bitsOf(final long max) {
        return max == 0 ? 0 : (Long.highestOneBit(max) << 1) - 1;
    }

    /**
     * What an instruction changes.
     *
     * @return false if no frame gets behind it
     */
    private boolean step(final int at, final FrameKnowledge known, final FrameKnowledge after) {
        final int code = codes[at];
        switch (BpfCode.classOf(code)) {
            case BpfCode.LD, BpfCode.LDX -> {
                final int target = BpfCode.classOf(code) == BpfCode.LD ? FrameKnowledge.A : FrameKnowledge.X;
                if (isLoad(at)) {
                    return load(at, after);
                }
                switch (BpfCode.modeOf(code)) {
                    case BpfCode.MEM -> after.copy(FrameKnowledge.CELLS + ks[at], target);
                    case BpfCode.LEN -> after.set(target, 0, FrameKnowledge.MAX);
                    default -> after.set(target, Integer.toUnsignedLong(ks[at]), Integer.toUnsignedLong(ks[at]));
                }
            }
            case BpfCode.ST -> after.copy(FrameKnowledge.A, FrameKnowledge.CELLS + ks[at]);
            case BpfCode.STX -> after.copy(FrameKnowledge.X, FrameKnowledge.CELLS + ks[at]);
            case BpfCode.ALU -> {
                return compute(at, known, after);
            }
            case BpfCode.MISC ->
                after.copy(
                        isTax(at) ? FrameKnowledge.A : FrameKnowledge.X,
                        isTax(at) ? FrameKnowledge.X : FrameKnowledge.A);
            default -> {
                // A jump.
            }
        }
        return true;
    }

    private boolean load(final int at, final FrameKnowledge after) {
        final long end = end(at);
        if (isIndirect(at)) {
            if (after.min(FrameKnowledge.X) + end > Integer.MAX_VALUE) {
                lengthCheck[at] = REJECTS;
                return false;
            }
            loadBehindX(at, after);
            after.set(FrameKnowledge.A, 0, largest(at));
            return true;
        }
        check(at, after);
        if (BpfCode.classOf(codes[at]) == BpfCode.LDX) {
            after.set(FrameKnowledge.X, 0, 0x3C);
        } else if (field[at] != FrameKnowledge.NONE) {
            after.setToField(field[at], largest(at));
        } else {
            after.set(FrameKnowledge.A, 0, largest(at));
        }
        return true;
    }

    private long largest(final int at) {
        return FrameKnowledge.MAX >>> (Integer.SIZE - Byte.SIZE * size(at));
    }

    private void check(final int at, final FrameKnowledge after) {
        if (after.length() < end(at)) {
            lengthCheck[at] = checkedLength(at);
            after.atLeast(lengthCheck[at]);
        }
    }

    /** At least what the load needs, and of what is needed behind it as much as nearly every frame has. */
    private long checkedLength(final int at) {
        return Math.max(end(at), Math.min(needed[at], USUAL_LENGTH));
    }

    private void loadBehindX(final int at, final FrameKnowledge after) {
        final long end = end(at);
        if (after.lengthBehindX() >= end || after.length() >= after.max(FrameKnowledge.X) + end) {
            return;
        }
        indexCheck[at] = true;
        // The comparison of signed numbers covers a frame shorter than the offset; that of unsigned ones does not.
        if (!after.isSigned(FrameKnowledge.X)) {
            check(at, after);
        }
        after.atLeastBehindX(end);
    }

    private boolean compute(final int at, final FrameKnowledge known, final FrameKnowledge after) {
        final int operation = BpfCode.operationOf(codes[at]);
        final boolean constant = BpfCode.sourceOf(codes[at]) == BpfCode.K;
        final long min = constant ? Integer.toUnsignedLong(ks[at]) : known.min(FrameKnowledge.X);
        final long max = constant ? min : known.max(FrameKnowledge.X);
        final long minA = known.min(FrameKnowledge.A);
        final long maxA = known.max(FrameKnowledge.A);
        if (max == 0 && divides(at)) {
            lengthCheck[at] = REJECTS;
            return false;
        }
        if (minA == maxA && min == max) {
            final long result = Integer.toUnsignedLong(BpfInterpreter.compute(operation, (int) minA, (int) min));
            after.set(FrameKnowledge.A, result, result);
            return true;
        }
        switch (operation) {
            case BpfCode.ADD -> within(after, minA + min, maxA + max);
            case BpfCode.SUB -> within(after, minA - max, maxA - min);
            case BpfCode.MUL -> within(after, minA * min, Math.multiplyHigh(maxA, max) == 0 ? maxA * max : -1);
            case BpfCode.DIV -> within(after, minA / Math.max(1, max), maxA / Math.max(1, min));
            case BpfCode.MOD -> within(after, 0, Math.min(maxA, max - 1));
            case BpfCode.OR, BpfCode.XOR -> within(after, 0, bitsOf(Math.max(maxA, max)));
            case BpfCode.AND -> within(after, 0, Math.min(maxA, max));
            case BpfCode.LSH -> within(after, 0, max < Integer.SIZE ? maxA << max : -1);
            case BpfCode.RSH -> within(after, 0, maxA >>> Math.min(min, Integer.SIZE));
            default -> within(after, 0, -1);
        }
        return true;
    }

    /** Bounds of A, unless it overflows. */
    private static void within(final FrameKnowledge after, final long min, final long max) {
        final boolean fits = min >= 0 && max >= 0 && max <= FrameKnowledge.MAX;
        after.set(FrameKnowledge.A, fits ? min : 0, fits ? max : FrameKnowledge.MAX);
    }
}
