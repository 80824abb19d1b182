package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.ABS;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ADD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ALU;
import static org.reactornetmap.operators.filter.bpf.BpfCode.B;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IMM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IND;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JA;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JEQ;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JMP;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LDX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MEM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MISC;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MSH;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MUL;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ST;
import static org.reactornetmap.operators.filter.bpf.BpfCode.TAX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.TXA;
import static org.reactornetmap.operators.filter.bpf.BpfCode.X;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code protochain}: goes from header to header until it finds the protocol, the last header, or one that it cannot pass. The
 * program loops: A is the protocol of the header at X.
 */
final class ProtocolChain {
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV6_NEXT_HEADER = 6;
    private static final int IPV6_LENGTH = 40;
    private static final List<Integer> EXTENSIONS =
            List.of(Numbers.IP_HOP_BY_HOP, Numbers.IP_DESTINATION_OPTIONS, Numbers.IP_ROUTING, Numbers.IP_FRAGMENT);

    private final Code code;
    private final LinkTests links;

    ProtocolChain(final Code code, final LinkTests links) {
        this.code = code;
        this.links = links;
    }

    /**
     * Whether a protocol is in the chain.
     *
     * @throws Rejection if the carrier has no chain, or where it begins is not fixed
     */
    Condition carries(final Carrier carrier, final int protocol) {
        final int register = code.registers().take();
        if (carrier == Carrier.IP_OR_IP6) {
            // The register stays taken, as in libpcap.
            return carries(Carrier.IP, protocol).or(carries(Carrier.IP6, protocol));
        }
        if (carrier != Carrier.IP && carrier != Carrier.IP6) {
            throw new Rejection("'protochain' follows the headers of 'ip' or 'ip6' only");
        }
        if (code.layout().payload().isVariable()) {
            throw new Rejection("'protochain' needs headers of fixed length before it, not those of 'geneve'");
        }
        final boolean v6 = carrier == Carrier.IP6;
        final Condition carried = links.carries(v6 ? Numbers.ETHERTYPE_IP6 : Numbers.ETHERTYPE_IP);
        final Condition found = code.condition(new Walk(protocol, register).statements(v6), JEQ, protocol);
        code.registers().release(register);
        return carried.and(found);
    }

    /** The statements of one walk along the chain. */
    private final class Walk {
        private final int protocol;
        private final int register;
        private final int network;
        private final List<Statement> statements = new ArrayList<>();
        private final Statement isAuthentication = code.statement(JMP | JEQ, Numbers.IP_AH);
        private final Statement end = code.statement(ALU | ADD); // adds 0: a place to jump to

        Walk(final int protocol, final int register) {
            this.protocol = protocol;
            this.register = register;
            network = code.layout().payload().constant() + code.layout().network();
        }

        List<Statement> statements(final boolean v6) {
            if (v6) {
                add(LD | ABS | B, network + IPV6_NEXT_HEADER);
                add(LDX | IMM, IPV6_LENGTH);
            } else {
                add(LD | ABS | B, network + IPV4_PROTOCOL);
                add(LDX | MSH | B, network);
            }
            final int again = statements.size();
            final Statement isFound = add(JMP | JEQ, protocol);
            final Statement isLast = add(JMP | JEQ, Numbers.IP_NONE);
            isFound.jump(end, isLast);
            isLast.jump(end, v6 ? passExtension(again) : add(ALU | ADD, 0));
            passAuthentication(again);
            statements.add(end);
            return statements;
        }

        private Statement passExtension(final int again) {
            final List<Statement> tests = new ArrayList<>();
            EXTENSIONS.forEach(each -> tests.add(add(JMP | JEQ, each)));
            final Statement pass = add(LD | IND | B, network);
            add(ST, register);
            add(LD | IND | B, network + 1);
            add(ALU | ADD, 1);
            add(ALU | MUL, 8);
            add(ALU | ADD | X, 0);
            add(MISC | TAX, 0);
            add(LD | MEM, register);
            backTo(again);
            Statement otherwise = isAuthentication;
            for (int i = tests.size() - 1; i >= 0; i--) {
                tests.get(i).jump(pass, otherwise);
                otherwise = tests.get(i);
            }
            return otherwise;
        }

        private void passAuthentication(final int again) {
            statements.add(isAuthentication);
            isAuthentication.jump(add(MISC | TXA, 0), end);
            add(LD | IND | B, network);
            add(ST, register);
            add(MISC | TXA, 0);
            add(ALU | ADD, 1);
            add(MISC | TAX, 0);
            add(LD | IND | B, network);
            add(ALU | ADD, 2);
            add(ALU | MUL, 4);
            add(MISC | TAX, 0);
            add(LD | MEM, register);
            backTo(again);
        }

        private void backTo(final int index) {
            add(JMP | JA, index - statements.size() - 1);
        }

        private Statement add(final int operation, final int k) {
            final Statement statement = code.statement(operation, k);
            statements.add(statement);
            return statement;
        }
    }
}
