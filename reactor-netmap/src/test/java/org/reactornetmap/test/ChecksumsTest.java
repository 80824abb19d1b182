package org.reactornetmap.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChecksumsTest {

    @Test
    void shouldSumTheExampleOfRfc1071() {
        ByteBuffer example = ByteBuffer.wrap(HexFormat.of().parseHex("0001f203f4f5f6f7"));

        assertThat(Checksums.checksum(Checksums.sum(example, 0, 8))).isEqualTo(~0xddf2 & 0xffff);
    }

    @Test
    void shouldVerifyARealIpv4Header() {
        ByteBuffer header = ByteBuffer.wrap(HexFormat.of().parseHex("450000730000400040110000c0a80001c0a800c7"));

        int checksum = Checksums.checksum(Checksums.sum(header, 0, 20));

        assertThat(checksum).isEqualTo(0xb861);
        header.putShort(10, (short) checksum);
        assertThat(Checksums.isValid(Checksums.sum(header, 0, 20))).isTrue();
    }

    @Test
    void shouldNeverMakeAUdpChecksumOfZero() {
        assertThat(Checksums.checksum(0xffff)).isZero();
        assertThat(Checksums.udpChecksum(0xffff)).isEqualTo(0xffff);
    }

    @Test
    void shouldBeTheNegativeRemainderOfTheBytesAsOneNumber() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 200)];
            random.nextBytes(bytes);
            int offset = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - offset + 1);

            int checksum = Checksums.checksum(Checksums.sum(ByteBuffer.wrap(bytes), offset, length));

            assertThat(checksum)
                    .as("seed %d, round %d, offset %d, length %d", seed, i, offset, length)
                    .isEqualTo(asOneNumber(bytes, offset, length));
        }
    }

    /** 2^16 is 1 modulo 2^16 − 1, so the one's complement sum of the words is the whole number's remainder. */
    private static int asOneNumber(byte[] bytes, int offset, int length) {
        byte[] even = Arrays.copyOf(Arrays.copyOfRange(bytes, offset, offset + length), length + length % 2);
        BigInteger number = new BigInteger(1, even);
        int remainder = number.mod(BigInteger.valueOf(0xffff)).intValue();
        boolean allOnes = remainder == 0 && number.signum() != 0;
        return ~(allOnes ? 0xffff : remainder) & 0xffff;
    }
}
