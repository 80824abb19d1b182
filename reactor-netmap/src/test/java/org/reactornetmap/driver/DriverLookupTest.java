package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverLookupTest {

    private final NetmapDriver kernel = new NamedDriver("kernel");
    private final NetmapDriver embedded = new NamedDriver("embedded");
    private final List<String> notices = new ArrayList<>();

    @TempDir
    private Path dir;

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"netmap:eth0", "netmap:x{1", "vale0:a", "null:n"})
    void shouldChooseKernelWhereDeviceExists(String text) throws IOException {
        Files.createFile(device());

        assertThat(lookup(embedded, kernel).auto(PortSpec.parse(text))).isSameAs(kernel);
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"netmap:x{1", "netmap:eth0}1/R", "vale0:a", "vale:a-1", "null:n"})
    void shouldChooseEmbeddedForInProcessPortsWithoutDevice(String text) {
        assertThat(lookup(kernel, embedded).auto(PortSpec.parse(text))).isSameAs(embedded);
    }

    @Test
    void shouldSayOnceThatPortsOpenInProcess() {
        DriverLookup lookup = lookup(kernel, embedded);

        lookup.auto(PortSpec.parse("netmap:x{1"));
        lookup.auto(PortSpec.parse("netmap:x}1"));

        assertThat(notices).singleElement().asString().contains(device() + " does not exist", "netmap:x{1");
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"netmap:eth0", "netmap:eth0^", "netmap:eth0@conf:rings=2"})
    void shouldRefuseInterfaceWithoutDevice(String text) {
        assertThatExceptionOfType(NetmapUnavailableException.class)
                .isThrownBy(() -> lookup(kernel, embedded).auto(PortSpec.parse(text)))
                .withMessageContaining(text)
                .withMessageContaining("modprobe netmap")
                .withMessageContaining("netmap:x{1")
                .withMessageContaining("PortOptions.driver(\"embedded\")");
        assertThat(notices).isEmpty();
    }

    @Test
    void shouldNotGoInProcessIfDeviceCannotBeLookedFor() {
        // A name that no file system can look up stands for a directory that may not be searched.
        Path unknowable = dir.resolve("n".repeat(5000));
        assertThat(Files.exists(unknowable)).isFalse();
        assertThat(Files.notExists(unknowable)).isFalse();

        DriverLookup lookup = new DriverLookup(List.of(embedded, kernel), null, unknowable, notices::add);

        assertThat(lookup.auto(PortSpec.parse("netmap:x{1"))).isSameAs(kernel);
    }

    @Test
    void shouldNotGoInProcessWhereKernelDriverIsMissing() throws IOException {
        Files.createFile(device());

        assertThatExceptionOfType(NetmapUnavailableException.class)
                .isThrownBy(() -> lookup(embedded).auto(PortSpec.parse("netmap:x{1")))
                .withMessageContaining("exists, but the driver for it is not installed (installed: embedded)");
    }

    @Test
    void shouldSayThatEmbeddedDriverIsMissing() {
        assertThatExceptionOfType(NetmapUnavailableException.class)
                .isThrownBy(() -> lookup().auto(PortSpec.parse("netmap:x{1")))
                .withMessageContaining("the in-process netmap is not installed (installed: none)");
    }

    @Test
    void shouldFindDriverByName() {
        assertThat(lookup(kernel, embedded).byName("embedded")).isSameAs(embedded);
        assertThatExceptionOfType(NetmapUnavailableException.class)
                .isThrownBy(() -> lookup(kernel, embedded).byName("dpdk"))
                .withMessageContaining("'dpdk'")
                .withMessageContaining("installed: kernel, embedded");
    }

    @Test
    void shouldTellWhyDriverCouldNotBeLoaded() {
        Throwable failure = new IllegalStateException("no JNA here");
        DriverLookup lookup = new DriverLookup(List.of(embedded), failure, device(), notices::add);

        assertThatThrownBy(() -> lookup.byName("kernel"))
                .isInstanceOf(NetmapUnavailableException.class)
                .hasMessageContaining("no JNA here")
                .hasCause(failure);
    }

    @Test
    void shouldRefuseUnknownNameAmongInstalledDrivers() {
        assertThat(NetmapDrivers.installed()).isUnmodifiable();
        assertThatExceptionOfType(NetmapUnavailableException.class)
                .isThrownBy(() -> NetmapDrivers.byName("no such driver"));
    }

    private DriverLookup lookup(NetmapDriver... drivers) {
        return new DriverLookup(List.of(drivers), null, device(), notices::add);
    }

    private Path device() {
        return dir.resolve("netmap");
    }

    private record NamedDriver(String name) implements NetmapDriver {

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public DriverPort open(OpenRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DriverDescriptor newDescriptor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Poller newPoller() {
            throw new UnsupportedOperationException();
        }
    }
}
