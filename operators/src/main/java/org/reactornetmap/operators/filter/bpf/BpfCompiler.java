package org.reactornetmap.operators.filter.bpf;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Compiles programs to bytecode: registers, memory cells and fields of the frame that are read more than once become local
 * variables, jumps are jumps, a chain of comparisons is a switch, and one check of the frame's length does for as many loads
 * as it can. HotSpot compiles the rest.
 *
 * <p>Each program becomes a hidden class, which goes when its matcher does. HotSpot does not compile methods of more than
 * 8,000 bytes, so a long program becomes several methods that call each other.
 */
public final class BpfCompiler {
    /** Longer ones are interpreted. */
    static final int MAX_INSTRUCTIONS = 1 << 14;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final String NAME =
            Type.getInternalName(BpfCompiler.class).replace("BpfCompiler", "CompiledProgram");

    /** Estimated bytes of a method, with room for its exits. */
    private static final int PART_BYTES = 6_500;

    private BpfCompiler() {}

    /**
     * Compiles a program. Takes some 100 µs for a typical one, and blocks nobody.
     *
     * @param program what to compile
     * @return a matcher that gives the verdicts of {@link BpfInterpreter}; that interpreter if the program is too long
     */
    public static BpfMatcher compile(final BpfProgram program) {
        if (program.length() > MAX_INSTRUCTIONS) {
            return BpfInterpreter.of(program);
        }
        final int[] part = split(program);
        if (program.isLooping() && part[part.length - 1] > 0) {
            return BpfInterpreter.of(program); // a part can't jump back to another
        }
        try {
            return define(write(new ProgramFacts(program, part)));
        } catch (final MethodTooLargeException | ClassTooLargeException e) {
            return BpfInterpreter.of(program);
        }
    }

    private static int[] split(final BpfProgram program) {
        final int[] part = new int[program.length()];
        int number = 0;
        int bytes = 0;
        for (int i = 0; i < part.length; i++) {
            final int size = estimate(program.instructions().get(i).code());
            bytes += size;
            if (bytes > PART_BYTES) {
                number++;
                bytes = size;
            }
            part[i] = number;
        }
        return part;
    }

    private static int estimate(final int code) {
        return switch (BpfCode.classOf(code)) {
            case BpfCode.LD, BpfCode.LDX -> 150;
            case BpfCode.ALU -> 16;
            case BpfCode.JMP -> 16;
            default -> 4;
        };
    }

    private static byte[] write(final ProgramFacts facts) {
        final ClassWriter type = new ClassWriter(0);
        type.visit(
                Opcodes.V17,
                Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
                NAME,
                null,
                "java/lang/Object",
                new String[] {Type.getInternalName(BpfMatcher.class)});
        writeConstructor(type);
        for (final FrameForm form : FrameForm.values()) {
            writeProgram(type, form, facts);
        }
        type.visitEnd();
        return type.toByteArray();
    }

    private static void writeConstructor(final ClassWriter type) {
        final MethodVisitor code = type.visitMethod(0, "<init>", "()V", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(1, 1);
        code.visitEnd();
    }

    private static void writeProgram(final ClassWriter type, final FrameForm form, final ProgramFacts facts) {
        final List<SortedSet<Integer>> entries = new ArrayList<>();
        for (int i = 0; i < facts.parts; i++) {
            entries.add(new TreeSet<>());
        }
        for (int i = 0; i < facts.parts; i++) {
            if (i > 0 && entries.get(i).isEmpty()) {
                continue;
            }
            final MethodVisitor code = i == 0
                    ? type.visitMethod(Opcodes.ACC_PUBLIC, form.method(), form.descriptor(), null, null)
                    : type.visitMethod(
                            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC,
                            ProgramMethod.partName(i),
                            ProgramMethod.partDescriptor(facts, form),
                            null,
                            null);
            new ProgramMethod(facts, form, i, entries, NAME, code).write();
        }
    }

    private static BpfMatcher define(final byte[] type) {
        try {
            return (BpfMatcher) LOOKUP.defineHiddenClass(type, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("a compiled program can't be made", e);
        }
    }
}
