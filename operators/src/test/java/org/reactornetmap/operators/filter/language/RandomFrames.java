package org.reactornetmap.operators.filter.language;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.reactornetmap.packet.LinkType;

/** Frames by chance: headers that fit together, of the addresses that {@link RandomExpressions} asks for; then damaged. */
final class RandomFrames {
    private static final int[] ADDRESSES = {0x0A000001, 0x0A000002, 0xC0A80001, 0xE0000001, 0x7F000000};
    private static final int[] PORTS = {53, 80, 443, 1024, 6081, 22};
    private static final int[] PROTOCOLS = {6, 6, 17, 17, 132, 1, 2, 9, 50, 51, 58, 103, 112};
    private static final int[] EXTENSIONS = {0, 43, 44, 51, 60};

    private final SplittableRandom random;
    private ByteBuffer out = ByteBuffer.allocate(0);

    RandomFrames(final SplittableRandom random) {
        this.random = random;
    }

    private int one(final int... of) {
        return of[random.nextInt(of.length)];
    }

    byte[] next(final LinkType linkType) {
        out = ByteBuffer.allocate(600);
        switch (linkType) {
            case ETHERNET -> ethernet(0);
            case NULL -> family(true);
            case LOOP -> family(false);
            case LINUX_SLL -> {
                out.putShort((short) random.nextInt(5)).putShort((short) 1).putShort((short) 6);
                out.putLong(0x0200_0000_0001_0000L);
                typed(0);
            }
            case LINUX_SLL2 -> {
                final int start = out.position();
                typed(0);
                final byte[] payload = Arrays.copyOfRange(out.array(), start + 2, out.position());
                out.position(start + 2);
                out.putShort((short) 0).putInt(random.nextInt(4)).putShort((short) 1);
                out.put((byte) random.nextInt(5)).put((byte) 6).putLong(0x0200_0000_0001_0000L);
                out.put(payload);
            }
            default -> ip(0);
        }
        return damaged(Arrays.copyOf(out.array(), out.position()));
    }

