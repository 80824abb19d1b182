package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactornetmap.conformance.Semantic;

/**
 * {@code docs/netmap-fidelity.md} says what the conformance suite checks; {@code -Dfidelity.write=true} writes it anew.
 */
class FidelityPageTest {
    private static final Path PAGE = Path.of("..", "docs", "netmap-fidelity.md");
    private static final String HEAD = """
            # How faithful the drivers are to netmap

            Each line is something netmap does (luigirizzo/netmap at 89607e14), and the test of the conformance suite
            `org.reactornetmap.conformance` that pins it. The suite runs against the embedded driver in every build, once in
            `STRICT` and once in `FAITHFUL`; any other driver's tests extend `DriverConformance` (it is in the test-jar of
            `reactor-netmap`) and supply a `ConformanceTarget`. `-Dconformance.seed=` repeats a failed random test.

            The last column says whether the same test has passed on a kernel with netmap. Until it has, the source of the
            kernel module is all that the line rests on.

            This page is checked by `FidelityPageTest`; with `-Dfidelity.write=true` that test writes it.

            | # | What netmap does | Test | On the kernel |
            |---|---|---|---|
            """;

    private static String page() {
        final Map<String, List<String>> pins = Semantic.pins();
        final StringBuilder page = new StringBuilder(HEAD);
        for (final Semantic semantic : Semantic.all()) {
            final String tests = semantic.inapplicable().isEmpty()
                    ? "`" + String.join("`, `", pins.getOrDefault(semantic.id(), List.of())) + "`"
                    : "not applicable: " + semantic.inapplicable();
            final String checked = semantic.inapplicable().isEmpty() ? "checked on the kernel: not yet" : "-";
            page.append("| ").append(semantic.id());
            page.append(" | ").append(semantic.text());
            page.append(" | ").append(tests);
            page.append(" | ").append(checked).append(" |\n");
        }
        return page.toString();
    }

    @Test
    void shouldListEverySemanticWithItsTest() throws IOException {
        if (Boolean.getBoolean("fidelity.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }
}
