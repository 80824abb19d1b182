package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A program of classic BPF, checked: every instruction is one, every jump stays inside, and the last one returns. So it can
 * be run on any bytes: it ends with a verdict, and a read past the captured bytes is the verdict 0. Immutable, any thread.
 *
 * <p>Jumps lead forward, with one exception, as in libpcap: an unconditional one may lead back, which {@code protochain} needs.
 * What runs such a program bounds the number of its rounds.
 *
 * @see <a href="https://www.tcpdump.org/papers/bpf-usenix93.pdf">McCanne, Jacobson: The BSD Packet Filter (1993)</a>
 */
public final class BpfProgram {
    /** What Linux takes at most for a socket, {@code BPF_MAXINSNS}. */
    public static final int MAX_SOCKET_INSTRUCTIONS = 4096;

    /** So many that no filter needs more; fewer than what would strain a machine. */
    public static final int MAX_INSTRUCTIONS = 1 << 20;

    private final List<BpfInstruction> instructions;
    private final boolean looping;

    private BpfProgram(final List<BpfInstruction> instructions, final boolean looping) {
        this.instructions = instructions;
        this.looping = looping;
    }

    /**
     * Checks a program.
     *
     * @param instructions in order
     * @return the program
     * @throws BpfFormatException if it is none: the first instruction that is wrong, and why
     */
    public static BpfProgram of(final List<BpfInstruction> instructions) {
        final List<BpfInstruction> copy = List.copyOf(instructions);
        final int count = copy.size();
        if (count == 0 || count > MAX_INSTRUCTIONS) {
            throw new BpfFormatException("a program has 1.." + MAX_INSTRUCTIONS + " instructions: this has " + count);
        }
        boolean looping = false;
        for (int i = 0; i < count; i++) {
            final BpfInstruction each = copy.get(i);
            String objection = each.objection();
            if (objection.isEmpty() && each.isJump()) {
                objection = outside(i + 1L + each.k(), count);
                looping |= each.k() < 0;
            } else if (objection.isEmpty() && each.isConditional()) {
                objection = outside(i + 1L + Math.max(each.jt(), each.jf()), count);
            }
            if (!objection.isEmpty()) {
                throw new BpfFormatException("instruction " + i + ": " + objection);
            }
        }
        if (BpfCode.classOf(copy.get(count - 1).code()) != BpfCode.RET) {
            throw new BpfFormatException("instruction " + (count - 1) + ": the last one must be a ret");
        }
        return new BpfProgram(copy, looping);
    }

    private static String outside(final long target, final int count) {
        return target >= 0 && target < count ? "" : "it jumps to " + target + ": expected 0.." + (count - 1);
    }

    /**
     * Reads what {@link #decimal()} and {@code tcpdump -ddd} write.
     *
     * @param text the number of instructions, then each one's code, jt, jf and k in decimal; any white space between
     * @return the program
     * @throws BpfFormatException if it is none: what is wrong, and where
     */
    public static BpfProgram parseDecimal(final String text) {
        final String[] words = text.trim().split("\\s+", -1);
        final long count = number(words, 0, "the number of instructions");
        if (words.length != 1 + 4 * count) {
            throw new BpfFormatException("the text says " + count + " instructions, which are " + 4 * count
                    + " numbers, but has " + (words.length - 1) + " behind that");
        }
        final List<BpfInstruction> instructions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int at = 1 + 4 * i;
            instructions.add(new BpfInstruction(
                    small(words, at, "code", i), small(words, at + 1, "jt", i), small(words, at + 2, "jf", i), (int)
                            number(words, at + 3, "k of instruction " + i)));
        }
        return of(instructions);
    }

    private static int small(final String[] words, final int at, final String field, final int index) {
        final String what = field + " of instruction " + index;
        final long value = number(words, at, what);
        if (value > 0xFFFF) {
            throw new BpfFormatException(what + " is " + value + ": too large");
        }
        return (int) value;
    }

    private static long number(final String[] words, final int at, final String what) {
        try {
            final long value = Long.parseLong(words[at]);
            if (value >= 0 && value <= 0xFFFF_FFFFL) {
                return value;
            }
        } catch (final NumberFormatException e) {
            // Said below.
        }
        throw new BpfFormatException(what + " is '" + words[at] + "': expected a decimal number, 0..4294967295");
    }

    /**
     * The instructions.
     *
     * @return in order, immutable
     */
    public List<BpfInstruction> instructions() {
        return instructions;
    }

    /**
     * The number of instructions.
     *
     * @return 1..{@link #MAX_INSTRUCTIONS}
     */
    public int length() {
        return instructions.size();
    }

    /**
     * Whether a jump leads back.
     *
     * @return true for {@code protochain}'s programs
     */
    public boolean isLooping() {
        return looping;
    }

    /**
     * Why Linux would not take it for a socket ({@code SO_ATTACH_FILTER}), whose rules are stricter.
     *
     * @return what is in the way, and where; null if nothing is
     * @see <a href="https://github.com/torvalds/linux/blob/v6.1/net/core/filter.c">filter.c, Linux 6.1, bpf_check_classic</a>
     */
    public @Nullable String socketObjection() {
        return SocketRules.objection(this);
    }

    /**
     * What {@code tcpdump -ddd} prints: the number of instructions, then a line for each.
     *
     * @return lines, each with its end
     */
    public String decimal() {
        return length() + "\n"
                + instructions.stream()
                        .map(each -> each.code() + " " + each.jt() + " " + each.jf() + " "
                                + Integer.toUnsignedString(each.k()) + "\n")
                        .collect(Collectors.joining());
    }

    /**
     * What {@code tcpdump -d} prints.
     *
     * @return a line for each instruction, each with its end
     */
    @Override
    public String toString() {
        return IntStream.range(0, length())
                .mapToObj(i -> instructions.get(i).toString(i) + "\n")
                .collect(Collectors.joining());
    }

    @Override
    public boolean equals(final @Nullable Object other) {
        return other instanceof BpfProgram program && program.instructions.equals(instructions);
    }

    @Override
    public int hashCode() {
        return instructions.hashCode();
    }
}
