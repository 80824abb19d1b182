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
 * variables, jumps are jumps, a chain of comparisons is a look-up or a switch, and one check of the frame's length does for as
 * many loads as it can. HotSpot compiles the rest.
 *
 * <p>Each program becomes a hidden class, which goes when its matcher does. HotSpot does not compile methods of more than
 * 8,000 bytes, so a long program becomes several methods that call each other.
 */
public final class BpfCompiler {
    /** Longer ones are interpreted, which bounds time and memory: as many take a second and 100 MB at most. */
    static final int MAX_INSTRUCTIONS = 1 << 16;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final String NAME =
            Type.getInternalName(BpfCompiler.class).replace("BpfCompiler", "CompiledProgram");

    private BpfCompiler() {}

    /**
     * Compiles a program. Takes some 100 µs for a typical one, so it is not for the thread of a ring; any other may.
     *
     * @param program what to compile
     * @return a matcher that gives the verdicts of {@link BpfInterpreter}; that interpreter if the program is longer than 65,536
     *     instructions
     */
    public static BpfMatcher compile(final BpfProgram program) {
        if (program.length() > MAX_INSTRUCTIONS) {
            return BpfInterpreter.of(program);
        }
        final ProgramPlan plan = new ProgramPlan(new ProgramFacts(program));
        try {
            return define(write(plan), plan.sets);
        } catch (final MethodTooLargeException | ClassTooLargeException e) {
            return BpfInterpreter.of(program);
        }
    }

    private static byte[] write(final ProgramPlan plan) {
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
            writeProgram(type, form, plan);
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

    private static void writeProgram(final ClassWriter type, final FrameForm form, final ProgramPlan plan) {
        final List<SortedSet<Integer>> entries = new ArrayList<>();
        for (int i = 0; i < plan.parts; i++) {
            entries.add(new TreeSet<>());
        }
        for (int i = 0; i < plan.parts; i++) {
            if (i > 0 && entries.get(i).isEmpty()) {
                continue;
            }
            final MethodVisitor code = i == 0
                    ? type.visitMethod(Opcodes.ACC_PUBLIC, form.method(), form.descriptor(), null, null)
                    : type.visitMethod(
                            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC,
                            ProgramMethod.partName(i),
                            ProgramMethod.partDescriptor(plan.facts, form),
                            null,
                            null);
            new ProgramMethod(plan, form, i, entries, NAME, code).write();
        }
    }

    private static BpfMatcher define(final byte[] type, final List<ValueSet> sets) {
        try {
            return (BpfMatcher) LOOKUP.defineHiddenClassWithClassData(type, sets, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("a compiled program can't be made", e);
        }
    }
}
