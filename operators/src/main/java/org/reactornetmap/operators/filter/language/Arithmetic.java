package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.ADD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ALU;
import static org.reactornetmap.operators.filter.bpf.BpfCode.DIV;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IMM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IND;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JEQ;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LDX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LEN;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LSH;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MEM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MISC;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MOD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.NEG;
import static org.reactornetmap.operators.filter.bpf.BpfCode.RSH;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ST;
import static org.reactornetmap.operators.filter.bpf.BpfCode.SUB;
import static org.reactornetmap.operators.filter.bpf.BpfCode.TAX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.X;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes with numbers and with bytes of the frame, as the expression says, and compares the results. */
final class Arithmetic {
    private static final int IPV6_LENGTH = 40;
    private static final int MAX_SHIFT = 31;

    private final Code code;
    private final Layout layout;
    private final Registers registers;
    private final ProtocolTests protocols;

    Arithmetic(final Code code, final ProtocolTests protocols) {
        this.code = code;
        this.layout = code.layout();
        this.registers = code.registers();
        this.protocols = protocols;
    }

    Value constant(final int number) {
        return stored(code.statement(LD | IMM, number));
    }

    /** The frame's length on the wire. */
    Value length() {
        return stored(code.statement(LD | LEN));
    }

    private Value stored(final Statement load) {
        final int register = registers.take();
        final List<Statement> statements = new ArrayList<>();
        statements.add(load);
        statements.add(code.statement(ST, register));
        return new Value(null, statements, register);
    }

    Value negate(final Value value) {
        value.statements().add(loadA(value));
        value.statements().add(code.statement(ALU | NEG));
        value.statements().add(code.statement(ST, value.register()));
        return value;
    }

    /**
     * Joins two numbers. What a frame must be is asked for the left one only, as in libpcap.
     *
     * @param operation of {@link org.reactornetmap.operators.filter.bpf.BpfCode#ALU}
     * @throws Rejection if it is a division by zero, or a shift of all bits
     */
    Value combine(final int operation, final Value left, final Value right) {
        checkOperand(operation, right.statements().get(0));
        final List<Statement> statements = left.statements();
        statements.addAll(right.statements());
        statements.add(loadX(right));
        statements.add(loadA(left));
        statements.add(code.statement(ALU | X | operation));
        registers.release(left.register());
        registers.release(right.register());
        final int register = registers.take();
        statements.add(code.statement(ST, register));
        return new Value(left.guard(), statements, register);
    }

    /** Looks at how the operand begins only, as libpcap does: so {@code tcp[0]} counts as 0, too. */
    private static void checkOperand(final int operation, final Statement first) {
        if (first.code() != (LD | IMM)) {
            return;
        }
        if ((operation == DIV || operation == MOD) && first.k() == 0) {
            throw new Rejection("division by zero");
        }
        if ((operation == LSH || operation == RSH) && Integer.compareUnsigned(first.k(), MAX_SHIFT) > 0) {
            throw new Rejection(
                    "shift by " + Integer.toUnsignedString(first.k()) + " bits: expected at most " + MAX_SHIFT);
        }
    }

    /**
     * Compares two numbers, unsigned. What their bytes are of must be there in any case: the negation is inside.
     *
     * @param jump of {@link org.reactornetmap.operators.filter.bpf.BpfCode#JMP}
     * @param negated whether the opposite is meant
     */
    Condition compare(final int jump, final boolean negated, final Value left, final Value right) {
        final List<Statement> statements = left.statements();
        statements.addAll(right.statements());
        statements.add(loadX(right));
        statements.add(loadA(left));
        final Condition test;
        if (jump == JEQ) {
            statements.add(code.statement(ALU | SUB | X));
            test = code.condition(statements, JEQ, 0);
        } else {
            test = code.condition(statements, jump | X, 0);
        }
        registers.release(left.register());
        registers.release(right.register());
        return joined(both(left.guard(), right.guard()), negated ? test.negate() : test);
    }

    /**
     * Loads bytes of a protocol's header.
     *
     * @param index of the first byte
     * @param size 1, 2 or 4
     * @throws Rejection if the size is another, or bytes of the protocol cannot be had
     */
    Value load(final Protocol protocol, final Value index, final int size) {
        final int register = registers.take();
        registers.release(index.register());
        if (size != 1 && size != 2 && size != 4) {
            throw new Rejection("cannot load " + Integer.toUnsignedString(size) + " bytes: expected 1, 2 or 4");
        }
        final Value loaded =
                switch (protocol) {
                    case ETHER -> at(layout.linkHeader(), 0, index, size, null);
                    case IP, ARP, RARP, ATALK, DECNET, SCA, LAT, MOPRC, MOPDL, IP6 ->
                        at(layout.payload(), layout.network(), index, size, protocols.is(protocol));
                    case ICMP6 ->
                        at(
                                layout.payload(),
                                layout.network() + IPV6_LENGTH,
                                index,
                                size,
                                protocols.is(Protocol.IP6).and(protocols.nextHeader(Numbers.IP_ICMP6)));
                    case SCTP, TCP, UDP, ICMP, IGMP, IGRP, PIM, VRRP, CARP -> inIpv4Payload(protocol, index, size);
                    default ->
                        throw new Rejection("bytes of '" + protocol.word()
                                + "' cannot be had: expected a protocol whose header's place is known, such as 'ether',"
                                + " 'ip', 'ip6', 'arp', 'tcp', 'udp', 'icmp'");
                };
        loaded.statements().add(code.statement(ST, register));
        return new Value(loaded.guard(), loaded.statements(), register);
    }

    private Value at(
            final Offset base, final int offset, final Value index, final int size, final @Nullable Condition guard) {
        final List<Statement> statements = index.statements();
        if (base.isVariable()) {
            statements.addAll(code.loadVariablePart(base));
            addIndexToX(statements, index);
        } else {
            statements.add(loadX(index));
        }
        statements.add(code.statement(LD | IND | Code.sizeOf(size), base.constant() + offset));
        return new Value(both(index.guard(), guard), statements, index.register());
    }

    private Value inIpv4Payload(final Protocol protocol, final Value index, final int size) {
        final List<Statement> statements = index.statements();
        statements.addAll(code.loadIpv4Length());
        addIndexToX(statements, index);
        statements.add(
                code.statement(LD | IND | Code.sizeOf(size), layout.payload().constant() + layout.network()));
        final Condition guard = protocols
                .is(Protocol.IP)
                .and(joined(index.guard(), protocols.is(protocol).and(protocols.isFirstFragment())));
        return new Value(guard, statements, index.register());
    }

    private void addIndexToX(final List<Statement> statements, final Value index) {
        statements.add(loadA(index));
        statements.add(code.statement(ALU | ADD | X));
        statements.add(code.statement(MISC | TAX));
    }

    private Statement loadA(final Value value) {
        return code.statement(LD | MEM, value.register());
    }

    private Statement loadX(final Value value) {
        return code.statement(LDX | MEM, value.register());
    }

    private static @Nullable Condition both(final @Nullable Condition first, final @Nullable Condition second) {
        return second == null ? first : joined(first, second);
    }

    private static Condition joined(final @Nullable Condition first, final Condition second) {
        return first == null ? second : first.and(second);
    }
}
