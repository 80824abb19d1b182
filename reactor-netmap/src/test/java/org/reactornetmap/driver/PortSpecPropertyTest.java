package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.PortOption.Conf;

/** What holds for every text. {@code -Dnetmap.test.seed=N} repeats a failed run. */
class PortSpecPropertyTest {

    private static final int ROUNDS = 50_000;
    private static final String ALPHABET = "netmapvlu:{}^*-/@=,._xztrRT0123456789 conf\u0000\u00e9\ud83d";
    private static final List<String> PIECES = List.of(
            "netmap:",
            "vale0:",
            "vale:",
            "null:",
            "eth0",
            "x",
            "{1",
            "}in",
            "^",
            "^2",
            "*",
            "-1",
            "-4095",
            "/x",
            "/zt",
            "/R",
            "@2",
            "@",
            "@conf:",
            "@share=",
            "@share:port=",
            "@extmem=",
            "@extmem:file=",
            "@offset=",
            "@offset:",
            "rings",
            "tx-rings",
            "slots",
            "if-num",
            "bits",
            "initial",
            "=",
            "=4",
            ",",
            "65536",
            "99999999999999999999");

    private final long seed = Long.getLong("netmap.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldThrowNothingElseForRandomCharacters() {
        for (int i = 0; i < ROUNDS; i++) {
            assertParsesOrRefuses(randomCharacters(random.nextInt(40)));
        }
    }

    @Test
    void shouldThrowNothingElseForPiecesInAnyOrder() {
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder("netmap:x");
            for (int n = random.nextInt(8); n > 0; n--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            assertParsesOrRefuses(text.substring(random.nextInt(8) == 0 ? 8 : 0));
        }
    }

    @Test
    void shouldThrowNothingElseForMutatedSpecs() {
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder(Sample.of(random).text);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                mutate(text);
            }
            assertParsesOrRefuses(text.toString());
        }
    }

    @Test
    void shouldReadBackWhatWasWritten() {
        for (int i = 0; i < ROUNDS; i++) {
            Sample sample = Sample.of(random);
            PortSpec spec = PortSpec.parse(sample.text);
            assertThat(spec.portName()).as("%s, seed %d", sample.text, seed).isEqualTo(sample.name);
            assertThat(spec.mode()).as("%s, seed %d", sample.text, seed).isEqualTo(sample.mode);
            assertThat(spec.ringId()).as("%s, seed %d", sample.text, seed).isEqualTo(sample.ring);
            assertThat(spec.flags()).as("%s, seed %d", sample.text, seed).isEqualTo(sample.flags);
            assertThat(spec.memId()).as("%s, seed %d", sample.text, seed).isEqualTo(sample.memId);
            assertThat(spec.option(Conf.class).orElse(Conf.DEFAULT))
                    .as("%s, seed %d", sample.text, seed)
                    .isEqualTo(sample.conf);
        }
    }

    private void assertParsesOrRefuses(String text) {
        try {
            assertThat(PortSpec.parse(text).text()).isEqualTo(text);
        } catch (PortSpecException e) {
            assertThat(e.position()).as("%s, seed %d", text, seed).isBetween(0, text.length());
            assertThat(e.spec()).as("seed %d", seed).isEqualTo(text);
        } catch (RuntimeException e) {
            fail("\"" + text + "\", seed " + seed, e);
        }
    }

    private String randomCharacters(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(randomCharacter());
        }
        return text.toString();
    }

    private char randomCharacter() {
        return ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    }

    private void mutate(StringBuilder text) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(3));
        switch (random.nextInt(3)) {
            case 0 -> text.insert(at, randomCharacter());
            case 1 -> text.delete(at, end);
            default -> text.insert(at, text.substring(at, end));
        }
    }

    /** A spec and what it means. */
    private record Sample(
            String text, String name, RegisterMode mode, int ring, EnumSet<RegisterFlag> flags, int memId, Conf conf) {

        private static final String FLAGS = "xztrRT";
        private static final List<RegisterFlag> MEANINGS = List.of(
                RegisterFlag.EXCLUSIVE,
                RegisterFlag.ZCOPY_MON,
                RegisterFlag.MONITOR_TX,
                RegisterFlag.MONITOR_RX,
                RegisterFlag.RX_RINGS_ONLY,
                RegisterFlag.TX_RINGS_ONLY);

        static Sample of(SplittableRandom random) {
            boolean vale = random.nextBoolean();
            String pipe = List.of("", "", "{1", "}in_2").get(random.nextInt(4));
            String name = (vale ? "vale" + random.nextInt(9) + ":" : "") + "p" + random.nextInt(99) + pipe;
            StringBuilder text = new StringBuilder(vale ? "" : "netmap:").append(name);
            int ring = random.nextInt(4095);
            RegisterMode mode = RegisterMode.ALL_NIC;
            switch (random.nextInt(5)) {
                case 0 -> mode = append(text, "^", RegisterMode.SW);
                case 1 -> mode = append(text, "*", RegisterMode.NIC_SW);
                case 2 -> mode = append(text, "^" + ring, RegisterMode.ONE_SW);
                case 3 -> mode = append(text, "-" + ring, RegisterMode.ONE_NIC);
                default -> ring = 0;
            }
            int memId = random.nextInt(3) == 0 ? 1 + random.nextInt(65535) : 0;
            if (memId > 0) {
                text.append('@').append(memId);
            }
            EnumSet<RegisterFlag> flags = EnumSet.noneOf(RegisterFlag.class);
            for (int n = random.nextInt(5); n > 0; n--) {
                int flag = random.nextInt(FLAGS.length());
                text.append(flags.isEmpty() ? "/" : "").append(FLAGS.charAt(flag));
                flags.add(MEANINGS.get(flag));
            }
            Conf conf = Conf.DEFAULT;
            if (random.nextBoolean()) {
                conf = new Conf(random.nextInt(65536), random.nextInt(65536), 0, 0, 0, random.nextInt(1 << 20));
                text.append("@conf:tx-rings=").append(conf.txRings()).append(",rx_rings=");
                text.append(conf.rxRings()).append(",rx-slots=").append(conf.rxSlots());
            }
            boolean oneRing = mode == RegisterMode.ONE_SW || mode == RegisterMode.ONE_NIC;
            return new Sample(text.toString(), name, mode, oneRing ? ring : 0, flags, memId, conf);
        }

        private static RegisterMode append(StringBuilder text, String suffix, RegisterMode mode) {
            text.append(suffix);
            return mode;
        }
    }
}
