package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;

@Tag("kernel")
class KernelPreflightTest {
    private static Map<String, Finding> bySubject(final List<Finding> findings) {
        return findings.stream().collect(Collectors.toMap(Finding::subject, Function.identity()));
    }

    private static Map<String, Finding> look(final String spec) {
        return bySubject(Preflight.ofPort(PortSpec.parse(spec)));
    }

    @Test
    void shouldFindTheModuleAndCountItsFreeBuffers() {
        final Map<String, Finding> before = bySubject(Preflight.ofMachine());
        assertThat(before.get("module").level()).isEqualTo(Finding.Level.OK);
        final long free = before.get("pools").values().get("freeBuffers");
        try (DriverPort port =
                new KernelDriver().open(OpenRequest.of(PortSpec.parse("netmap:kpre{1@1@conf:slots=512")))) {
            assertThat(port.region().memId()).isEqualTo(1);
            assertThat(bySubject(Preflight.ofMachine()).get("pools").values())
                    .containsEntry("freeBuffers", free - 2 * 512);
        }
        assertThat(bySubject(Preflight.ofMachine()).get("pools").values()).containsEntry("freeBuffers", free);
    }

    @Test
    void shouldSayWhatAnInterfaceLacks() {
        try (VethPair veth = VethPair.create()) {
            final String name = veth.left().name();
            VethPair.ip("link set " + name + " mtu 9000");
            final Map<String, Finding> found = look("netmap:" + name);
            assertThat(found.get("rings").values()).containsEntry("rxRings", 1L).containsEntry("hostRxRings", 1L);
            assertThat(found.get("link").level()).isEqualTo(Finding.Level.OK);
            assertThat(found.get("mtu").level()).isEqualTo(Finding.Level.WARNING);
            assertThat(found.get("mtu").remedy()).contains("raise buf_size to 9024");
            assertThat(found.get("offloads").remedy()).startsWith("ethtool -K " + name + " ");

            VethPair.ip("link set " + veth.right().name() + " down");
            assertThat(look("netmap:" + name).get("link").fact()).contains("no link");
            VethPair.ip("link set " + name + " down");
            assertThat(look("netmap:" + name).get("link").remedy()).isEqualTo("ip link set " + name + " up");
        }
    }

    @Test
    void shouldSayWhatAPortWouldLackBeforeItIsOpened() {
        final Finding pools = look("netmap:kpre{2@1@conf:slots=4000").get("pools");
        assertThat(pools.level()).isEqualTo(Finding.Level.FAILURE);
        assertThat(pools.remedy()).contains("ring_size", "64256");
        assertThat(pools.values()).containsEntry("neededBuffers", 8000L).containsEntry("neededRings", 4L);
    }

    @Test
    void shouldSayThatAPortDoesNotExist() {
        assertThat(look("netmap:nosuch0").get("port").fact()).contains("There is no port nosuch0");
    }
}
