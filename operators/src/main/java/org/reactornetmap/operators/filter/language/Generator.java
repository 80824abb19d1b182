package org.reactornetmap.operators.filter.language;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/** All that the {@link Parser} generates code with, for one expression: what is written first moves what follows. */
final class Generator {
    private static final int ALL_BITS = -1;

    private final Code code;
    private final int snapLength;
    private final ProtocolTests protocols;
    private final FrameTests frames;
    private final Encapsulations encapsulations;
    private final IdentifierTests identifiers;
    private final Arithmetic arithmetic;

    Generator(final FilterTarget target) {
        snapLength = target.snapLength();
        code = new Code(new Layout(target.linkType()));
        final LinkTests links = new LinkTests(code, target.nullOrder());
        protocols = new ProtocolTests(code, links);
        frames = new FrameTests(code, links, netmask(target.netmask()));
        final PortTests ports = new PortTests(code, links, protocols);
        encapsulations = new Encapsulations(code, links, ports);
        identifiers = new IdentifierTests(
                code, new HostTests(code, links), ports, protocols, new ProtocolChain(code, links), target.names());
        arithmetic = new Arithmetic(code, protocols);
    }

    private static @Nullable Integer netmask(final @Nullable Inet4Address mask) {
        if (mask == null) {
            return null;
        }
        final int bits = ByteBuffer.wrap(mask.getAddress()).getInt();
        return bits == ALL_BITS ? null : bits;
    }

    ProtocolTests protocols() {
        return protocols;
    }

    FrameTests frames() {
        return frames;
    }

    Encapsulations encapsulations() {
        return encapsulations;
    }

    IdentifierTests identifiers() {
        return identifiers;
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    /**
     * The program of an expression.
     *
     * @param condition null if the expression is empty, and all frames match
     * @throws Rejection if the program is too long
     */
    BpfProgram program(final @Nullable Condition condition) {
        final Block match = code.verdict(snapLength);
        if (condition == null) {
            return Assembler.assemble(match);
        }
        condition.leadTo(match, code.verdict(0));
        return Assembler.assemble(condition.entry());
    }
}
