package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.driver.NetmapException.Category;

class NetmapErrnoExceptionTest {

    @Test
    void shouldSayWhatHappenedAndWhatToDo() {
        NetmapErrnoException e = NetmapErrnoException.of(
                "NIOCCTRL(REGISTER)", "netmap:x{1", Errno.EBUSY, "Close the program that has it open.");

        assertThat(e)
                .hasMessage("NIOCCTRL(REGISTER) on netmap:x{1 failed with error(16) EBUSY: Device or resource busy."
                        + " Close the program that has it open.");
        assertThat(e.fact())
                .isEqualTo("NIOCCTRL(REGISTER) on netmap:x{1 failed with error(16) EBUSY: Device or resource busy");
        assertThat(e.advice()).isEqualTo("Close the program that has it open.");
        assertThat(e.errno()).isEqualTo(Errno.EBUSY);
        assertThat(e.number()).isEqualTo(16);
        assertThat(e.call()).isEqualTo("NIOCCTRL(REGISTER)");
        assertThat(e.port()).isEqualTo("netmap:x{1");
    }

    @Test
    void shouldLeaveOutWhatIsEmpty() {
        assertThat(NetmapErrnoException.of("poll", "", Errno.EINTR, ""))
                .hasMessage("poll failed with error(4) EINTR: Interrupted system call");
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "EBUSY,  PortBusyException",
        "ENXIO,  NoSuchPortException",
        "ENODEV, NoSuchPortException",
        "EACCES, NetmapPermissionException",
        "EPERM,  NetmapPermissionException",
        "ENOMEM, NetmapMemoryException",
        "EINVAL, NetmapErrnoException",
        "EIO,    NetmapErrnoException",
    })
    void shouldPickSubclass(Errno errno, String type) {
        assertThat(NetmapErrnoException.of("open", "x", errno, "").getClass().getSimpleName())
                .isEqualTo(type);
        assertThat(NetmapErrnoException.of("open", "x", errno.number(), "")
                        .getClass()
                        .getSimpleName())
                .isEqualTo(type);
    }

    @Test
    void shouldKeepNumberThatHasNoName() {
        NetmapErrnoException e = NetmapErrnoException.of("open", "x", 133, "");

        assertThat(e.errno()).isEqualTo(Errno.UNKNOWN);
        assertThat(e.number()).isEqualTo(133);
        assertThat(e).hasMessage("open on x failed with error(133) UNKNOWN: Unknown error");
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @EnumSource(Errno.class)
    void shouldFindErrnoByNumber(Errno errno) {
        assertThat(Errno.of(errno.number())).isEqualTo(errno);
        assertThat(errno.text()).isNotBlank();
    }

    @Test
    void shouldTellHowFarTheTroubleReaches() {
        assertThat(NetmapErrnoException.of("poll", "x", Errno.EAGAIN, "").category())
                .isEqualTo(Category.WARNING);
        assertThat(NetmapErrnoException.of("poll", "x", Errno.EINTR, "").category())
                .isEqualTo(Category.WARNING);
        assertThat(NetmapErrnoException.of("poll", "x", Errno.EIO, "").category())
                .isEqualTo(Category.ERROR);
        assertThat(new NetmapUnavailableException("none", null).fact()).isEqualTo("none");
        assertThat(new NetmapUnavailableException("none", null).category()).isEqualTo(Category.FATAL);
    }
}
