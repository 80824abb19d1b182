package org.reactornetmap.test;

import java.nio.ByteBuffer;

/**
 * A second, plain computation of the checksums of frames without IP options and extension headers, which shares no code
 * with what it checks: the checksum field is skipped and compared, not summed over, and carries are added at once.
 */
final class ReferenceChecks {

    private ReferenceChecks() {}

    static boolean isValid(ByteBuffer frame) {
        int offset = 12;
        while (word(frame, offset) == 0x8100) {
            offset += 4;
        }
        int ip = offset + 2;
        return switch (word(frame, offset)) {
            case 0x0806 -> true;
            case 0x0800 ->
                word(frame, ip + 10) == headerChecksum(frame, ip)
                        && isTransportValid(frame, frame.get(ip + 9), ip + 12, 4, ip + 20, word(frame, ip + 2) - 20);
            case 0x86dd -> isTransportValid(frame, frame.get(ip + 6), ip + 8, 16, ip + 40, word(frame, ip + 4));
            default -> throw new IllegalArgumentException("type " + word(frame, offset));
        };
    }

    /** The checksum over a range in which the checksum field is zero. */
    static int checksum(ByteBuffer frame, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum = add(sum, i, frame.get(offset + i));
        }
        return 0xffff - sum;
    }

    private static int headerChecksum(ByteBuffer frame, int ip) {
        ByteBuffer copy = ByteBuffer.allocate(20).put(frame.slice(ip, 20)).putShort(10, (short) 0);
        return checksum(copy, 0, 20);
    }

    private static boolean isTransportValid(
            ByteBuffer frame, int protocol, int addresses, int addressLength, int transport, int length) {
        int checksumAt =
                switch (protocol) {
                    case 6 -> 16;
                    case 17 -> 6;
                    case 1, 58 -> 2;
                    default -> throw new IllegalArgumentException("protocol " + protocol);
                };
        int sum = 0;
        if (protocol != 1) {
            for (int i = 0; i < 2 * addressLength; i++) {
                sum = add(sum, i, frame.get(addresses + i));
            }
            sum = add(add(sum, 0, (byte) (length >> 8)), 1, (byte) length);
            sum = add(sum, 1, (byte) protocol);
        }
        for (int i = 0; i < length; i++) {
            if (i != checksumAt && i != checksumAt + 1) {
                sum = add(sum, i, frame.get(transport + i));
            }
        }
        int expected = protocol == 17 && sum == 0xffff ? 0xffff : 0xffff - sum;
        return word(frame, transport + checksumAt) == expected;
    }

    private static int add(int sum, int index, byte value) {
        int added = sum + ((value & 0xff) << (index % 2 == 0 ? 8 : 0));
        return added > 0xffff ? added - 0xffff : added;
    }

    private static int word(ByteBuffer frame, int offset) {
        return ((frame.get(offset) & 0xff) << 8) | (frame.get(offset + 1) & 0xff);
    }
}
