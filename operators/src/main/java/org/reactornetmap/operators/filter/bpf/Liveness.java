package org.reactornetmap.operators.filter.bpf;

import java.util.List;

/** Which registers and memory cells are still read: sets of them, cell by cell from bit 0, then A and X. */
final class Liveness {
    static final int A = BpfCode.MEMWORDS;
    static final int X = A + 1;
    static final int PLACES = X + 1;

    private Liveness() {}

    /** What is read from each instruction on. Not for programs that loop. */
    static int[] of(final List<BpfInstruction> program) {
        final int[] before = new int[program.size()];
        for (int i = before.length - 1; i >= 0; i--) {
            final BpfInstruction each = program.get(i);
            final int after;
            if (each.isConditional()) {
                after = before[i + 1 + each.jt()] | before[i + 1 + each.jf()];
            } else if (each.isJump()) {
                after = before[i + 1 + each.k()];
            } else {
                after = i + 1 < before.length ? before[i + 1] : 0;
            }
            before[i] = before(each.code(), each.k(), after);
        }
        return before;
    }

    /** What is read from an instruction on, given what is read behind it. */
    static int before(final int code, final int k, final int after) {
        return (after & ~written(code, k)) | read(code, k);
    }

    /** What an instruction writes. */
    static int written(final int code, final int k) {
        return switch (BpfCode.classOf(code)) {
            case BpfCode.LD, BpfCode.ALU -> 1 << A;
            case BpfCode.LDX -> 1 << X;
            case BpfCode.ST, BpfCode.STX -> 1 << k;
            case BpfCode.MISC -> code == (BpfCode.MISC | BpfCode.TAX) ? 1 << X : 1 << A;
            default -> 0;
        };
    }

    private static int read(final int code, final int k) {
        return switch (BpfCode.classOf(code)) {
            case BpfCode.LD, BpfCode.LDX ->
                switch (BpfCode.modeOf(code)) {
                    case BpfCode.IND -> 1 << X;
                    case BpfCode.MEM -> 1 << k;
                    default -> 0;
                };
            case BpfCode.ST -> 1 << A;
            case BpfCode.STX -> 1 << X;
            case BpfCode.ALU, BpfCode.JMP ->
                code == (BpfCode.JMP | BpfCode.JA) ? 0 : (1 << A) | (BpfCode.sourceOf(code) == BpfCode.X ? 1 << X : 0);
            case BpfCode.RET -> code == BpfCode.RET ? 0 : 1 << A;
            default -> code == (BpfCode.MISC | BpfCode.TAX) ? 1 << A : 1 << X;
        };
    }
}
