package org.reactornetmap.operators.filter.bpf;

import java.lang.constant.ConstantDescs;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes one method: a part of a program for one form of frame. The first part is the method that users call; further ones
 * are static, and get registers, cells and the instruction to go on with as arguments.
 */
final class ProgramMethod {
    /** What {@code ldc} takes from the class data. */
    private static final Handle CLASS_DATA_AT = new Handle(
            Opcodes.H_INVOKESTATIC,
            "java/lang/invoke/MethodHandles",
            "classDataAt",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;",
            false);

    private static final String INTERPRETER = Type.getInternalName(BpfInterpreter.class);

    private final ProgramPlan plan;
    private final ProgramFacts facts;
    private final FrameForm form;
    private final int part;
    private final List<SortedSet<Integer>> entries;
    private final String owner;
    private final MethodVisitor code;

    private final int frame;
    private final int captured;
    private final int wire;
    private final int entry;
    private final int a;
    private final int x;
    private final int[] cells = new int[BpfCode.MEMWORDS];
    private final int rounds;
    private final int variables;

    private final @Nullable Label[] labels;
    private final Map<Integer, Label> exits = new HashMap<>();
    private final Label reject = new Label();
    private boolean framed;

    /**
     * Begins a method.
     *
     * @param entries of each part, the instructions that earlier ones jump to; this one adds those of later parts
     * @param owner internal name of the class
     */
    ProgramMethod(
            final ProgramPlan plan,
            final FrameForm form,
            final int part,
            final List<SortedSet<Integer>> entries,
            final String owner,
            final MethodVisitor code) {
        this.plan = plan;
        facts = plan.facts;
        this.form = form;
        this.part = part;
        this.entries = entries;
        this.owner = owner;
        this.code = code;
        labels = new Label[facts.count];
        frame = part == 0 ? FrameForm.FRAME : 0;
        captured = frame + FrameForm.CAPTURED - FrameForm.FRAME;
        wire = frame + FrameForm.WIRE - FrameForm.FRAME;
        entry = wire + 1;
        a = plan.parts == 1 ? entry : entry + 1;
        x = a + 1;
        int next = x + 1;
        final int used = facts.usedCells();
        for (int i = 0; i < cells.length; i++) {
            if ((used >>> i & 1) != 0) {
                cells[i] = next++;
            }
        }
        rounds = next;
        variables = facts.looping ? next + 1 : next;
    }

    /** The descriptor of a part other than the first. */
    static String partDescriptor(final ProgramFacts facts, final FrameForm form) {
        return "(" + form.type() + "I".repeat(6 + Integer.bitCount(facts.usedCells()) + (facts.looping ? 1 : 0)) + ")I";
    }

    static String partName(final int part) {
        return "part" + part;
    }

    void write() {
        code.visitCode();
        if (part == 0) {
            begin();
        } else {
            enter();
        }
        writeInstructions();
        writeExits();
        code.visitLabel(reject);
        frame();
        code.visitInsn(Opcodes.ICONST_0);
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(Math.max(8, variables), variables);
        code.visitEnd();
    }

