package org.reactornetmap.operators.filter.bpf;

import java.util.Locale;

/**
 * One instruction of classic BPF: {@code struct bpf_insn}.
 *
 * @param code what it does: sums of {@link BpfCode}, u16
 * @param jt instructions to skip if a jump's condition is true, 0..255
 * @param jf instructions to skip if it is false, 0..255
 * @param k the operand, u32; signed for {@link BpfCode#JA} only
 */
public record BpfInstruction(int code, int jt, int jf, int k) {
    private static final String[] ALU_NAMES = {
        "add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg", "mod", "xor"
    };
    private static final String[] JUMP_NAMES = {"ja", "jeq", "jgt", "jge", "jset"};

    /**
     * Checks the ranges.
     *
     * @param code what it does
     * @param jt instructions to skip if the condition is true
     * @param jf instructions to skip if it is false
     * @param k the operand
     * @throws BpfFormatException if code, jt or jf is out of range
     */
    public BpfInstruction {
        check("code", code, 0xFFFF);
        check("jt", jt, 0xFF);
        check("jf", jf, 0xFF);
    }

    private static void check(final String name, final int value, final int max) {
        if (value < 0 || value > max) {
            throw new BpfFormatException(name + " is " + value + ": expected 0.." + max);
        }
    }

    /**
     * An instruction that is no conditional jump.
     *
     * @param code sums of {@link BpfCode}
     * @param k the operand
     * @return a new instruction
     */
    public static BpfInstruction of(final int code, final int k) {
        return new BpfInstruction(code, 0, 0, k);
    }

    /**
     * Whether it jumps to one of two places.
     *
     * @return true for jumps other than {@link BpfCode#JA}
     */
    public boolean isConditional() {
        return BpfCode.classOf(code) == BpfCode.JMP && BpfCode.operationOf(code) != BpfCode.JA;
    }

    /**
     * Whether it jumps always.
     *
     * @return true for {@link BpfCode#JA}
     */
    public boolean isJump() {
        return BpfCode.classOf(code) == BpfCode.JMP && BpfCode.operationOf(code) == BpfCode.JA;
    }

    /** Why no machine runs it, empty if one does. Jumps are the program's to judge. */
    String objection() {
        return switch (BpfCode.classOf(code)) {
            case BpfCode.LD, BpfCode.LDX -> loadObjection();
            case BpfCode.ST, BpfCode.STX -> code > BpfCode.STX ? unknown() : cellObjection();
            case BpfCode.ALU -> aluObjection();
            case BpfCode.JMP -> jumpObjection();
            case BpfCode.RET -> code == (BpfCode.RET | BpfCode.K) || code == (BpfCode.RET | BpfCode.A) ? "" : unknown();
            default -> code == (BpfCode.MISC | BpfCode.TAX) || code == (BpfCode.MISC | BpfCode.TXA) ? "" : unknown();
        };
    }

    private String loadObjection() {
        return switch (code) {
            case BpfCode.LD | BpfCode.W | BpfCode.ABS,
                    BpfCode.LD | BpfCode.H | BpfCode.ABS,
                    BpfCode.LD | BpfCode.B | BpfCode.ABS,
                    BpfCode.LD | BpfCode.W | BpfCode.IND,
                    BpfCode.LD | BpfCode.H | BpfCode.IND,
                    BpfCode.LD | BpfCode.B | BpfCode.IND,
                    BpfCode.LD | BpfCode.IMM,
                    BpfCode.LD | BpfCode.LEN,
                    BpfCode.LDX | BpfCode.IMM,
                    BpfCode.LDX | BpfCode.LEN,
                    BpfCode.LDX | BpfCode.B | BpfCode.MSH -> "";
            case BpfCode.LD | BpfCode.MEM, BpfCode.LDX | BpfCode.MEM -> cellObjection();
            default -> unknown();
        };
    }

