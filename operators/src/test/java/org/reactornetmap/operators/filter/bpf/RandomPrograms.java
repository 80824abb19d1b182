package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Valid programs and frames made by chance, to compare engines with. Programs use every instruction; their constants come from
 * few, so that tests meet again and loads hit; frames are short, so that loads miss as well.
 */
final class RandomPrograms {
    private static final int[] SIZES = {BpfCode.W, BpfCode.H, BpfCode.B};
    private static final int[] OPERATIONS = {
        BpfCode.ADD,
        BpfCode.SUB,
        BpfCode.MUL,
        BpfCode.DIV,
        BpfCode.OR,
        BpfCode.AND,
        BpfCode.LSH,
        BpfCode.RSH,
        BpfCode.NEG,
        BpfCode.MOD,
        BpfCode.XOR
    };
    private static final int[] COMPARISONS = {BpfCode.JEQ, BpfCode.JEQ, BpfCode.JGT, BpfCode.JGE, BpfCode.JSET};
    private static final int[] CONSTANTS = {
        0,
        1,
        2,
        3,
        4,
        6,
        8,
        0x0F,
        0x11,
        0x1F,
        0x20,
        0xFF,
        0x100,
        0x1FFF,
        0x800,
        0xFFFF,
        0x10000,
        0x7FFFFFFF,
        0x80000000,
        -4,
        -1
    };
    static final int LARGEST_FRAME = 40;

    private final SplittableRandom random;

    RandomPrograms(final SplittableRandom random) {
        this.random = random;
    }

    /** A program without loops, of 1 to {@code most} instructions. */
    BpfProgram program(final int most) {
        final int length = 1 + random.nextInt(most);
        final List<BpfInstruction> instructions = new ArrayList<>(length);
        while (instructions.size() < length - 1) {
            final int reach = length - 2 - instructions.size();
            if (random.nextInt(30) == 0) {
                choice(instructions, Math.min(reach, 12));
            } else {
                instructions.add(instruction(reach));
            }
        }
        instructions.add(verdict());
        return BpfProgram.of(instructions);
    }

    /** A value compared with one constant after the other. */
    private void choice(final List<BpfInstruction> instructions, final int most) {
        for (int reach = most; reach >= 0; reach--) {
            instructions.add(new BpfInstruction(BpfCode.JMP | BpfCode.JEQ, random.nextInt(reach + 1), 0, constant()));
        }
    }

    /** A program of that many instructions that goes on nearly to its end whatever the frame. */
    BpfProgram longProgram(final int length) {
        final List<BpfInstruction> instructions = new ArrayList<>(length);
        while (instructions.size() < length - 1) {
            final BpfInstruction next = instruction(length - 2 - instructions.size());
            final int type = BpfCode.classOf(next.code());
            if (type != BpfCode.RET || random.nextInt(100) == 0) {
                instructions.add(next.k() > 8 && type <= BpfCode.LDX ? BpfInstruction.of(next.code(), 8) : next);
            }
        }
        instructions.add(verdict());
        return BpfProgram.of(instructions);
    }

    /** A program in which some jumps lead back. */
    BpfProgram loops(final int most) {
        final List<BpfInstruction> instructions = new ArrayList<>(program(most).instructions());
        for (int i = 0; i < 3; i++) {
            final int at = random.nextInt(instructions.size());
            if (at < instructions.size() - 1) {
                instructions.set(at, BpfInstruction.of(BpfCode.JMP | BpfCode.JA, -1 - random.nextInt(at + 1)));
            }
        }
        return BpfProgram.of(instructions);
    }

