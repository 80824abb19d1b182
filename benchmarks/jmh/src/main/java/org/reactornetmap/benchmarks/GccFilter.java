package org.reactornetmap.benchmarks;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.reactornetmap.operators.filter.bpf.BpfCode;
import org.reactornetmap.operators.filter.bpf.BpfInstruction;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/** A program translated to C, instruction by instruction, and compiled by {@code gcc -O2}. */
final class GccFilter {
    private static final String[] OPERATORS = {"+", "-", "*", "/", "|", "&", "<<", ">>", "", "%", "^"};
    private static final String[] COMPARISONS = {"", "==", ">", ">=", "&"};

    private GccFilter() {}

    /** The compiled function's address. */
    static Pointer compile(final BpfProgram program) {
        try {
            final Path directory = Files.createTempDirectory("filter");
            final Path source = Files.writeString(directory.resolve("filter.c"), translate(program));
            final Path library = directory.resolve("libfilter.so");
            final int status = new ProcessBuilder(
                            "gcc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("gcc failed on " + source);
            }
            return NativeLibrary.getInstance(library.toString()).getFunction("filter");
        } catch (final IOException e) {
            throw new IllegalStateException("gcc is needed to measure what it makes of a filter", e);
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String translate(final BpfProgram program) {
        final StringBuilder c = new StringBuilder("""
                #include <stdint.h>
                #include <string.h>
                static inline uint32_t u32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return __builtin_bswap32(v); }
                static inline uint32_t u16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return __builtin_bswap16(v); }
                static inline uint32_t u8(const uint8_t *p) { return *p; }
                uint32_t filter(void *program, const uint8_t *p, uint32_t wire, uint32_t captured) {
                uint32_t a = 0, x = 0, m[16] = {0};
                """);
        for (int i = 0; i < program.length(); i++) {
            c.append("l" + i + ": ")
                    .append(translate(program.instructions().get(i), i))
                    .append('\n');
        }
        return c.append("}\n").toString();
    }

    private static String translate(final BpfInstruction each, final int at) {
        final int code = each.code();
        final String k = Integer.toUnsignedString(each.k()) + "u";
        final String operand = BpfCode.sourceOf(code) == BpfCode.X ? "x" : k;
        final int operation = BpfCode.operationOf(code) >> 4;
        return switch (BpfCode.classOf(code)) {
            case BpfCode.LD -> load(code, k, "a");
            case BpfCode.LDX -> load(code, k, "x");
            case BpfCode.ST -> "m[" + k + "] = a;";
            case BpfCode.STX -> "m[" + k + "] = x;";
            case BpfCode.ALU ->
                operation == BpfCode.NEG >> 4
                        ? "a = -a;"
                        : (operation == BpfCode.DIV >> 4 || operation == BpfCode.MOD >> 4
                                        ? "if (" + operand + " == 0) return 0; "
                                        : "")
                                + "a = a " + OPERATORS[operation] + " " + operand + ";";
            case BpfCode.JMP ->
                operation == BpfCode.JA
                        ? "goto l" + (at + 1 + each.k()) + ";"
                        : "if (a " + COMPARISONS[operation] + " " + operand + ") goto l" + (at + 1 + each.jt())
                                + "; else goto l" + (at + 1 + each.jf()) + ";";
            case BpfCode.RET -> code == BpfCode.RET ? "return " + k + ";" : "return a;";
            default -> code == (BpfCode.MISC | BpfCode.TAX) ? "x = a;" : "a = x;";
        };
    }

    private static String load(final int code, final String k, final String to) {
        final int size =
                switch (BpfCode.sizeOf(code)) {
                    case BpfCode.W -> 4;
                    case BpfCode.H -> 2;
                    default -> 1;
                };
        return switch (BpfCode.modeOf(code)) {
            case BpfCode.IMM -> to + " = " + k + ";";
            case BpfCode.MEM -> to + " = m[" + k + "];";
            case BpfCode.LEN -> to + " = wire;";
            case BpfCode.MSH -> "if (captured <= " + k + ") return 0; x = (p[" + k + "] & 15) << 2;";
            case BpfCode.ABS ->
                "if (captured < " + k + " + " + size + ") return 0; a = u" + 8 * size + "(p + " + k + ");";
            default ->
                "if ((uint64_t) x + " + k + " + " + size + " > captured) return 0; a = u" + 8 * size + "(p + x + " + k
                        + ");";
        };
    }
}
