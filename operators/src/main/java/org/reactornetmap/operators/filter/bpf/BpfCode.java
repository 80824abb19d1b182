package org.reactornetmap.operators.filter.bpf;

/**
 * The codes of classic BPF, named without their {@code BPF_}. An instruction's code is the sum of a class and, as the class
 * has them, size and mode, operation and source, or return value.
 *
 * @see <a href="https://github.com/the-tcpdump-group/libpcap/blob/libpcap-1.10.3/pcap/bpf.h">pcap/bpf.h, libpcap 1.10.3</a>
 */
public final class BpfCode {
    /** Class: load into A. */
    public static final int LD = 0x00;

    /** Class: load into X. */
    public static final int LDX = 0x01;

    /** Class: store A into a memory cell. */
    public static final int ST = 0x02;

    /** Class: store X into a memory cell. */
    public static final int STX = 0x03;

    /** Class: arithmetic on A. */
    public static final int ALU = 0x04;

    /** Class: jump. */
    public static final int JMP = 0x05;

    /** Class: end, with a verdict. */
    public static final int RET = 0x06;

    /** Class: between A and X. */
    public static final int MISC = 0x07;

    /** Size: 4 bytes. */
    public static final int W = 0x00;

    /** Size: 2 bytes. */
    public static final int H = 0x08;

    /** Size: 1 byte. */
    public static final int B = 0x10;

    /** Mode: the constant k. */
    public static final int IMM = 0x00;

    /** Mode: the frame at k. */
    public static final int ABS = 0x20;

    /** Mode: the frame at X + k. */
    public static final int IND = 0x40;

    /** Mode: memory cell k. */
    public static final int MEM = 0x60;

    /** Mode: the frame's length on the wire. */
    public static final int LEN = 0x80;

    /** Mode: four times the low four bits of the frame's byte at k: the length of an IPv4 header. */
    public static final int MSH = 0xA0;

    /** Operation: A + operand. */
    public static final int ADD = 0x00;

    /** Operation: A − operand. */
    public static final int SUB = 0x10;

    /** Operation: A · operand. */
    public static final int MUL = 0x20;

    /** Operation: A / operand, unsigned. By 0 it ends the program with 0. */
    public static final int DIV = 0x30;

    /** Operation: A or operand. */
    public static final int OR = 0x40;

    /** Operation: A and operand. */
    public static final int AND = 0x50;

    /** Operation: A shifted left; by 32 and more it is 0. */
    public static final int LSH = 0x60;

    /** Operation: A shifted right, unsigned; by 32 and more it is 0. */
    public static final int RSH = 0x70;

    /** Operation: −A. */
    public static final int NEG = 0x80;

    /** Operation: A modulo operand, unsigned. By 0 it ends the program with 0. */
    public static final int MOD = 0x90;

    /** Operation: A exclusive-or operand. */
    public static final int XOR = 0xA0;

    /** Jump: always, by k, which is signed and may lead back. */
    public static final int JA = 0x00;

    /** Jump: if A equals the operand. */
    public static final int JEQ = 0x10;

    /** Jump: if A is greater, unsigned. */
    public static final int JGT = 0x20;

    /** Jump: if A is greater or equal, unsigned. */
    public static final int JGE = 0x30;

    /** Jump: if A and the operand have a bit in common. */
    public static final int JSET = 0x40;

    /** Source: k. */
    public static final int K = 0x00;

    /** Source: X. */
    public static final int X = 0x08;

    /** What RET returns: A. */
    public static final int A = 0x10;

    /** MISC: A into X. */
    public static final int TAX = 0x00;

    /** MISC: X into A. */
    public static final int TXA = 0x80;

    /** Memory cells, {@code BPF_MEMWORDS}. */
    public static final int MEMWORDS = 16;

    private BpfCode() {}

    /**
     * The class of a code.
     *
     * @param code an instruction's code
     * @return {@link #LD} to {@link #MISC}
     */
    public static int classOf(final int code) {
        return code & 0x07;
    }

    /**
     * The size of a load.
     *
     * @param code an instruction's code
     * @return {@link #W}, {@link #H}, {@link #B} or nonsense
     */
    public static int sizeOf(final int code) {
        return code & 0x18;
    }

    /**
     * The mode of a load.
     *
     * @param code an instruction's code
     * @return {@link #IMM} to {@link #MSH} or nonsense
     */
    public static int modeOf(final int code) {
        return code & 0xE0;
    }

    /**
     * The operation of an arithmetic instruction or a jump.
     *
     * @param code an instruction's code
     * @return {@link #ADD} to {@link #XOR}, {@link #JA} to {@link #JSET} or nonsense
     */
    public static int operationOf(final int code) {
        return code & 0xF0;
    }

    /**
     * Where an arithmetic instruction or a jump has its operand.
     *
     * @param code an instruction's code
     * @return {@link #K} or {@link #X}
     */
    public static int sourceOf(final int code) {
        return code & 0x08;
    }
}
