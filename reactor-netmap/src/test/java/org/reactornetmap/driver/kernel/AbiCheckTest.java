package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapException;

class AbiCheckTest {
    private final NetmapErrnoException refused =
            NetmapErrnoException.of("NIOCCTRL(PORT_INFO_GET)", "", Errno.EINVAL, "");

    @Test
    void shouldSayWhichVersionsTheModuleAccepts() {
        final NetmapException mismatch = AbiCheck.mismatch(version -> version == 16 || version == 17, refused);

        assertThat(mismatch)
                .hasMessageStartingWith("API version mismatch: ours is 14, the module's is 16, 17.")
                .hasCause(refused);
        assertThat(mismatch.advice()).isEqualTo("Load the module of a netmap whose API version is 14.");
        assertThat(mismatch.category()).isEqualTo(NetmapException.Category.FATAL);
    }

    @Test
    void shouldSayThatAModuleAcceptsNone() {
        assertThat(AbiCheck.mismatch(version -> false, refused)).hasMessageContaining("older than 12");
    }
}
