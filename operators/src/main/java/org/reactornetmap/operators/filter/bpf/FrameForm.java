package org.reactornetmap.operators.filter.bpf;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.reactornetmap.packet.Packet;

/** Where a frame's bytes are, as bytecode: how a method that is given one begins, and how it loads a value. */
enum FrameForm {
    /** An array. */
    ARRAY(byte[].class),
    /** A direct, big-endian buffer with the frame inside its limit, below 2^30; goes to {@link #BUFFER} with any other. */
    DIRECT(MappedByteBuffer.class),
    /** Any buffer. */
    BUFFER(ByteBuffer.class),
    /** A packet, which may have several slots, and begins at 0. */
    PACKET(Packet.class);

    /** Variables of a method that a user calls. Those of a static one begin with the frame at 0. */
    static final int FRAME = 1;

    static final int START = 2;
    static final int CAPTURED = 3;
    static final int WIRE = 4;

    /** The method that {@link #DIRECT} leaves all other buffers to. */
    private static final String ANY_BUFFER = "anyBuffer";

    private static final String ANY_BUFFER_DESCRIPTOR = "(Ljava/nio/ByteBuffer;III)I";
    private static final int MAX_START = Integer.MAX_VALUE >>> 1;

    private static final String ACCESS = Type.getInternalName(FrameAccess.class);

    private final String type;

    FrameForm(final Class<?> type) {
        this.type = Type.getDescriptor(type);
    }

    /** Its method's name. */
    String method() {
        return this == BUFFER ? ANY_BUFFER : "run";
    }

    /** Its method's descriptor. */
    String descriptor() {
        return switch (this) {
            case ARRAY -> "(" + type + "III)I";
            case DIRECT, BUFFER -> ANY_BUFFER_DESCRIPTOR;
            case PACKET -> "(" + type + ")I";
        };
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
    void begin(final MethodVisitor code, final String owner) {
        switch (this) {
            case ARRAY, BUFFER -> {
                pushRange(code);
                code.visitMethodInsn(Opcodes.INVOKESTATIC, ACCESS, "whole", "(" + type + "II)" + type, false);
                code.visitVarInsn(Opcodes.ASTORE, FRAME);
            }
            case DIRECT -> beginDirect(code, owner);
            case PACKET -> {
                code.visitInsn(Opcodes.ICONST_0);
                code.visitVarInsn(Opcodes.ISTORE, START);
                ask(code, "length", CAPTURED);
                ask(code, "wireLength", WIRE);
            }
        }
    }

    private void beginDirect(final MethodVisitor code, final String owner) {
        final Label direct = new Label();
        pushRange(code);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, ACCESS, "isDirect", "(Ljava/nio/ByteBuffer;II)Z", false);
        code.visitJumpInsn(Opcodes.IFNE, direct);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        pushRange(code);
        code.visitVarInsn(Opcodes.ILOAD, WIRE);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, ANY_BUFFER, ANY_BUFFER_DESCRIPTOR, false);
        code.visitInsn(Opcodes.IRETURN);
        code.visitLabel(direct);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        code.visitVarInsn(Opcodes.ALOAD, FRAME);
        code.visitTypeInsn(Opcodes.CHECKCAST, verificationType());
        code.visitVarInsn(Opcodes.ASTORE, FRAME);
        // Tells HotSpot what was checked: that the start is not negative, nor is it with an offset added.
        code.visitVarInsn(Opcodes.ILOAD, START);
        code.visitLdcInsn(MAX_START);
        code.visitInsn(Opcodes.IAND);
        code.visitVarInsn(Opcodes.ISTORE, START);
    }

    private static void pushRange(final MethodVisitor code) {
        code.visitVarInsn(Opcodes.ALOAD, FRAME);
        code.visitVarInsn(Opcodes.ILOAD, START);
        code.visitVarInsn(Opcodes.ILOAD, CAPTURED);
    }

    private void ask(final MethodVisitor code, final String what, final int variable) {
        code.visitVarInsn(Opcodes.ALOAD, FRAME);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, verificationType(), what, "()I", false);
        code.visitVarInsn(Opcodes.ISTORE, variable);
    }

    /** Takes frame and offset from the stack and puts a value there, 0-extended. */
    void load(final MethodVisitor code, final int size) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, ACCESS, "u" + Byte.SIZE * size, "(" + type + "I)I", false);
    }
}