    private byte[] damaged(final byte[] frame) {
        for (int times = one(0, 0, 0, 1, 2, 5); times > 0; times--) {
            frame[random.nextInt(frame.length)] = (byte) one(0, 1, 0xFF, random.nextInt(256));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length + 1)) : frame;
    }

    private void ethernet(final int depth) {
        for (int i = 0; i < 2; i++) {
            out.putShort((short) one(0x0200, 0x0200, 0xFFFF, 0x0100)).putInt(one(1, 2, -1));
        }
        typed(depth);
    }

    private void family(final boolean swapped) {
        final int at = out.position();
        out.putInt(0);
        final int family = ip(0) == 4 ? 2 : one(24, 28, 30, 10);
        out.putInt(at, swapped ? Integer.reverseBytes(family) : family);
    }

    /** A type, and what it says. */
    private void typed(final int depth) {
        final int at = out.position();
        out.putShort((short) 0);
        switch (random.nextInt(depth > 2 ? 6 : 12)) {
            case 6, 7 -> {
                out.putShort(at, (short) one(0x8100, 0x88A8, 0x9100));
                out.putShort((short) one(100, 5, 0x2064));
                typed(depth + 1);
            }
            case 8 -> {
                out.putShort(at, (short) 0x8847);
                for (int more = random.nextInt(3); more > 0; more--) {
                    out.putInt((one(1024, 7) << 12) | 64);
                }
                out.putInt((1024 << 12) | 0x140);
                ip(depth + 1);
            }
            case 9 -> {
                out.putShort(at, (short) one(0x8864, 0x8864, 0x8863));
                out.putShort((short) 0x1100).putShort((short) one(7, 8)).putShort((short) 40);
                final int type = out.position();
                out.putShort((short) 0);
                out.putShort(type, (short) (ip(depth + 1) == 4 ? 0x21 : 0x57));
            }
            case 10 -> llc(at);
            case 4 -> {
                out.putShort(at, (short) one(0x0806, 0x8035, 0x6003, 0x6004, 0x809B, 0x80F3, 0x8137));
                out.putLong(0x0001_0800_0604_0001L).putShort((short) 0x0200).putInt(1);
                out.putInt(one(ADDRESSES)).putShort((short) 0).putInt(0).putInt(one(ADDRESSES));
            }
            default -> out.putShort(at, (short) (ip(depth) == 4 ? 0x0800 : 0x86DD));
        }
    }

    private void llc(final int at) {
        out.putShort(at, (short) one(40, 1500, 4, 1));
        final int point = one(0xFE, 0x42, 0xE0, 0xF0, 0xAA, 0xFF, 6);
        out.put((byte) point).put((byte) point).put((byte) one(3, 1, 5, 0, 0xAF));
        if (point == 0xFE) {
            out.put((byte) one(0x81, 0x82, 0x83)).put((byte) 27).put((byte) 1).put((byte) 0);
            out.put((byte) one(15, 16, 17, 18, 20, 24, 25, 26, 27)).putInt(0);
        } else {
            out.put((byte) one(0, 8)).putShort((short) one(0, 7)).putShort((short) one(0x809B, 0x80F3, 0x8137));
            out.putLong(0);
        }
    }

    /** Returns the version. */
    private int ip(final int depth) {
        final int protocol = one(PROTOCOLS);
        if (random.nextInt(3) > 0) {
            final int words = one(5, 5, 5, 6, 15);
            out.put((byte) (0x40 | words)).put((byte) random.nextInt(256)).putShort((short) random.nextInt(1500));
            out.putShort((short) random.nextInt(3)).putShort((short) one(0, 0, 0, 0x4000, 0x2000, 0x2001, 0x1FFF));
            out.put((byte) one(64, 1, 255)).put((byte) protocol).putShort((short) random.nextInt(3));
            out.putInt(one(ADDRESSES)).putInt(one(ADDRESSES));
            for (int i = 5; i < words; i++) {
                out.putInt(random.nextInt());
            }
            transport(protocol, depth);
            return 4;
        }
        final int extension = random.nextInt(3) == 0 ? one(EXTENSIONS) : -1;
        out.putInt(0x60000000 | random.nextInt(1 << 28)).putShort((short) random.nextInt(1500));
        out.put((byte) (extension < 0 ? protocol : extension)).put((byte) 64);
        for (int i = 0; i < 2; i++) {
            out.putInt(one(0xFE800000, 0x20010DB8, 0xFF020000, 0))
                    .putInt(0)
                    .putInt(one(0, 0xFFFF))
                    .putInt(one(1, 0x0A000001));
        }
        if (extension >= 0) {
            out.put((byte) one(protocol, protocol, 44, 59, 51))
                    .put((byte) one(0, 0, 1))
                    .putShort((short) 0)
                    .putInt(1);
        }
        transport(protocol, depth);
        return 6;
    }

    private void transport(final int protocol, final int depth) {
        switch (protocol) {
            case 6, 132 -> {
                out.putShort((short) one(PORTS)).putShort((short) one(PORTS)).putLong(random.nextLong());
                out.putShort((short) (0x5000 | random.nextInt(256)))
                        .putShort((short) 512)
                        .putInt(0);
            }
            case 17 -> {
                out.putShort((short) one(PORTS)).putShort((short) one(PORTS)).putInt(random.nextInt(100) << 16);
                if (depth < 2 && random.nextInt(2) == 0) {
                    geneve(depth);
                }
            }
            case 51 ->
                out.put((byte) one(6, 17))
                        .put((byte) 4)
                        .putShort((short) 0)
                        .putLong(1)
                        .putLong(2)
                        .putLong(3);
            default ->
                out.put((byte) one(0, 8, 128, 135))
                        .put((byte) random.nextInt(3))
                        .putShort((short) 0)
                        .putLong(0);
        }
    }

    private void geneve(final int depth) {
        final int options = random.nextInt(3);
        final boolean ethernet = random.nextBoolean();
        out.putShort(out.position() - 6, (short) 6081);
        out.put((byte) (options | one(0, 0, 0, 0x40))).put((byte) 0);
        final int type = out.position();
        out.putShort((short) 0x6558).putInt(one(11, 12) << 8);
        for (int i = 0; i < options; i++) {
            out.putInt(i);
        }
        if (ethernet) {
            ethernet(depth + 1);
        } else {
            out.putShort(type, (short) (ip(depth + 1) == 4 ? 0x0800 : 0x86DD));
        }
    }
}
