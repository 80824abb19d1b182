package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.NetmapPermissionException;
import org.reactornetmap.driver.NetmapUnavailableException;
import org.reactornetmap.driver.NoSuchPortException;

/** What errors are told as that need no kernel to be made; {@link KernelErrorsTest} has the others. */
class ErrnoAdviceTest {
    private static final int ENOENT = 2;
    private static final int EIO = 5;
    private static final int ENXIO = 6;
    private static final int ENOMEM = 12;
    private static final int EACCES = 13;
    private static final int EBUSY = 16;
    private static final int ENODEV = 19;
    private static final int EMFILE = 24;

    @Test
    void shouldSayThatTheModuleIsNotLoaded() {
        assertThat(KernelErrors.noDevice(ENOENT))
                .isInstanceOf(NetmapUnavailableException.class)
                .hasMessageContaining("open on /dev/netmap failed with error(2) ENOENT")
                .hasMessageContaining("modprobe netmap");
    }

    @Test
    void shouldSayHowToGetPermission() {
        assertThat(KernelErrors.noDevice(EACCES))
                .isInstanceOf(NetmapPermissionException.class)
                .hasMessageContaining("KERNEL==\"netmap\", GROUP=\"netmap\"")
                .hasMessageContaining("join the group");
    }

    @Test
    void shouldSayWhichLimitOfTheProcessIsReached() {
        assertThat(KernelErrors.noDevice(EMFILE)).hasMessageEndingWith("raise ulimit -n.");
        assertThat(KernelErrors.failed("eventfd", "", EMFILE)).hasMessageEndingWith("raise ulimit -n.");
        assertThat(KernelErrors.failed("mmap", "x{1", ENOMEM))
                .isInstanceOf(NetmapMemoryException.class)
                .hasMessageContaining("vm.max_map_count");
    }

    @ParameterizedTest(name = "{displayName} {0} {1}")
    @CsvSource({
        ENXIO + ", eth0, The interface has vanished",
        ENXIO + ", '', REGISTER first",
        EIO + ", eth0, A ring is stopped",
        EBUSY + ", eth0, The kernel syncs this port itself",
    })
    void shouldSayWhyASyncFailed(final int number, final String port, final String advice) {
        assertThat(KernelErrors.syncFailed("NIOCTXSYNC", port, number)).hasMessageContaining(advice);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNameTheInterfacesThatThereAreWhenOneVanishes() {
        assertThat(KernelErrors.interfaceFailed("SIOCETHTOOL(GLINK)", "LO", ENODEV))
                .isInstanceOf(NoSuchPortException.class)
                .hasMessageEndingWith("The interface has vanished: did you mean lo?");
        assertThatThrownBy(() -> Ethtool.isLinkUp("nosuch0"))
                .isInstanceOf(NoSuchPortException.class)
                .hasMessageContaining("SIOCETHTOOL(GLINK) on nosuch0 failed")
                .hasMessageContaining("The interface has vanished: this machine (or container) has ");
    }
}
