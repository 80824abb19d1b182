package org.reactornetmap.operators.filter.bpf;

import java.nio.ByteBuffer;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.reactornetmap.packet.Packet;

/**
 * Where a frame's bytes are, as bytecode: how a method that is given one begins, and how it loads a value. The offset of a
 * load is in the variable {@code start} plus, on the stack, what the instruction says.
 */
enum FrameForm {
    /** An array. */
    ARRAY(Type.getDescriptor(byte[].class)) {
        @Override
        void begin(final MethodVisitor code) {
            code.visitVarInsn(Opcodes.ILOAD, START);
            code.visitVarInsn(Opcodes.ILOAD, CAPTURED);
            code.visitVarInsn(Opcodes.ALOAD, FRAME);
            code.visitInsn(Opcodes.ARRAYLENGTH);
            checkRange(code);
        }

        @Override
        void load(final MethodVisitor code, final int frame, final int size, final Runnable offset) {
            if (size == Byte.BYTES) {
                code.visitVarInsn(Opcodes.ALOAD, frame);
                offset.run();
                code.visitInsn(Opcodes.BALOAD);
                mask(code, 0xFF);
            } else {
                view(code, frame, size, "", offset);
            }
        }
    },

    /** A buffer. One with an array goes the array's way, so what is left is direct or read-only. */
    BUFFER(Type.getDescriptor(ByteBuffer.class)) {
        @Override
        void begin(final MethodVisitor code) {
            code.visitVarInsn(Opcodes.ILOAD, START);
            code.visitVarInsn(Opcodes.ILOAD, CAPTURED);
            ask(code, "capacity", "()I");
            checkRange(code);
            final Label noArray = new Label();
            ask(code, "hasArray", "()Z");
            code.visitJumpInsn(Opcodes.IFEQ, noArray);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            ask(code, "array", "()[B");
            ask(code, "arrayOffset", "()I");
            code.visitVarInsn(Opcodes.ILOAD, START);
            code.visitInsn(Opcodes.IADD);
            code.visitVarInsn(Opcodes.ILOAD, CAPTURED);
            code.visitVarInsn(Opcodes.ILOAD, WIRE);
            code.visitMethodInsn(
                    Opcodes.INVOKEINTERFACE, Type.getInternalName(BpfMatcher.class), "run", "([BIII)I", true);
            code.visitInsn(Opcodes.IRETURN);
            code.visitLabel(noArray);
            code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
            // Views keep to the limit.
            final Label within = new Label();
            ask(code, "limit", "()I");
            code.visitVarInsn(Opcodes.ILOAD, START);
            code.visitInsn(Opcodes.ISUB);
            code.visitVarInsn(Opcodes.ILOAD, CAPTURED);
            code.visitJumpInsn(Opcodes.IF_ICMPGE, within);
            code.visitVarInsn(Opcodes.ALOAD, FRAME);
            code.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    ACCESS,
                    "whole",
                    Type.getMethodDescriptor(Type.getType(ByteBuffer.class), Type.getType(ByteBuffer.class)),
                    false);
            code.visitVarInsn(Opcodes.ASTORE, FRAME);
            code.visitLabel(within);
            code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        }

        private void ask(final MethodVisitor code, final String what, final String descriptor) {
            code.visitVarInsn(Opcodes.ALOAD, FRAME);
            code.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL, Type.getInternalName(ByteBuffer.class), what, descriptor, false);
        }

        @Override
        void load(final MethodVisitor code, final int frame, final int size, final Runnable offset) {
            if (size == Byte.BYTES) {
                code.visitVarInsn(Opcodes.ALOAD, frame);
                offset.run();
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL, Type.getInternalName(ByteBuffer.class), "get", "(I)B", false);
                mask(code, 0xFF);
            } else {
                view(code, frame, size, "BUFFER_", offset);
            }
        }
    },

    /** A packet, which may have several slots. */
    PACKET(Type.getDescriptor(Packet.class)) {
        @Override
        void begin(final MethodVisitor code) {
            code.visitInsn(Opcodes.ICONST_0);
            code.visitVarInsn(Opcodes.ISTORE, START);
            ask(code, "length");
            code.visitVarInsn(Opcodes.ISTORE, CAPTURED);
            ask(code, "wireLength");
            code.visitVarInsn(Opcodes.ISTORE, WIRE);
        }

        private void ask(final MethodVisitor code, final String what) {
            code.visitVarInsn(Opcodes.ALOAD, FRAME);
            code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, Type.getInternalName(Packet.class), what, "()I", false);
        }

        @Override
        void load(final MethodVisitor code, final int frame, final int size, final Runnable offset) {
            code.visitVarInsn(Opcodes.ALOAD, frame);
            offset.run();
            final String name = "u" + Byte.SIZE * size;
            final boolean isInt = size == Integer.BYTES;
            code.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL, Type.getInternalName(Packet.class), name, isInt ? "(I)J" : "(I)I", false);
            if (isInt) {
                code.visitInsn(Opcodes.L2I);
            }
        }
    };

    /** Variables of a method that a user calls. Those of a static one begin with the frame at 0. */
    static final int FRAME = 1;

    static final int START = 2;
    static final int CAPTURED = 3;
    static final int WIRE = 4;

    private static final String ACCESS = Type.getInternalName(FrameAccess.class);

    private final String type;

    FrameForm(final String type) {
        this.type = type;
    }

    /** What the interface's method takes. */
    String descriptor() {
        return this == PACKET ? "(" + type + ")I" : "(" + type + "III)I";
    }

    /** The frame as a descriptor. */
    String type() {
        return type;
    }

    /** The frame as a frame of the verifier names it. */
    String verificationType() {
        return Type.getType(type).getInternalName();
    }

    /** Checks the arguments and fills the variables up to {@link #WIRE}. */
    abstract void begin(MethodVisitor code);

    /** Puts a value on the stack, 0-extended. */
    abstract void load(MethodVisitor code, int frame, int size, Runnable offset);

    private static void checkRange(final MethodVisitor code) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/util/Objects", "checkFromIndexSize", "(III)I", false);
        code.visitInsn(Opcodes.POP);
    }

    private static void mask(final MethodVisitor code, final int mask) {
        code.visitLdcInsn(mask);
        code.visitInsn(Opcodes.IAND);
    }

    void view(final MethodVisitor code, final int frame, final int size, final String prefix, final Runnable offset) {
        final boolean isShort = size == Short.BYTES;
        code.visitFieldInsn(
                Opcodes.GETSTATIC, ACCESS, prefix + (isShort ? "SHORTS" : "INTS"), "Ljava/lang/invoke/VarHandle;");
        code.visitVarInsn(Opcodes.ALOAD, frame);
        offset.run();
        code.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                "java/lang/invoke/VarHandle",
                "get",
                "(" + type + (isShort ? "I)S" : "I)I"),
                false);
        if (isShort) {
            mask(code, 0xFFFF);
        }
    }
}
