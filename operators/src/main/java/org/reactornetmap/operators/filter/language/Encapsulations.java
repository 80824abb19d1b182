package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.ADD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ALU;
import static org.reactornetmap.operators.filter.bpf.BpfCode.AND;
import static org.reactornetmap.operators.filter.bpf.BpfCode.B;
import static org.reactornetmap.operators.filter.bpf.BpfCode.H;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IMM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.IND;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JEQ;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JMP;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LDX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MEM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MISC;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MUL;
import static org.reactornetmap.operators.filter.bpf.BpfCode.ST;
import static org.reactornetmap.operators.filter.bpf.BpfCode.STX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.TAX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.TXA;
import static org.reactornetmap.operators.filter.bpf.BpfCode.W;
import static org.reactornetmap.operators.filter.bpf.BpfCode.X;
import static org.reactornetmap.operators.filter.language.Place.LAST_LABEL;
import static org.reactornetmap.operators.filter.language.Place.NETWORK_HEADER;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code vlan}, {@code mpls}, {@code pppoes} and {@code geneve}: each tests for its header and, with a number, what is in it;
 * whatever is written later looks behind it.
 */
final class Encapsulations {
    private static final int MAX_VLAN = 0xFFF;
    private static final int MAX_MPLS_LABEL = 0xFFFFF;
    private static final int MAX_PPPOE_SESSION = 0xFFFF;
    private static final int PPPOE_LENGTH = 6;

    private static final int MAX_GENEVE_NETWORK = 0xFFFFFF;
    private static final int GENEVE_PORT = 6081;
    private static final int UDP_LENGTH = 8;
    private static final int GENEVE_LENGTH = 8;

    private final Code code;
    private final Layout layout;
    private final LinkTests links;
    private final PortTests ports;

    Encapsulations(final Code code, final LinkTests links, final PortTests ports) {
        this.code = code;
        this.layout = code.layout();
        this.links = links;
        this.ports = ports;
    }

    Condition vlan(final @Nullable Integer tag) {
        if (layout.isLabelled()) {
            throw new Rejection("there is no 'vlan' behind 'mpls'");
        }
        if (layout.link() != LinkLayer.ETHERNET) {
            throw new Rejection(
                    "'vlan' needs Ethernet: this is " + layout.link().description());
        }
        Condition test = links.carries(Numbers.ETHERTYPE_VLAN)
                .or(links.carries(Numbers.ETHERTYPE_SERVICE_VLAN))
                .or(links.carries(Numbers.ETHERTYPE_OLD_SERVICE_VLAN));
        if (tag != null) {
            check("VLAN tag", tag, MAX_VLAN);
            test = test.and(code.equal(NETWORK_HEADER, 0, H, tag, MAX_VLAN));
        }
        layout.enterVlan();
        return test;
    }

    Condition mpls(final @Nullable Integer label) {
        Condition test;
        if (layout.isLabelled()) {
            test = code.equal(LAST_LABEL, 2, B, 0, 0x01);
        } else if (layout.link() == LinkLayer.ETHERNET) {
            test = links.carries(Numbers.ETHERTYPE_MPLS);
        } else if (layout.link() == LinkLayer.PPP) {
            test = links.carries(Numbers.PPP_MPLS);
        } else {
            throw new Rejection(
                    "'mpls' needs Ethernet or PPP: this is " + layout.link().description());
        }
        if (label != null) {
            check("MPLS label", label, MAX_MPLS_LABEL);
            test = test.and(code.equal(NETWORK_HEADER, 0, W, label << 12, MAX_MPLS_LABEL << 12));
        }
        layout.enterMpls();
        return test;
    }

    Condition pppoeDiscovery() {
        return links.carries(Numbers.ETHERTYPE_PPPOE_DISCOVERY);
    }

    Condition pppoeSession(final @Nullable Integer session) {
        Condition test = links.carries(Numbers.ETHERTYPE_PPPOE_SESSION);
        if (session != null) {
            check("PPPoE session", session, MAX_PPPOE_SESSION);
            test = test.and(code.equal(NETWORK_HEADER, 0, W, session, MAX_PPPOE_SESSION));
        }
        layout.enterPpp(PPPOE_LENGTH);
        return test;
    }

