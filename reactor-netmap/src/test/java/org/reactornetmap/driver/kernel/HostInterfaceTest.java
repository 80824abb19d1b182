package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HostInterfaceTest {
    private static HostInterface nic(final boolean up, final boolean link, final int mtu, final String... offloads) {
        return new HostInterface("eth7", up, link, mtu, List.of(offloads));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLookAtTheLoopbackInterface() {
        assertThat(HostInterface.exists("lo")).isTrue();
        final HostInterface lo = HostInterface.of("lo");
        assertThat(lo.name()).isEqualTo("lo");
        assertThat(lo.mtu()).isPositive();
        assertThat(lo.link()).as("loopback has a link when it is up").isEqualTo(lo.up());
        assertThat(lo.offloads()).doesNotHaveDuplicates();
    }

    @Test
    void shouldNotTakeOtherNamesForInterfaces() {
        for (final String name : new String[] {"", ".", "..", "lo/..", "vale0:a", "x{1", "x}1", "a-name-too-long0"}) {
            assertThat(HostInterface.exists(name)).as(name).isFalse();
        }
    }

    @Test
    void shouldSayHowToSwitchOffloadsOff() {
        final HostInterface nic = nic(true, true, 1500, "tso", "gro");
        assertThat(nic.ethtoolLine()).isEqualTo("ethtool -K eth7 tso off gro off");
        final Finding found = Preflight.offloads(nic);
        assertThat(found.level()).isEqualTo(Finding.Level.WARNING);
        assertThat(found.remedy()).isEqualTo(nic.ethtoolLine());
        assertThat(Preflight.offloads(nic(true, true, 1500)).level()).isEqualTo(Finding.Level.OK);
    }

    @Test
    void shouldTellDownFromNoLink() {
        assertThat(Preflight.link(nic(false, false, 1500)).remedy()).isEqualTo("ip link set eth7 up");
        assertThat(Preflight.link(nic(true, false, 1500)).fact()).isEqualTo("eth7 has no link.");
        assertThat(Preflight.link(nic(true, true, 1500)).level()).isEqualTo(Finding.Level.OK);
    }

    @Test
    void shouldHoldTheMtuAgainstTheBuffers() {
        assertThat(Preflight.mtu(nic(true, true, 2030), 2048).level()).isEqualTo(Finding.Level.OK);

        final Finding tagged = Preflight.mtu(nic(true, true, 2031), 2048);
        assertThat(tagged.level()).isEqualTo(Finding.Level.WARNING);
        assertThat(tagged.fact()).contains("frames of up to 2049 bytes may not fit");

        final Finding jumbo = Preflight.mtu(nic(true, true, 9000), 2048);
        assertThat(jumbo.level()).isEqualTo(Finding.Level.WARNING);
        assertThat(jumbo.fact()).contains("The port opens only if");
        assertThat(jumbo.remedy()).isEqualTo("ip link set eth7 mtu 2030, or raise buf_size to 9024.");
        assertThat(jumbo.values()).containsEntry("mtu", 9000L).containsEntry("bufferSize", 2048L);
    }
}
