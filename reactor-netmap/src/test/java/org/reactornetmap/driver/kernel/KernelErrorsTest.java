package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.NoSuchPortException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortBusyException;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/** What the real kernel's refusals are told as. */
@Tag("kernel")
class KernelErrorsTest {
    private final KernelDriver driver = new KernelDriver();

    private DriverPort open(final String spec) {
        return driver.open(OpenRequest.of(PortSpec.parse(spec)));
    }

    private static int ringNum() {
        try {
            return Integer.parseInt(Files.readString(Path.of("/sys/module/netmap/parameters/ring_num"))
                    .strip());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldNameTheInterfacesThatThereAre() {
        assertThatThrownBy(() -> open("netmap:nosuch0"))
                .isInstanceOf(NoSuchPortException.class)
                .hasMessageContaining("NIOCCTRL(REGISTER) on nosuch0 failed with error(6) ENXIO")
                .hasMessageContaining("this machine (or container) has ")
                .hasMessageContaining("lo")
                .hasMessageEndingWith(".");
        assertThatThrownBy(() -> open("netmap:LO")).hasMessageEndingWith("did you mean lo?");
    }

    @Test
    void shouldNameWhoHasTheDevice() {
        try (DriverPort first = open("netmap:kbusy{1/x")) {
            assertThatThrownBy(() -> open("netmap:kbusy{1"))
                    .isInstanceOf(PortBusyException.class)
                    .hasMessageContaining("exclusively (/x)")
                    .hasMessageContaining(
                            "/dev/netmap is open in: " + ProcessHandle.current().pid() + " (this process)");
            assertThat(first.name()).isEqualTo("kbusy{1");
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "netmap:kinval{1-5|There is no ring 5: the port has 1 TX and 1 RX rings",
                "netmap:kinval{1-2@conf:rings=2|There is no ring 2: the port has 2 TX and 2 RX rings",
                "netmap:kinval{1^|A pipe has no host rings",
                "netmap:kinval{1@4711|There is no memory 4711",
                "netmap:kinval{1/r|A monitor needs a port that is open",
                "vale7:kinval-3|There is no ring 3: the port has 1 TX and 1 RX rings",
                "vale7:kinval^|no host rings: leave out ^ and *",
            })
    void shouldSayWhichPartOfARequestIsWrong(final String spec, final String advice) {
        assertThatThrownBy(() -> open(spec).close())
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                .hasMessageContaining(advice);
    }

    @Test
    void shouldSayThatFramesAreLongerThanABuffer() {
        try (VethPair veth = VethPair.create()) {
            final String name = veth.left().name();
            VethPair.ip("link set " + name + " mtu 9000");
            assertThatThrownBy(() -> open("netmap:" + name))
                    .isInstanceOfSatisfying(
                            NetmapErrnoException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                    .hasMessageContaining("The interface's MTU is 9000, buf_size is ")
                    .hasMessageContaining("ip link set " + name + " mtu ");
        }
    }

    @Test
    void shouldSayWhichModeDoesNotExist() {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, "kmode{1");
        request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, 99);
        try (KernelDescriptor descriptor = KernelDescriptor.open(driver)) {
            assertThatThrownBy(() -> descriptor.control(request)).hasMessageContaining("nr_mode is 99");
        }
    }

    @Test
    void shouldNameTheOptionThatWasNotHonoured() {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, "kopt{1");
        request.body().putInt(NmreqRegisterDescriptor.MODE_OFFSET, RegisterMode.ALL_NIC.code());
        request.option(ControlOption.of(1234, 24));
        try (KernelDescriptor descriptor = KernelDescriptor.open(driver)) {
            assertThatThrownBy(() -> descriptor.control(request))
                    .isInstanceOfSatisfying(
                            NetmapErrnoException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP))
                    .hasMessageContaining("option 1234");
        }
    }

    @Test
    void shouldSayThatRingsAreTooLongForTheMemory() {
        assertThatThrownBy(() -> open("netmap:kmem{1@1@conf:slots=4000"))
                .isInstanceOf(NetmapMemoryException.class)
                .hasMessageContaining("Memory 1: ring_size is ")
                .hasMessageContaining("an object of 64256 bytes is needed")
                .hasMessageContaining("echo 64256 > /sys/module/netmap/parameters/ring_size");
    }

    @Test
    void shouldSayThatRingsAreUsedUp() {
        // 16 rings each way, and as many twins at the other end.
        final String sizes = "@1@conf:rings=16,slots=8";
        final int fitting = ringNum() / 64;
        final List<DriverPort> open = new ArrayList<>();
        try {
            for (int i = 0; i < fitting; i++) {
                open.add(open("netmap:kfew{" + i + sizes));
            }
            assertThatThrownBy(() -> open("netmap:kfew{" + fitting + sizes))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("Memory 1: ring_num is ")
                    .hasMessageContaining("This needs 64 rings, and open ports have taken too many")
                    .hasMessageContaining("/sys/module/netmap/parameters/ring_num");
        } finally {
            open.forEach(DriverPort::close);
        }
    }

    @Test
    void shouldSayThatBuffersAreUsedUpAndOpenOnceTheyAreFreeAgain() {
        final int free = FreeBuffers.of(1);
        final OpenRequest hog = new OpenRequest(PortSpec.nullPort("hog"), -1, 0, 0, 0, 0, free - 100, Set.of());
        try (DriverPort taken = driver.open(hog)) {
            assertThat(taken.extraBuffers()).isEqualTo(free - 100);
            assertThat(FreeBuffers.of(1)).isEqualTo(100);
            assertThatThrownBy(() -> open("netmap:kused{1@1@conf:slots=1024"))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("This needs 2048 buffers, and 100 are free")
                    .hasMessageContaining("/sys/module/netmap/parameters/buf_num");
        }
        try (DriverPort port = open("netmap:kused{1@1@conf:slots=1024")) {
            assertThat(port.netmapIf().rxRings().get(0).numSlots()).isEqualTo(1024);
        }
        assertThat(FreeBuffers.of(1)).isEqualTo(free);
    }

    @Test
    void shouldSayThatADescriptorHasNoPort() {
        try (KernelDescriptor descriptor = KernelDescriptor.open(driver)) {
            assertThatThrownBy(descriptor::txSync)
                    .isInstanceOf(NoSuchPortException.class)
                    .hasMessageEndingWith("REGISTER first.");
        }
    }
}
