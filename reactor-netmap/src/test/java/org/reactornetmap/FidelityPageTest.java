package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.reactornetmap.conformance.Semantic;
import org.reactornetmap.driver.kernel.KernelRecord;

/**
 * {@code docs/netmap-fidelity.md} says what the conformance suite checks; {@code -Dfidelity.write=true} writes it anew.
 */
class FidelityPageTest {
    private static final Path PAGE = Path.of("..", "docs", "netmap-fidelity.md");
    private static final Path PROGRAMS = Path.of("..", "docs", "kernel-programs.txt");
    private static final String HEAD = """
            # How faithful the drivers are to netmap

            Each line is something netmap does (luigirizzo/netmap at 89607e14), and the test of the conformance suite
            `org.reactornetmap.conformance` that pins it. The suite runs against the embedded driver in every build, once in
            `STRICT` and once in `FAITHFUL`; any other driver's tests extend `DriverConformance` (it is in the test-jar of
            `reactor-netmap`) and supply a `ConformanceTarget`. `-Dconformance.seed=` repeats a failed random test.

            The last column says whether the same tests have passed on a kernel with netmap, in the last whole run of
            `./mvnw verify -Pkernel`. Where it says "not yet", the source of the kernel module is all that the
            line rests on.

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
            - A persistent VALE port that was opened, or that is in two switches, can leave its switch. netmap at 89607e14
              takes the name away that the switch knows it by (`netmap_update_config`): DETACH is ENXIO and DELIF EBUSY
              for as long as the module is loaded. Tests that would leave such ports are not run on the kernel.
            - A VALE_ATTACH that is refused for its mode leaves nothing. netmap at 89607e14 keeps a reference to the
              interface, so that the system cannot remove it any more.
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

    private static final String PROGRAMS_HEAD = """

            ## With netmap's own programs

            `KernelProgramsTest` puts netmap's `pkt-gen` and `bridge` at one end of a wire and this library at the other, or
            one between two of the other, with frames of 60 bytes. On a pipe they must agree to the packet. A switch
            (`vale`) and two interfaces through netmap's generic adapter (`veth`) drop what comes faster than it is taken,
            netmap counts no drops there, and the test holds them to the first 200 frames; so what is missing is how much
            faster one side was than the other. No frame came otherwise than it was sent: addresses, ports and
            length of each are looked at, and pkt-gen's dump of ten is compared byte by byte. Needs
            `-Dnetmap.programs=DIR`, where netmap was built; `docs/kernel-programs.txt` is a copy of what the last run left
            in `target`. That was
            """;

    private static String page() throws IOException {
        final Map<String, List<String>> pins = Semantic.pins();
        final KernelRecord kernel = KernelRecord.committed();
        final StringBuilder page = new StringBuilder(HEAD);
        for (final Semantic semantic : Semantic.all()) {
            final List<String> tests = pins.getOrDefault(semantic.id(), List.of());
            page.append("| ").append(semantic.id());
            page.append(" | ").append(semantic.text());
            if (semantic.inapplicable().isEmpty()) {
                page.append(" | `").append(String.join("`, `", tests));
                page.append("` | ").append(onTheKernel(kernel, tests)).append(" |\n");
            } else {
                page.append(" | not applicable: ")
                        .append(semantic.inapplicable())
                        .append(" | - |\n");
            }
        }
        return page.append(lastRun(kernel)).append(programs()).append(TAIL).toString();
    }

    /** What {@code KernelProgramsTest} counted: a line that says where, then a row for each way and wire. */
    private static String programs() throws IOException {
        final StringBuilder text = new StringBuilder(PROGRAMS_HEAD);
        final List<String> lines = Files.readAllLines(PROGRAMS);
        text.append(lines.get(0)).append(".\n\n| Way | Wire | sent | received | dropped |\n|---|---|---|---|---|\n");
        lines.subList(1, lines.size())
                .forEach(row -> text.append("| ").append(row).append(" |\n"));
        return text.toString();
    }

    private static String onTheKernel(final KernelRecord kernel, final List<String> tests) {
        final Set<KernelRecord.Outcome> outcomes = tests.stream()
                .map(test -> kernel.outcome("KernelConformanceTest", test))
                .collect(Collectors.toCollection(HashSet::new));
        if (outcomes.contains(KernelRecord.Outcome.FAILED)) {
            return "differs";
        }
        if (outcomes.contains(null)) {
            return "not yet";
        }
        if (outcomes.equals(Set.of(KernelRecord.Outcome.PASSED))) {
            return "passed";
        }
        return outcomes.equals(Set.of(KernelRecord.Outcome.SKIPPED))
                ? "not run, see below"
                : "passed in part, see below";
    }

    /** What was run on a kernel, and which one it was. */
    private static String lastRun(final KernelRecord kernel) {
        final StringBuilder text = new StringBuilder("\n## The last run on a kernel\n\n");
        if (kernel.where().isEmpty()) {
            return text.append("There was none yet.\n").toString();
        }
        text.append(kernel.where());
        text.append(". `docs/kernel-tests.txt` has each test.\n\n");
        text.append("| Tests | passed | in part | not run | failed |\n|---|---|---|---|---|\n");
        kernel.counts().forEach((name, counts) -> {
            text.append("| `").append(name).append('`');
            for (final KernelRecord.Outcome outcome : KernelRecord.Outcome.values()) {
                text.append(" | ").append(counts.getOrDefault(outcome, 0L));
            }
            text.append(" |\n");
        });
        return text.toString();
    }

    @Test
    void shouldListEverySemanticWithItsTest() throws IOException {
        if (Boolean.getBoolean("fidelity.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }
}
