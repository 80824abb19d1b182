package org.reactornetmap.operators.filter.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import org.reactornetmap.packet.Packet;

/**
 * Runs a program instruction by instruction: the reference that other engines are compared with. Registers are u32; memory
 * cells begin with 0.
 */
public final class BpfInterpreter implements BpfMatcher {
    private static final int SPARE_ROUNDS = 256;
    private static final int LONGEST = 1 << 15;

    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BUFFER_SHORTS =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BUFFER_INTS =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final int[] codes;
    private final int[] ks;
    private final int[] trueTargets;
    private final int[] falseTargets;

    private BpfInterpreter(final BpfProgram program) {
        final List<BpfInstruction> all = program.instructions();
        codes = all.stream().mapToInt(BpfInstruction::code).toArray();
        ks = all.stream().mapToInt(BpfInstruction::k).toArray();
        trueTargets = new int[codes.length];
        falseTargets = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            trueTargets[i] = i + 1 + all.get(i).jt();
            falseTargets[i] = i + 1 + all.get(i).jf();
        }
    }

    /**
     * An interpreter for one program.
     *
     * @param program what to run
     * @return ready to run
     */
    public static BpfInterpreter of(final BpfProgram program) {
        return new BpfInterpreter(program);
    }

    @Override
    public int run(final ByteBuffer frame, final int start, final int captured, final int wireLength) {
        Objects.checkFromIndexSize(start, captured, frame.capacity());
        final ByteBuffer whole = frame.duplicate().clear();
        return run(new Frame(captured, wireLength) {
            @Override
            int u8(final int offset) {
                return whole.get(start + offset) & 0xFF;
            }

            @Override
            int u16(final int offset) {
                return (short) BUFFER_SHORTS.get(whole, start + offset) & 0xFFFF;
            }

            @Override
            int u32(final int offset) {
                return (int) BUFFER_INTS.get(whole, start + offset);
            }
        });
    }

    @Override
    public int run(final byte[] frame, final int start, final int captured, final int wireLength) {
        Objects.checkFromIndexSize(start, captured, frame.length);
        return run(new Frame(captured, wireLength) {
            @Override
            int u8(final int offset) {
                return frame[start + offset] & 0xFF;
            }

            @Override
            int u16(final int offset) {
                return (short) SHORTS.get(frame, start + offset) & 0xFFFF;
            }

            @Override
            int u32(final int offset) {
                return (int) INTS.get(frame, start + offset);
            }
        });
    }

    @Override
    public int run(final Packet packet) {
        return run(new Frame(packet.length(), packet.wireLength()) {
            @Override
            int u8(final int offset) {
                return packet.u8(offset);
            }

            @Override
            int u16(final int offset) {
                return packet.u16(offset);
            }

            @Override
            int u32(final int offset) {
                return (int) packet.u32(offset);
            }
        });
    }

    /**
     * How often a program may jump back before it rejects a frame. A walk along headers that is not back where it was takes
     * fewer: at each byte it arrives at most twice, by a header whose length counts in fours and by one of eights. Only a frame
     * made to lead it in circles takes more.
     */
    static int maxRounds(final int captured) {
        return SPARE_ROUNDS + 2 * Math.min(captured, LONGEST);
    }

    private int run(final Frame frame) {
        final int[] cells = new int[BpfCode.MEMWORDS];
        int a = 0;
        int x = 0;
        int rounds = maxRounds(frame.captured);
        int next = 0;
        while (true) {
            final int at = next++;
            final int code = codes[at];
            final int k = ks[at];
            switch (BpfCode.classOf(code)) {
                case BpfCode.LD -> {
                    final int mode = BpfCode.modeOf(code);
                    if (mode == BpfCode.ABS || mode == BpfCode.IND) {
                        final long offset =
                                Integer.toUnsignedLong(k) + (mode == BpfCode.IND ? Integer.toUnsignedLong(x) : 0);
                        final int size = BpfCode.sizeOf(code);
                        if (!frame.has(offset, size)) {
                            return 0;
                        }
                        a = frame.load((int) offset, size);
                    } else {
                        a = immediate(mode, k, cells, frame);
                    }
                }
                case BpfCode.LDX -> {
                    final int mode = BpfCode.modeOf(code);
                    if (mode == BpfCode.MSH) {
                        final long offset = Integer.toUnsignedLong(k);
                        if (!frame.has(offset, BpfCode.B)) {
                            return 0;
                        }
                        x = (frame.u8((int) offset) & 0x0F) << 2;
                    } else {
                        x = immediate(mode, k, cells, frame);
                    }
                }
                case BpfCode.ST -> cells[k] = a;
                case BpfCode.STX -> cells[k] = x;
                case BpfCode.ALU -> {
                    final int operation = BpfCode.operationOf(code);
                    final int operand = BpfCode.sourceOf(code) == BpfCode.X ? x : k;
                    if (operand == 0 && (operation == BpfCode.DIV || operation == BpfCode.MOD)) {
                        return 0;
                    }
                    a = compute(operation, a, operand);
                }
                case BpfCode.JMP -> {
                    final int operation = BpfCode.operationOf(code);
                    if (operation != BpfCode.JA) {
                        next = holds(operation, a, BpfCode.sourceOf(code) == BpfCode.X ? x : k)
                                ? trueTargets[at]
                                : falseTargets[at];
                    } else {
                        next += k;
                        if (k < 0 && --rounds < 0) {
                            return 0;
                        }
                    }
                }
                case BpfCode.RET -> {
                    return code == (BpfCode.RET | BpfCode.A) ? a : k;
                }
                default -> {
                    if (code == (BpfCode.MISC | BpfCode.TAX)) {
                        x = a;
                    } else {
                        a = x;
                    }
                }
            }
        }
    }

    private static int immediate(final int mode, final int k, final int[] cells, final Frame frame) {
        return switch (mode) {
            case BpfCode.MEM -> cells[k];
            case BpfCode.LEN -> frame.wireLength;
            default -> k;
        };
    }

    /** What an arithmetic instruction makes of A. */
    static int compute(final int operation, final int a, final int operand) {
        return switch (operation) {
            case BpfCode.ADD -> a + operand;
            case BpfCode.SUB -> a - operand;
            case BpfCode.MUL -> a * operand;
            case BpfCode.DIV -> Integer.divideUnsigned(a, operand);
            case BpfCode.MOD -> Integer.remainderUnsigned(a, operand);
            case BpfCode.OR -> a | operand;
            case BpfCode.AND -> a & operand;
            case BpfCode.XOR -> a ^ operand;
            case BpfCode.LSH -> isShift(operand) ? a << operand : 0;
            case BpfCode.RSH -> isShift(operand) ? a >>> operand : 0;
            default -> -a;
        };
    }

    private static boolean isShift(final int operand) {
        return Integer.compareUnsigned(operand, Integer.SIZE) < 0;
    }

    /** Whether a comparison of A holds. */
    static boolean holds(final int operation, final int a, final int operand) {
        return switch (operation) {
            case BpfCode.JEQ -> a == operand;
            case BpfCode.JGT -> Integer.compareUnsigned(a, operand) > 0;
            case BpfCode.JGE -> Integer.compareUnsigned(a, operand) >= 0;
            default -> (a & operand) != 0;
        };
    }

    /** A frame, wherever its bytes are. */
    private abstract static class Frame {
        private final int captured;
        private final int wireLength;

        Frame(final int captured, final int wireLength) {
            this.captured = captured;
            this.wireLength = wireLength;
        }

        abstract int u8(int offset);

        abstract int u16(int offset);

        abstract int u32(int offset);

        private boolean has(final long offset, final int size) {
            return offset + bytes(size) <= captured;
        }

        private static int bytes(final int size) {
            return switch (size) {
                case BpfCode.W -> Integer.BYTES;
                case BpfCode.H -> Short.BYTES;
                default -> Byte.BYTES;
            };
        }

        private int load(final int offset, final int size) {
            return switch (size) {
                case BpfCode.W -> u32(offset);
                case BpfCode.H -> u16(offset);
                default -> u8(offset);
            };
        }
    }
}