    /**
     * A program that compares the first four bytes with lists of values, one list after the other, which lead to different
     * returns and to a few instructions behind the lists.
     */
    BpfProgram lists(final int count) {
        final List<BpfInstruction> instructions = new ArrayList<>();
        instructions.add(BpfInstruction.of(BpfCode.LD | BpfCode.ABS | BpfCode.W, 0));
        instructions.add(new BpfInstruction(BpfCode.JMP | BpfCode.JSET, random.nextInt(4), 0, 2)); // into the middle
        for (int i = 0; i < count; i++) {
            final int length = 1 + random.nextInt(200);
            final int targets = 1 + random.nextInt(6);
            for (int left = length; left > 0; left--) {
                final int target = random.nextInt(targets);
                instructions.add(
                        new BpfInstruction(BpfCode.JMP | BpfCode.JEQ, left + target, 0, random.nextInt(3 * length)));
            }
            instructions.add(BpfInstruction.of(BpfCode.JMP | BpfCode.JA, 6));
            instructions.add(BpfInstruction.of(BpfCode.RET, 0));
            instructions.add(BpfInstruction.of(BpfCode.RET, 1));
            instructions.add(BpfInstruction.of(BpfCode.RET, i));
            instructions.add(BpfInstruction.of(BpfCode.RET | BpfCode.A, 0));
            instructions.add(BpfInstruction.of(BpfCode.LD | BpfCode.LEN, 0));
            instructions.add(BpfInstruction.of(BpfCode.RET | BpfCode.A, 0));
        }
        instructions.add(verdict());
        return BpfProgram.of(instructions);
    }

    /** A program that mostly computes, and returns what it has computed. */
    BpfProgram arithmetic(final int length) {
        final List<BpfInstruction> instructions = new ArrayList<>(length);
        while (instructions.size() < length - 1) {
            instructions.add(
                    switch (random.nextInt(16)) {
                        case 0, 1 -> BpfInstruction.of(BpfCode.LD | BpfCode.ABS | oneOf(SIZES), random.nextInt(4));
                        case 2 -> BpfInstruction.of(BpfCode.LD | BpfCode.IND | BpfCode.B, random.nextInt(4));
                        case 3 -> BpfInstruction.of(BpfCode.LDX | BpfCode.B | BpfCode.MSH, random.nextInt(4));
                        case 4, 5 -> BpfInstruction.of(BpfCode.MISC | BpfCode.TAX, 0);
                        case 6 -> BpfInstruction.of(BpfCode.MISC | BpfCode.TXA, 0);
                        case 7, 8 -> BpfInstruction.of(random.nextBoolean() ? BpfCode.ST : BpfCode.STX, cell());
                        case 9, 10 ->
                            BpfInstruction.of((random.nextBoolean() ? BpfCode.LD : BpfCode.LDX) | BpfCode.MEM, cell());
                        case 11 -> comparison(length - 2 - instructions.size());
                        default -> arithmetic();
                    });
        }
        instructions.add(BpfInstruction.of(BpfCode.RET | BpfCode.A, 0));
        return BpfProgram.of(instructions);
    }

    /** A program that differs from another one in a few instructions, or that one. */
    BpfProgram changed(final BpfProgram program) {
        final List<BpfInstruction> instructions = new ArrayList<>(program.instructions());
        for (int i = random.nextInt(3); i >= 0; i--) {
            final int at = random.nextInt(instructions.size());
            final BpfInstruction other = instructions.get(random.nextInt(instructions.size()));
            instructions.set(at, changed(instructions.get(at), other));
        }
        try {
            return BpfProgram.of(instructions);
        } catch (final BpfFormatException e) {
            return program;
        }
    }

    private BpfInstruction changed(final BpfInstruction each, final BpfInstruction other) {
        if (!each.isConditional()) {
            return random.nextBoolean()
                    ? BpfInstruction.of(each.code(), each.k() + random.nextInt(5) - 2)
                    : BpfInstruction.of(other.code(), other.k());
        }
        return switch (random.nextInt(5)) {
            case 0 -> new BpfInstruction(each.code(), each.jt(), each.jf(), other.k());
            case 1 -> new BpfInstruction(each.code(), each.jf(), each.jt(), each.k());
            case 2 ->
                new BpfInstruction(
                        each.code(), random.nextInt(Math.min(0xFF, each.jt() + each.jf()) + 1), each.jf(), each.k());
            case 3 -> new BpfInstruction(BpfCode.JMP | oneOf(COMPARISONS), each.jt(), each.jf(), each.k());
            default -> new BpfInstruction(each.code() ^ BpfCode.X, each.jt(), each.jf(), each.k());
        };
    }

