package org.reactornetmap.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortOption;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.PortSpecException;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;

/** A port spec is refused with its own exception, or says what it said; what it opens leaves nothing behind. */
class PortSpecFuzzTest {
    private static final int FREE = 510;
    private static final int MOST_SLOTS = 20_000;
    private static final EmbeddedDriver DRIVER = EmbeddedDriver.create(
            EmbeddedConfig.builder().buffers(512).bufSize(64).build());

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
            "/r",
            "/R",
            "/T",
            "@1",
            "@2",
            "@conf:",
            "@share=",
            "@share:port=",
            "@offset=",
            "@offset:",
            "rings",
            "tx-rings",
            "host-rings",
            "slots",
            "bits",
            "initial",
            "=",
            "=4",
            ",",
            "65536",
            "4096",
            "99999999999999999999");

    @FuzzTest(maxDuration = "3m")
    void shouldParseOrRefuse(final byte[] input) {
        parse(input);
    }

    @Test
    void shouldParseOrRefuseRandomPieces() {
        RandomInputs.run(16, PortSpecFuzzTest::parse);
    }

    /** Pieces while the first byte is even, then as they come. */
    private static void parse(final byte[] input) {
        final FuzzInput in = new FuzzInput(input);
        final String text;
        if (in.nextBoolean()) {
            text = in.rest();
        } else {
            final StringBuilder pieces = new StringBuilder();
            while (in.hasMore()) {
                pieces.append(PIECES.get(in.next(PIECES.size())));
            }
            text = pieces.toString();
        }
        final PortSpec spec;
        try {
            spec = PortSpec.parse(text);
        } catch (final PortSpecException e) {
            assertThat(e).hasMessageStartingWith("invalid port spec at character ");
            return;
        }
        check(spec, text);
        if (isHarmless(spec)) {
            open(spec);
        }
    }

    private static void check(final PortSpec spec, final String text) {
        assertThat(spec.text()).isEqualTo(text);
        assertThat(spec.portName()).matches("[\\p{ASCII}]{1,63}");
        assertThat(spec.ringId()).isBetween(0, 4_094);
        assertThat(spec.memId()).isBetween(0, 65_535);
        assertThat(spec.options().stream().map(Object::getClass)).doesNotHaveDuplicates();
        assertThat(PortSpec.parse(spec.text())).isEqualTo(spec);
        if (spec.isPipe()) {
            assertThat(spec.portName())
                    .isEqualTo(spec.pipeParent() + (spec.isPipeMaster() ? '{' : '}') + spec.pipeId());
        }
    }

    /** Names no file, and asks for no gigabytes. */
    private static boolean isHarmless(final PortSpec spec) {
        if (spec.option(PortOption.Extmem.class).isPresent()) {
            return false;
        }
        final PortOption.Conf conf = spec.option(PortOption.Conf.class).orElse(PortOption.Conf.DEFAULT);
        return slots(conf.txRings(), conf.txSlots()) + slots(conf.rxRings(), conf.rxSlots()) <= MOST_SLOTS;
    }

    private static long slots(final int rings, final int slots) {
        return Math.min(256L, Math.max(rings, 1)) * (slots == 0 ? 1_024 : Math.min(slots, 4_096));
    }

    private static void open(final PortSpec spec) {
        try {
            DRIVER.open(OpenRequest.of(spec)).close();
        } catch (final NetmapException e) {
            assertThat(e).hasMessageContaining("failed with error");
        }
        assertThat(DRIVER.freeBuffers()).isEqualTo(FREE);
    }
}