    private void begin() {
        form.begin(code, owner);
        for (int i = entry; i < variables; i++) {
            code.visitInsn(Opcodes.ICONST_0);
            code.visitVarInsn(Opcodes.ISTORE, i);
        }
        if (facts.looping) {
            code.visitVarInsn(Opcodes.ILOAD, captured);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, INTERPRETER, "maxRounds", "(I)I", false);
            code.visitVarInsn(Opcodes.ISTORE, rounds);
        }
    }

    private void enter() {
        final int[] targets =
                entries.get(part).stream().mapToInt(Integer::intValue).toArray();
        code.visitVarInsn(Opcodes.ILOAD, entry);
        code.visitLookupSwitchInsn(
                reject, targets, Arrays.stream(targets).mapToObj(this::labelOf).toArray(Label[]::new));
    }

    private void writeInstructions() {
        int flow = part == 0 ? 0 : -1;
        for (int i = 0; i < facts.count; i++) {
            if (plan.part[i] != part || !facts.reached[i] || plan.merged[i]) {
                continue;
            }
            if (flow >= 0 && flow != i) {
                code.visitJumpInsn(Opcodes.GOTO, to(flow));
                flow = -1;
            }
            if (flow < 0 || facts.ways[i] > 1) {
                code.visitLabel(labelOf(i));
                frame();
            }
            flow = instruction(i);
        }
        if (flow >= 0) {
            code.visitJumpInsn(Opcodes.GOTO, to(flow));
        }
    }

    /** All variables are set from the beginning, so every frame of the verifier is the same. */
    private void frame() {
        if (framed) {
            code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
            return;
        }
        framed = true;
        final Object[] locals = new Object[variables];
        Arrays.fill(locals, Opcodes.INTEGER);
        locals[0] = owner;
        locals[frame] = form.verificationType();
        code.visitFrame(Opcodes.F_FULL, variables, locals, 0, null);
    }

    private Label labelOf(final int at) {
        Label label = labels[at];
        if (label == null) {
            label = new Label();
            labels[at] = label;
        }
        return label;
    }

    /** Where to jump to get to an instruction. */
    private Label to(final int target) {
        if (facts.rejects(target)) {
            return reject;
        }
        return plan.part[target] == part ? labelOf(target) : exits.computeIfAbsent(target, any -> new Label());
    }

    /** Ways out of this part, sorted, so that the same program always becomes the same code. */
    private void writeExits() {
        final Map<Integer, Label> calls = new TreeMap<>();
        new TreeMap<>(exits).forEach((target, label) -> {
            code.visitLabel(label);
            frame();
            if (facts.isReturn(target)) {
                instruction(target);
                return;
            }
            final int callee = plan.part[target];
            entries.get(callee).add(target);
            push(target);
            code.visitVarInsn(Opcodes.ISTORE, entry);
            code.visitJumpInsn(Opcodes.GOTO, calls.computeIfAbsent(callee, any -> new Label()));
        });
        calls.forEach((callee, label) -> {
            code.visitLabel(label);
            frame();
            code.visitVarInsn(Opcodes.ALOAD, frame);
            for (int i = frame + 1; i < variables; i++) {
                code.visitVarInsn(Opcodes.ILOAD, i);
            }
            code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, partName(callee), partDescriptor(facts, form), false);
            code.visitInsn(Opcodes.IRETURN);
        });
    }

    /**
     * Writes one instruction.
     *
     * @return which one comes behind it, -1 if none
     */
    private int instruction(final int at) {
        final int opcode = facts.codes[at];
        if (facts.lengthCheck[at] == ProgramFacts.REJECTS) {
            code.visitJumpInsn(Opcodes.GOTO, reject);
            return -1;
        }
        switch (BpfCode.classOf(opcode)) {
            case BpfCode.LD, BpfCode.LDX -> load(at);
            case BpfCode.ST, BpfCode.STX -> {
                if (facts.isLive(at, FrameKnowledge.CELLS + facts.ks[at])) {
                    move(BpfCode.classOf(opcode) == BpfCode.ST ? a : x, cells[facts.ks[at]]);
                }
            }
            case BpfCode.ALU -> compute(at);
            case BpfCode.JMP -> {
                return jump(at);
            }
            case BpfCode.RET -> {
                if (opcode == (BpfCode.RET | BpfCode.A)) {
                    code.visitVarInsn(Opcodes.ILOAD, a);
                } else {
                    push(facts.ks[at]);
                }
                code.visitInsn(Opcodes.IRETURN);
                return -1;
            }
            default -> {
                if (facts.isLive(at, facts.isTax(at) ? FrameKnowledge.X : FrameKnowledge.A)) {
                    move(facts.isTax(at) ? a : x, facts.isTax(at) ? x : a);
                }
            }
        }
        return facts.onFalse[at];
    }

    private void move(final int from, final int to) {
        code.visitVarInsn(Opcodes.ILOAD, from);
        code.visitVarInsn(Opcodes.ISTORE, to);
    }

    private void load(final int at) {
        final int opcode = facts.codes[at];
        final boolean intoX = BpfCode.classOf(opcode) == BpfCode.LDX;
        final boolean live = facts.isLive(at, intoX ? FrameKnowledge.X : FrameKnowledge.A);
        if (facts.isLoad(at)) {
            checkLength(at);
        }
        if (!live) {
            return;
        }
        switch (BpfCode.modeOf(opcode)) {
            case BpfCode.ABS, BpfCode.IND -> loadFrame(at);
            case BpfCode.MSH -> {
                loadFrame(at);
                push(0x0F);
                code.visitInsn(Opcodes.IAND);
                push(2);
                code.visitInsn(Opcodes.ISHL);
            }
            case BpfCode.MEM -> code.visitVarInsn(Opcodes.ILOAD, cells[facts.ks[at]]);
            case BpfCode.LEN -> code.visitVarInsn(Opcodes.ILOAD, wire);
            default -> push(facts.ks[at]);
        }
        code.visitVarInsn(Opcodes.ISTORE, intoX ? x : a);
    }

    private void checkLength(final int at) {
        if (facts.lengthCheck[at] > 0) {
            code.visitVarInsn(Opcodes.ILOAD, captured);
            push((int) facts.lengthCheck[at]);
            code.visitJumpInsn(Opcodes.IF_ICMPLT, reject);
        }
        if (facts.indexCheck[at]) {
            // X > captured - end, which is not below 0 where X counts as unsigned
            final boolean signed = before(at).isSigned(FrameKnowledge.X);
            code.visitVarInsn(Opcodes.ILOAD, x);
            addSignBit(signed);
            code.visitVarInsn(Opcodes.ILOAD, captured);
            push((int) -facts.end(at) + (signed ? 0 : Integer.MIN_VALUE));
            code.visitInsn(Opcodes.IADD);
            code.visitJumpInsn(Opcodes.IF_ICMPGT, reject);
        }
    }

    private void loadFrame(final int at) {
        if (form == FrameForm.BUFFER && facts.size(at) == Byte.BYTES && facts.ks[at] != 0) {
            // With the byte before it: a buffer's getter of one byte is virtual, a view's of two is not.
            loadFrame(at, facts.ks[at] - 1, Short.BYTES);
            push(0xFF);
            code.visitInsn(Opcodes.IAND);
        } else {
            loadFrame(at, facts.ks[at], facts.size(at));
        }
    }

    private void loadFrame(final int at, final int offset, final int size) {
        code.visitVarInsn(Opcodes.ALOAD, frame);
        push(offset);
        if (facts.isIndirect(at)) {
            code.visitVarInsn(Opcodes.ILOAD, x);
            code.visitInsn(Opcodes.IADD);
        }
        if (form != FrameForm.PACKET) {
            code.visitVarInsn(Opcodes.ILOAD, frame + 1);
            code.visitInsn(Opcodes.IADD);
        }
        form.load(code, size);
    }

    private FrameKnowledge before(final int at) {
        final FrameKnowledge known = facts.before[at];
        if (known == null) {
            throw new IllegalStateException("instruction " + at + " is not reached");
        }
        return known;
    }

    private void compute(final int at) {
        final int operation = BpfCode.operationOf(facts.codes[at]);
        if (facts.divides(at) && before(at).min(FrameKnowledge.X) == 0) {
            code.visitVarInsn(Opcodes.ILOAD, x);
            code.visitJumpInsn(Opcodes.IFEQ, reject);
        }
        if (!facts.isLive(at, FrameKnowledge.A)) {
            return;
        }
        code.visitVarInsn(Opcodes.ILOAD, a);
        switch (operation) {
            case BpfCode.NEG -> code.visitInsn(Opcodes.INEG);
            case BpfCode.LSH, BpfCode.RSH -> shift(at, operation == BpfCode.LSH ? Opcodes.ISHL : Opcodes.IUSHR);
            case BpfCode.DIV, BpfCode.MOD -> {
                pushOperand(at);
                divide(operation, isSigned(at));
            }
            default -> {
                pushOperand(at);
                code.visitInsn(
                        switch (operation) {
                            case BpfCode.ADD -> Opcodes.IADD;
                            case BpfCode.SUB -> Opcodes.ISUB;
                            case BpfCode.MUL -> Opcodes.IMUL;
                            case BpfCode.OR -> Opcodes.IOR;
                            case BpfCode.AND -> Opcodes.IAND;
                            default -> Opcodes.IXOR;
                        });
            }
        }
        code.visitVarInsn(Opcodes.ISTORE, a);
    }

    private void divide(final int operation, final boolean signed) {
        final boolean quotient = operation == BpfCode.DIV;
        if (signed) {
            code.visitInsn(quotient ? Opcodes.IDIV : Opcodes.IREM);
        } else {
            code.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    "java/lang/Integer",
                    quotient ? "divideUnsigned" : "remainderUnsigned",
                    "(II)I",
                    false);
        }
    }

    private void shift(final int at, final int opcode) {
        if (BpfCode.sourceOf(facts.codes[at]) == BpfCode.K) {
            final boolean all = Integer.compareUnsigned(facts.ks[at], Integer.SIZE) >= 0;
            push(all ? 0 : facts.ks[at]);
            code.visitInsn(all ? Opcodes.IAND : opcode);
            return;
        }
        code.visitVarInsn(Opcodes.ILOAD, x);
        code.visitInsn(opcode);
        if (before(at).max(FrameKnowledge.X) >= Integer.SIZE) {
            // & (X >>> 5 == 0 ? -1 : 0), as the JVM takes the low five bits of X only
            code.visitVarInsn(Opcodes.ILOAD, x);
            push(5);
            code.visitInsn(Opcodes.IUSHR);
            push(-1);
            code.visitInsn(Opcodes.IADD);
            push(Integer.SIZE - 1);
            code.visitInsn(Opcodes.ISHR);
            code.visitInsn(Opcodes.IAND);
        }
    }

    private void pushOperand(final int at) {
        if (BpfCode.sourceOf(facts.codes[at]) == BpfCode.X) {
            code.visitVarInsn(Opcodes.ILOAD, x);
        } else {
            push(facts.ks[at]);
        }
    }

    private int jump(final int at) {
        final int onTrue = facts.onTrue[at];
        final int onFalse = facts.onFalse[at];
        if (facts.isJumpBack(at)) {
            code.visitIincInsn(rounds, -1);
            code.visitVarInsn(Opcodes.ILOAD, rounds);
            code.visitJumpInsn(Opcodes.IFLT, reject);
            return onFalse;
        }
        if (facts.isJump(at) || onTrue == onFalse || facts.outcome[at] == 0) {
            return onFalse;
        }
        if (facts.outcome[at] == 1) {
            return onTrue;
        }
        if (facts.isVerdict(onTrue)
                && facts.isVerdict(onFalse)
                && BpfCode.operationOf(facts.codes[at]) != BpfCode.JEQ) {
            decide(at);
            return -1;
        }
        final ProgramPlan.Choice choice = plan.choices[at];
        if (choice != null) {
            return choose(choice);
        }
        final boolean inverted = onTrue == next(at);
        condition(at, inverted, to(inverted ? onFalse : onTrue));
        return inverted ? onTrue : onFalse;
    }

    private int next(final int at) {
        for (int i = at + 1; i < facts.count; i++) {
            if (facts.reached[i] && !plan.merged[i]) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Writes a chain of comparisons of A as look-ups and a switch.
     *
     * @return which instruction comes behind it, -1 if none
     */
    private int choose(final ProgramPlan.Choice choice) {
        choice.sets().forEach((set, target) -> {
            code.visitLdcInsn(new ConstantDynamic(
                    ConstantDescs.DEFAULT_NAME, Type.getDescriptor(ValueSet.class), CLASS_DATA_AT, set));
            code.visitVarInsn(Opcodes.ILOAD, a);
            code.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL, Type.getInternalName(ValueSet.class), "contains", "(I)Z", false);
            code.visitJumpInsn(Opcodes.IFNE, to(target));
        });
        if (choice.cases().isEmpty()) {
            return choice.otherwise();
        }
        code.visitVarInsn(Opcodes.ILOAD, a);
        code.visitLookupSwitchInsn(
                to(choice.otherwise()),
                choice.cases().keySet().stream().mapToInt(Integer::intValue).toArray(),
                choice.cases().values().stream().map(this::to).toArray(Label[]::new));
        return -1;
    }

    private void condition(final int at, final boolean inverted, final Label target) {
        final int operation = BpfCode.operationOf(facts.codes[at]);
        final boolean constant = BpfCode.sourceOf(facts.codes[at]) == BpfCode.K;
        code.visitVarInsn(Opcodes.ILOAD, a);
        if (operation == BpfCode.JSET) {
            pushOperand(at);
            code.visitInsn(Opcodes.IAND);
            code.visitJumpInsn(inverted ? Opcodes.IFEQ : Opcodes.IFNE, target);
            return;
        }
        if (operation == BpfCode.JEQ && constant && facts.ks[at] == 0) {
            code.visitJumpInsn(inverted ? Opcodes.IFNE : Opcodes.IFEQ, target);
            return;
        }
        final boolean signed = operation == BpfCode.JEQ || isSigned(at);
        addSignBit(signed);
        if (constant) {
            push(facts.ks[at] + (signed ? 0 : Integer.MIN_VALUE));
        } else {
            code.visitVarInsn(Opcodes.ILOAD, x);
            addSignBit(signed);
        }
        code.visitJumpInsn(
                switch (operation) {
                    case BpfCode.JEQ -> inverted ? Opcodes.IF_ICMPNE : Opcodes.IF_ICMPEQ;
                    case BpfCode.JGT -> inverted ? Opcodes.IF_ICMPLE : Opcodes.IF_ICMPGT;
                    default -> inverted ? Opcodes.IF_ICMPLT : Opcodes.IF_ICMPGE;
                },
                target);
    }

    /**
     * Returns one of two constants without a branch. Sizes, ranges and flags are what branches mispredict; who asks for one
     * value mostly finds it seldom, or always.
     */
    private void decide(final int at) {
        final int onTrue = facts.ks[facts.onTrue[at]];
        final int onFalse = facts.ks[facts.onFalse[at]];
        final boolean maskedIfTrue = BpfCode.operationOf(facts.codes[at]) == BpfCode.JSET ? hasCommonBit(at) : sign(at);
        final int masked = maskedIfTrue ? onFalse : onTrue; // what 0 stands for
        push(onTrue ^ onFalse);
        code.visitInsn(Opcodes.IAND);
        if (masked != 0) {
            push(masked);
            code.visitInsn(Opcodes.IXOR);
        }
        code.visitInsn(Opcodes.IRETURN);
    }

    /** Puts -1 on the stack if A and the operand have a bit in common, else 0. */
    private boolean hasCommonBit(final int at) {
        code.visitVarInsn(Opcodes.ILOAD, a);
        pushOperand(at);
        code.visitInsn(Opcodes.IAND);
        code.visitInsn(Opcodes.DUP);
        code.visitInsn(Opcodes.INEG);
        code.visitInsn(Opcodes.IOR);
        push(Integer.SIZE - 1);
        code.visitInsn(Opcodes.ISHR);
        return true;
    }

    /** Puts -1 on the stack if A is greater than the operand, for JGE if it is less, else 0. */
    private boolean sign(final int at) {
        final boolean greater = BpfCode.operationOf(facts.codes[at]) == BpfCode.JGT;
        final boolean signed = isSigned(at);
        if (greater) {
            pushOperand(at);
            widen(signed);
        }
        code.visitVarInsn(Opcodes.ILOAD, a);
        widen(signed);
        if (!greater) {
            pushOperand(at);
            widen(signed);
        }
        code.visitInsn(signed ? Opcodes.ISUB : Opcodes.LSUB);
        push(signed ? Integer.SIZE - 1 : Long.SIZE - 1);
        code.visitInsn(signed ? Opcodes.ISHR : Opcodes.LSHR);
        if (!signed) {
            code.visitInsn(Opcodes.L2I);
        }
        return greater;
    }

    private void widen(final boolean signed) {
        if (!signed) {
            code.visitInsn(Opcodes.I2L);
            code.visitLdcInsn(FrameKnowledge.MAX);
            code.visitInsn(Opcodes.LAND);
        }
    }

    /** Whether A and the operand compare as signed numbers. */
    private boolean isSigned(final int at) {
        return before(at).isSigned(FrameKnowledge.A)
                && (BpfCode.sourceOf(facts.codes[at]) == BpfCode.K
                        ? facts.ks[at] >= 0
                        : before(at).isSigned(FrameKnowledge.X));
    }

    /** Makes an unsigned comparison of a signed one. */
    private void addSignBit(final boolean signed) {
        if (!signed) {
            push(Integer.MIN_VALUE);
            code.visitInsn(Opcodes.IADD);
        }
    }

    private void push(final int value) {
        if (value >= -1 && value <= 5) {
            code.visitInsn(Opcodes.ICONST_0 + value);
        } else if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
            code.visitIntInsn(Opcodes.BIPUSH, value);
        } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
            code.visitIntInsn(Opcodes.SIPUSH, value);
        } else {
            code.visitLdcInsn(value);
        }
    }
}
