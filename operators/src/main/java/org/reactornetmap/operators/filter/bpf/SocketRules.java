package org.reactornetmap.operators.filter.bpf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Linux asks of a program beyond what {@link BpfProgram} does: {@code bpf_check_classic}. */
final class SocketRules {
    private static final int ALL_CELLS = (1 << BpfCode.MEMWORDS) - 1;

    private SocketRules() {}

    static @Nullable String objection(final BpfProgram program) {
        if (program.length() > BpfProgram.MAX_SOCKET_INSTRUCTIONS) {
            return "it has " + program.length() + " instructions: expected at most "
                    + BpfProgram.MAX_SOCKET_INSTRUCTIONS;
        }
        if (program.isLooping()) {
            return "a jump leads back, as protochain's does";
        }
        final List<BpfInstruction> all = program.instructions();
        // Cells that are sure to be written whichever way leads to an instruction. Jumps lead forward, so one pass will
        // do.
        final int[] written = new int[all.size()];
        java.util.Arrays.fill(written, ALL_CELLS);
        written[0] = 0;
        for (int i = 0; i < all.size(); i++) {
            final BpfInstruction each = all.get(i);
            final String objection = objection(each, written[i]);
            if (!objection.isEmpty()) {
                return "instruction " + i + ": " + objection;
            }
            final int after = isStore(each) ? written[i] | 1 << each.k() : written[i];
            if (each.isConditional()) {
                written[i + 1 + each.jt()] &= after;
                written[i + 1 + each.jf()] &= after;
            } else if (each.isJump()) {
                written[i + 1 + each.k()] &= after;
            } else if (BpfCode.classOf(each.code()) != BpfCode.RET) {
                written[i + 1] &= after;
            }
        }
        return null;
    }

    private static String objection(final BpfInstruction each, final int written) {
        if (isCellLoad(each) && (written & 1 << each.k()) == 0) {
            return "memory cell " + each.k() + " may be read before it is written";
        }
        if (isConstantShift(each) && Integer.compareUnsigned(each.k(), Integer.SIZE) >= 0) {
            return "it shifts by " + Integer.toUnsignedString(each.k()) + ": expected at most 31";
        }
        return "";
    }

    private static boolean isStore(final BpfInstruction each) {
        return each.code() == BpfCode.ST || each.code() == BpfCode.STX;
    }

    private static boolean isCellLoad(final BpfInstruction each) {
        return each.code() == (BpfCode.LD | BpfCode.MEM) || each.code() == (BpfCode.LDX | BpfCode.MEM);
    }

    private static boolean isConstantShift(final BpfInstruction each) {
        return each.code() == (BpfCode.ALU | BpfCode.LSH | BpfCode.K)
                || each.code() == (BpfCode.ALU | BpfCode.RSH | BpfCode.K);
    }
}
