package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.RequestType;

/** Numbers and memory that are handed to the kernel; none of it needs netmap. */
class LibcTest {
    private static final int ENOTTY = 25;

    /** A number that no descriptor has: processes may not open that many. */
    private static final int NOBODYS_FD = Integer.MAX_VALUE;

    @Test
    void shouldHaveTheNumbersOfLinux() {
        assertThat(LibcConstants.LINUX)
                .isEqualTo(new LibcConstants(0x80000, 0x80000, 0x80800, 0x20, 0x4000, 0x6994, 0x6995, Map.of()));
        assertThat(LibcConstants.NIOCCTRL).isEqualTo(3_227_019_671L);
    }

    @Test
    void shouldHaveTheNumbersOfFreebsd() {
        assertThat(LibcConstants.FREEBSD)
                .isEqualTo(new LibcConstants(
                        1_048_576,
                        268_435_456,
                        1_048_580,
                        4_096,
                        0,
                        536_897_940,
                        536_897_941,
                        Map.of(35, 11, 11, 35, 40, 90, 45, 95, 50, 100, 55, 105, 78, 38)));
        assertThat(LibcConstants.FREEBSD.linuxErrno(11)).as("EDEADLK").isEqualTo(35);
        assertThat(LibcConstants.FREEBSD.linuxErrno(35)).isEqualTo(Errno.EAGAIN.number());
        assertThat(LibcConstants.FREEBSD.linuxErrno(45)).isEqualTo(Errno.EOPNOTSUPP.number());
        assertThat(LibcConstants.FREEBSD.linuxErrno(16)).isEqualTo(Errno.EBUSY.number());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldEndEachStructWhereAnInaccessiblePageBegins() {
        final int eventfd = Libc.eventfd();
        try (GuardedMemory memory = new GuardedMemory(Long.BYTES, 5_000, Long.BYTES)) {
            for (final int struct : new int[] {0, 2}) {
                assertThat((memory.address(struct) + Long.BYTES) % Libc.pageSize())
                        .isZero();
                assertThat(Libc.write(eventfd, memory.address(struct), Long.BYTES))
                        .isEqualTo(Long.BYTES);
                assertThat(Libc.write(eventfd, memory.address(struct) + 1, Long.BYTES))
                        .isEqualTo(-Errno.EFAULT.number());
            }
            assertThat(memory.pointer(1).getByteArray(0, 5_000)).containsOnly(0);
        } finally {
            Libc.close(eventfd);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldReturnErrorNumbersNegated() {
        assertThat(Libc.close(NOBODYS_FD)).isEqualTo(-Errno.EBADF.number());
        assertThat(Libc.open("/nowhere")).isEqualTo(-Errno.ENOENT.number());
        assertThat(Libc.mmap(0, 4_096, LibcConstants.MAP_SHARED, NOBODYS_FD)).isEqualTo(-Errno.EBADF.number());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveARefusedRequestAsItWas() {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, "x{1");
        request.body().putInt(0, 0x01020304);
        final int eventfd = Libc.eventfd();
        try (NativeRequest struct = new NativeRequest(request)) {
            assertThat(struct.send(eventfd)).isEqualTo(-ENOTTY);
        } finally {
            Libc.close(eventfd);
        }
        assertThat(request.name()).isEqualTo("x{1");
        assertThat(request.body().getInt(0)).isEqualTo(0x01020304);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldPollDescriptors() {
        final int eventfd = Libc.eventfd();
        final PollFds fds = new PollFds(3);
        fds.set(0, eventfd, Poller.IN);
        fds.set(1, -1, Poller.IN | Poller.OUT);
        fds.set(2, eventfd, 0);
        try (GuardedMemory one = new GuardedMemory(Long.BYTES)) {
            assertThat(fds.poll(1_000)).isZero();
            one.pointer(0).setLong(0, 1);
            Libc.write(eventfd, one.address(0), Long.BYTES);

            assertThat(fds.poll(Long.MAX_VALUE)).isEqualTo(1);
            assertThat(fds.ready(0)).isEqualTo(Poller.IN);
            assertThat(fds.ready(1)).isZero();
            assertThat(fds.ready(2)).isZero();
            fds.set(0, eventfd, Poller.IN | Poller.OUT);
            fds.set(1, NOBODYS_FD, Poller.IN);
            assertThat(fds.poll(0)).isEqualTo(2);
            assertThat(fds.ready(0)).isEqualTo(Poller.IN | Poller.OUT);
            assertThat(fds.ready(1)).as("nobody's").isEqualTo(Poller.ERR);
        } finally {
            Libc.close(eventfd);
        }
    }
}
