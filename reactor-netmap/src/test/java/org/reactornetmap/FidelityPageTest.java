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

    private static final String TAIL = """

            ## Where the embedded netmap differs on purpose

            - An open VALE port that is to be attached is EBUSY, as in the kernel, but is not left plugged in. Attaching a
              persistent port does not rename the `ni_name` of those who open it.
            - A batch sent from a TX ring other than 0 floods each port once. The kernel floods a second time into a port
              that also gets unicast packets in that batch; `FAITHFUL` does so too.
            - A slot with a bad buffer index is sent with length 0, or not at all if it is the packet's first. The kernel
              would send the bytes of buffer 0.
            - A forwarder that can place nothing takes no lease. The kernel takes one of no slots, and two of those can
              lose the tail for good.
            - A frame from a sender with offsets to a receiver without begins at the start of its buffer. The kernel puts
              it where nobody looks.
            - A NIC waits for a change of the switch's ports instead of dropping what it has.
            - A pipe's automatic parent is made in the external memory directly; the kernel uses up a private id first.
            - Two threads that feed a circle of switches stop after 1,000 passes each; the kernel goes on for ever.
            - Not there, and refused with the documented error: legacy requests, CSB and the kernel loop, virtio-net
              headers.
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
        return page.append(TAIL).toString();
    }

    @Test
    void shouldListEverySemanticWithItsTest() throws IOException {
        if (Boolean.getBoolean("fidelity.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }
}
