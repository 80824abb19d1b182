package org.reactornetmap.test;

/**
 * The flags of a TCP header, in the order of their bits from the lowest (RFC 9293 section 3.1).
 */
public enum TcpFlag {
    /** No more data from the sender, 0x01. */
    FIN(0x01, 'F'),
    /** Synchronize sequence numbers, 0x02. */
    SYN(0x02, 'S'),
    /** Reset the connection, 0x04. */
    RST(0x04, 'R'),
    /** Push, 0x08. */
    PSH(0x08, 'P'),
    /** The acknowledgment number is valid, 0x10. */
    ACK(0x10, '.'),
    /** The urgent pointer is valid, 0x20. */
    URG(0x20, 'U'),
    /** ECN echo, 0x40 (RFC 3168). */
    ECE(0x40, 'E'),
    /** Congestion window reduced, 0x80 (RFC 3168). */
    CWR(0x80, 'W');

    private final int bit;
    private final char letter;

    TcpFlag(int bit, char letter) {
        this.bit = bit;
        this.letter = letter;
    }

    /**
     * The bit of this flag in byte 13 of a TCP header.
     *
     * @return a single bit, 0x01 to 0x80
     */
    public int bit() {
        return bit;
    }

    /** The letters that tcpdump prints for the given flag byte, {@code "none"} without a flag. */
    static String letters(int flags) {
        StringBuilder letters = new StringBuilder();
        for (TcpFlag flag : values()) {
            if ((flags & flag.bit) != 0) {
                letters.append(flag.letter);
            }
        }
        return letters.isEmpty() ? "none" : letters.toString();
    }
}