    /** A frame of 0 to 40 bytes, of few values. */
    byte[] frame() {
        final byte[] frame = new byte[random.nextInt(LARGEST_FRAME + 1)];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : oneOf(CONSTANTS));
        }
        return frame;
    }

    /** Jumps at most {@code reach} instructions ahead of the next one. */
    private BpfInstruction instruction(final int reach) {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> BpfInstruction.of(BpfCode.LD | BpfCode.ABS | oneOf(SIZES), offset());
            case 4, 5 -> BpfInstruction.of(BpfCode.LD | BpfCode.IND | oneOf(SIZES), offset());
            case 6 -> BpfInstruction.of(BpfCode.LDX | BpfCode.B | BpfCode.MSH, offset());
            case 7 -> immediate();
            case 8 -> BpfInstruction.of(random.nextBoolean() ? BpfCode.ST : BpfCode.STX, cell());
            case 9 -> BpfInstruction.of((random.nextBoolean() ? BpfCode.LD : BpfCode.LDX) | BpfCode.MEM, cell());
            case 10, 11 -> arithmetic();
            case 12 -> BpfInstruction.of(BpfCode.MISC | (random.nextBoolean() ? BpfCode.TAX : BpfCode.TXA), 0);
            case 13 -> random.nextInt(4) == 0 ? verdict() : comparison(reach);
            case 14 -> BpfInstruction.of(BpfCode.JMP | BpfCode.JA, near(reach));
            default -> comparison(reach);
        };
    }

    private BpfInstruction immediate() {
        final int register = random.nextBoolean() ? BpfCode.LD : BpfCode.LDX;
        return random.nextBoolean()
                ? BpfInstruction.of(register | BpfCode.IMM, constant())
                : BpfInstruction.of(register | BpfCode.LEN, 0);
    }

    private BpfInstruction arithmetic() {
        final int operation = oneOf(OPERATIONS);
        if (operation == BpfCode.NEG) {
            return BpfInstruction.of(BpfCode.ALU | BpfCode.NEG, 0);
        }
        if (random.nextInt(3) == 0) {
            return BpfInstruction.of(BpfCode.ALU | operation | BpfCode.X, 0);
        }
        final boolean division = operation == BpfCode.DIV || operation == BpfCode.MOD;
        return BpfInstruction.of(BpfCode.ALU | operation | BpfCode.K, division ? constant() | 1 : constant());
    }

    private BpfInstruction comparison(final int reach) {
        final int source = random.nextInt(6) == 0 ? BpfCode.X : BpfCode.K;
        return new BpfInstruction(
                BpfCode.JMP | oneOf(COMPARISONS) | source,
                near(reach),
                near(reach),
                source == BpfCode.K ? constant() : 0);
    }

    private BpfInstruction verdict() {
        return switch (random.nextInt(8)) {
            case 0 -> BpfInstruction.of(BpfCode.RET | BpfCode.A, 0);
            case 1 -> BpfInstruction.of(BpfCode.RET, constant());
            case 2, 3, 4 -> BpfInstruction.of(BpfCode.RET, 0);
            default -> BpfInstruction.of(BpfCode.RET, 262144);
        };
    }

    private int near(final int reach) {
        final int most = Math.min(reach, random.nextInt(4) == 0 ? 0xFF : 6);
        return random.nextBoolean() ? 0 : random.nextInt(most + 1);
    }

    private int offset() {
        return random.nextInt(50) == 0 ? constant() : random.nextInt(random.nextInt(4) == 0 ? LARGEST_FRAME : 12);
    }

    private int cell() {
        return random.nextInt(random.nextInt(4) == 0 ? BpfCode.MEMWORDS : 3);
    }

    private int constant() {
        return random.nextInt(10) == 0 ? random.nextInt() : oneOf(CONSTANTS);
    }

    private int oneOf(final int[] values) {
        return values[random.nextInt(values.length)];
    }
}