    private String cellObjection() {
        return k >= 0 && k < BpfCode.MEMWORDS
                ? ""
                : "memory cell " + Integer.toUnsignedString(k) + " does not exist: expected 0.."
                        + (BpfCode.MEMWORDS - 1);
    }

    private String aluObjection() {
        final int operation = BpfCode.operationOf(code);
        final boolean constant = BpfCode.sourceOf(code) == BpfCode.K;
        if (code > 0xFF || operation > BpfCode.XOR || (operation == BpfCode.NEG && !constant)) {
            return unknown();
        }
        if (constant && k == 0 && (operation == BpfCode.DIV || operation == BpfCode.MOD)) {
            return "division by zero";
        }
        return "";
    }

    private String jumpObjection() {
        final int operation = BpfCode.operationOf(code);
        final boolean known = operation == BpfCode.JA
                ? code == (BpfCode.JMP | BpfCode.JA)
                : operation <= BpfCode.JSET && code <= 0xFF;
        return known ? "" : unknown();
    }

    private String unknown() {
        return "code 0x" + Integer.toHexString(code) + " is no instruction";
    }

    /**
     * A line of {@code tcpdump -d}, if it is an instruction of a {@link BpfProgram}.
     *
     * @param index place in the program, from 0
     * @return such as <code>(001) jeq      #0x800           jt 2	jf 5</code>
     */
    public String toString(final int index) {
        return isConditional()
                ? String.format(
                        Locale.ROOT,
                        "(%03d) %-8s %-16s jt %d\tjf %d",
                        index,
                        name(),
                        operand(index),
                        index + 1 + jt,
                        index + 1 + jf)
                : String.format(Locale.ROOT, "(%03d) %-8s %s", index, name(), operand(index));
    }

    private String name() {
        final int operation = BpfCode.operationOf(code) >> 4;
        return switch (BpfCode.classOf(code)) {
            case BpfCode.LD -> "ld" + sizeLetter();
            case BpfCode.LDX -> "ldx" + sizeLetter();
            case BpfCode.ST -> "st";
            case BpfCode.STX -> "stx";
            case BpfCode.ALU -> ALU_NAMES[operation];
            case BpfCode.JMP -> JUMP_NAMES[operation];
            case BpfCode.RET -> "ret";
            default -> code == (BpfCode.MISC | BpfCode.TAX) ? "tax" : "txa";
        };
    }

    private String sizeLetter() {
        return switch (BpfCode.sizeOf(code)) {
            case BpfCode.H -> "h";
            case BpfCode.B -> "b";
            default -> "";
        };
    }

    private String operand(final int index) {
        return switch (BpfCode.classOf(code)) {
            case BpfCode.LD, BpfCode.LDX -> loadOperand();
            case BpfCode.ST, BpfCode.STX -> "M[" + k + "]";
            case BpfCode.ALU -> aluOperand();
            case BpfCode.JMP -> jumpOperand(index);
            case BpfCode.RET -> code == BpfCode.RET ? "#" + k : "";
            default -> "";
        };
    }

    private String loadOperand() {
        return switch (BpfCode.modeOf(code)) {
            case BpfCode.IMM -> hex();
            case BpfCode.ABS -> "[" + k + "]";
            case BpfCode.IND -> "[x + " + k + "]";
            case BpfCode.MEM -> "M[" + k + "]";
            case BpfCode.LEN -> "#pktlen";
            default -> "4*([" + k + "]&0xf)";
        };
    }

    private String aluOperand() {
        if (BpfCode.sourceOf(code) == BpfCode.X) {
            return "x";
        }
        return switch (BpfCode.operationOf(code)) {
            case BpfCode.NEG -> "";
            case BpfCode.AND, BpfCode.OR, BpfCode.XOR -> hex();
            default -> "#" + k;
        };
    }

    private String jumpOperand(final int index) {
        if (isJump()) {
            return Integer.toString(index + 1 + k);
        }
        return BpfCode.sourceOf(code) == BpfCode.X ? "x" : hex();
    }

    private String hex() {
        return "#0x" + Integer.toHexString(k);
    }
}
