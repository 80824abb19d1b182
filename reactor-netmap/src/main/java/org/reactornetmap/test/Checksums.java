package org.reactornetmap.test;

import java.nio.ByteBuffer;

/**
 * The internet checksum (RFC 1071) over ranges of a big-endian buffer, and over pseudo headers. Ranges may start and
 * end at odd offsets; nothing moves a buffer's position.
 */
final class Checksums {

    private static final int ALL_ONES = 0xffff;

    private Checksums() {}

    /** The plain sum of the 16-bit words of a range, an odd last byte counted as the high half of a word. */
    static long sum(ByteBuffer buffer, int offset, int length) {
        long sum = 0;
        int end = offset + length;
        int i = offset;
        for (; i + 1 < end; i += 2) {
            sum += buffer.getShort(i) & 0xffff;
        }
        if (i < end) {
            sum += (buffer.get(i) & 0xff) << 8;
        }
        return sum;
    }

    /**
     * The sum of the pseudo header of RFC 9293 section 3.1 (IPv4) and RFC 8200 section 8.1 (IPv6). The two differ in
     * field widths only, which a one's complement sum does not see.
     *
     * @param addressesOffset offset of the source address, which the destination address follows
     * @param addressLength bytes of one address, 4 or 16
     * @param protocol protocol number of the transport header
     * @param transportLength bytes of transport header and payload
     */
    static long pseudoHeaderSum(
            ByteBuffer buffer, int addressesOffset, int addressLength, int protocol, int transportLength) {
        return sum(buffer, addressesOffset, 2 * addressLength) + protocol + transportLength;
    }

    /** The checksum field that goes with a sum taken while the field was zero: 0 to 0xffff. */
    static int checksum(long sum) {
        return ~fold(sum) & ALL_ONES;
    }

    /** As {@link #checksum}, but 0xffff for 0, which in UDP says that there is no checksum (RFC 768). */
    static int udpChecksum(long sum) {
        int checksum = checksum(sum);
        return checksum == 0 ? ALL_ONES : checksum;
    }

    /** Whether a sum that includes the checksum field says that nothing changed on the way. */
    static boolean isValid(long sumWithChecksum) {
        return fold(sumWithChecksum) == ALL_ONES;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded > ALL_ONES) {
            folded = (folded & ALL_ONES) + (folded >>> 16);
        }
        return (int) folded;
    }
}
