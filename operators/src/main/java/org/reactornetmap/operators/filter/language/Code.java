package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.ABS;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ADD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ALU;
import static org.reactornetmap.operators.filter.bpf.BpfCode.AND;
import static org.reactornetmap.operators.filter.bpf.BpfCode.B;
import static org.reactornetmap.operators.filter.bpf.BpfCode.H;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IMM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IND;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JEQ;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JGE;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JGT;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JMP;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JSET;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LDX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LSH;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MEM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MISC;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MSH;
import static org.reactornetmap.operators.filter.bpf.BpfCode.RET;
import static org.reactornetmap.operators.filter.bpf.BpfCode.TAX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.W;
import static org.reactornetmap.operators.filter.bpf.BpfCode.X;

import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/** What all tests are made of: statements, loads from the headers, and comparisons of what was loaded. */
final class Code {
    private static final int ALL_BITS = -1;

    private final Layout layout;
    private final Registers registers = new Registers();
    private int size;

    Code(final Layout layout) {
        this.layout = layout;
    }

    Layout layout() {
        return layout;
    }

    Registers registers() {
        return registers;
    }

    /**
     * A statement. Each one made gets into the program, so they are counted here.
     *
     * @throws Rejection if the program gets too long
     */
    Statement statement(final int code, final int k) {
        size++;
        if (size > BpfProgram.MAX_INSTRUCTIONS) {
            throw Rejection.programTooLong();
        }
        return new Statement(code, k);
    }

    Statement statement(final int code) {
        return statement(code, 0);
    }

    /** A block that ends with a conditional jump. */
    Condition condition(final List<Statement> statements, final int jump, final int k) {
        return Condition.of(new Block(statements, statement(JMP | jump, k)));
    }

    /** A block that ends the program. */
    Block verdict(final int value) {
        return new Block(List.of(), statement(RET, value));
    }

    /** A test with one outcome. */
    Condition always(final boolean outcome) {
        return condition(List.of(statement(LD | IMM, outcome ? 0 : 1)), JEQ, 0);
    }

    Condition equal(final Place place, final int offset, final int size, final int value) {
        return compare(place, offset, size, ALL_BITS, JEQ, value);
    }

    /** Whether the bits of the mask have the value. */
    Condition equal(final Place place, final int offset, final int size, final int value, final int mask) {
        return compare(place, offset, size, mask, JEQ, value);
    }

    Condition greater(final Place place, final int offset, final int size, final int value) {
        return compare(place, offset, size, ALL_BITS, JGT, value);
    }

    Condition atLeast(final Place place, final int offset, final int size, final int value) {
        return compare(place, offset, size, ALL_BITS, JGE, value);
    }

    /** Whether any bit of the mask is set. */
    Condition anySet(final Place place, final int offset, final int size, final int mask) {
        return compare(place, offset, size, ALL_BITS, JSET, mask);
    }

    /** Whether the bytes are there, tested from the last to the first: words, then halves, then a byte. */
    Condition bytes(final Place place, final int offset, final byte[] value) {
        Condition all = null;
        for (int end = value.length; end > 0; ) {
            final int length = end >= 4 ? 4 : Math.min(end, 2);
            end -= length;
            final Condition part = equal(place, offset + end, sizeOf(length), bigEndian(value, end, length));
            all = all == null ? part : all.and(part);
        }
        if (all == null) {
            throw new IllegalArgumentException("no bytes to compare");
        }
        return all;
    }

    private static int bigEndian(final byte[] bytes, final int from, final int length) {
        int value = 0;
        for (int i = from; i < from + length; i++) {
            value = (value << 8) | (bytes[i] & 0xFF);
        }
        return value;
    }

    /** The size code of a load of 1, 2 or 4 bytes. */
    static int sizeOf(final int bytes) {
        return bytes == 4 ? W : bytes == 2 ? H : B;
    }

    private Condition compare(
            final Place place, final int offset, final int size, final int mask, final int jump, final int value) {
        final List<Statement> statements = load(place, offset, size);
        if (mask != ALL_BITS) {
            statements.add(statement(ALU | AND, mask));
        }
        return condition(statements, jump, value);
    }

    /** Loads into A; may use X. The list is the caller's. */
    List<Statement> load(final Place place, final int offset, final int size) {
        final int network = layout.network();
        return switch (place) {
            case LINK_HEADER -> load(layout.linkHeader(), offset, size);
            case LINK_TYPE -> load(layout.linkType(), offset, size);
            case LINK_PAYLOAD -> load(layout.payload(), offset, size);
            case NETWORK_HEADER -> load(layout.payload(), network + offset, size);
            case NETWORK_WITHOUT_SNAP -> load(layout.payload(), layout.networkWithoutSnap() + offset, size);
            case LAST_LABEL -> load(layout.payload(), network - 4 + offset, size);
            case IPV6_PAYLOAD -> load(layout.payload(), network + 40 + offset, size);
            case IPV4_PAYLOAD -> {
                final List<Statement> statements = loadIpv4Length();
                statements.add(statement(LD | IND | size, layout.payload().constant() + network + offset));
                yield statements;
            }
        };
    }

    private List<Statement> load(final Offset base, final int offset, final int size) {
        final List<Statement> statements = loadVariablePart(base);
        statements.add(statement(LD | size | (base.isVariable() ? IND : ABS), base.constant() + offset));
        return statements;
    }

    /** Loads the register of an offset into X; nothing if it has none. The list is the caller's. */
    List<Statement> loadVariablePart(final Offset offset) {
        final List<Statement> statements = new ArrayList<>();
        if (offset.isVariable()) {
            statements.add(statement(LDX | MEM, offset.register()));
        }
        return statements;
    }

    /** Loads into X the length of the IPv4 header, plus the register of the payload's offset. The list is the caller's. */
    List<Statement> loadIpv4Length() {
        final Offset payload = layout.payload();
        final int at = payload.constant() + layout.network();
        final List<Statement> statements = loadVariablePart(payload);
        if (payload.isVariable()) {
            statements.add(statement(LD | IND | B, at));
            statements.add(statement(ALU | AND, 0xF));
            statements.add(statement(ALU | LSH, 2));
            statements.add(statement(ALU | ADD | X));
            statements.add(statement(MISC | TAX));
        } else {
            statements.add(statement(LDX | MSH | B, at));
        }
        return statements;
    }
}