    Condition geneve(final @Nullable Integer network) {
        if (network != null) {
            check("Geneve network", network, MAX_GENEVE_NETWORK);
        }
        final PortTests.Ports port = PortTests.Ports.one(GENEVE_PORT, Numbers.IP_UDP, Direction.DST);
        final Condition v4 =
                ports.ipv4(port).and(geneveHeader(Place.IPV4_PAYLOAD, network)).and(proceed(ipv4LengthInA()));
        final Condition v6 =
                ports.ipv6(port).and(geneveHeader(Place.IPV6_PAYLOAD, network)).and(proceed(ipv6LengthInA()));
        final List<Statement> offsets = enterGeneve();
        offsets.add(code.statement(LD | IMM, 0));
        return v4.or(v6).and(code.condition(offsets, JEQ, 0));
    }

    private Condition geneveHeader(final Place place, final @Nullable Integer network) {
        final Condition isVersion0 = code.equal(place, UDP_LENGTH, B, 0, 0xC0);
        return network == null
                ? isVersion0
                : isVersion0.and(code.equal(place, UDP_LENGTH + 4, W, network << 8, MAX_GENEVE_NETWORK << 8));
    }

    /** Statements between two tests, as a test that is always true: A is X. */
    private Condition proceed(final List<Statement> statements) {
        return code.condition(statements, JEQ | X, 0);
    }

    /** Leaves in A, and in X, the length of the IPv4 header and the variable part of its offset. */
    private List<Statement> ipv4LengthInA() {
        final List<Statement> statements = code.loadIpv4Length();
        statements.add(code.statement(MISC | TXA));
        return statements;
    }

    private List<Statement> ipv6LengthInA() {
        final List<Statement> statements = code.loadVariablePart(layout.payload());
        statements.add(code.statement(LD | IMM, 40));
        if (layout.payload().isVariable()) {
            statements.add(code.statement(ALU | ADD | X));
        }
        statements.add(code.statement(MISC | TAX));
        return statements;
    }

    /**
     * Computes where the parts of the packet inside lie. With an Ethernet frame inside, the type and the payload are that
     * frame's; else its type is that of the Geneve header, and its payload begins where its Ethernet header would.
     */
    private List<Statement> enterGeneve() {
        final int header = layout.payload().constant() + layout.network() + UDP_LENGTH;
        final int typeRegister = code.registers().take();
        final int headerRegister = code.registers().take();
        final int payloadRegister = code.registers().take();

        final Statement isEthernet = code.statement(JMP | JEQ, Numbers.ETHERTYPE_ETHERNET);
        final Statement ethernet = code.statement(MISC | TXA);
        final Statement done = code.statement(STX, payloadRegister);
        isEthernet.jump(ethernet, done);

        layout.enterGeneve(typeRegister, headerRegister, payloadRegister);
        return new ArrayList<>(List.of(
                code.statement(ALU | ADD, header),
                code.statement(MISC | TAX),
                code.statement(ALU | ADD, 2),
                code.statement(ST, typeRegister),
                code.statement(LD | IND | B, 0),
                code.statement(ALU | AND, 0x3F),
                code.statement(ALU | MUL, 4),
                code.statement(ALU | ADD, GENEVE_LENGTH),
                code.statement(ALU | ADD | X),
                code.statement(ST, headerRegister),
                code.statement(LD | IND | H, 2),
                code.statement(LDX | MEM, headerRegister),
                isEthernet,
                ethernet,
                code.statement(ALU | ADD, 12),
                code.statement(ST, typeRegister),
                code.statement(ALU | ADD, 2),
                code.statement(MISC | TAX),
                done));
    }

    private static void check(final String what, final int value, final int max) {
        if (Integer.compareUnsigned(value, max) > 0) {
            throw new Rejection(what + " " + Integer.toUnsignedString(value) + " does not exist: expected 0.." + max);
        }
    }
}
