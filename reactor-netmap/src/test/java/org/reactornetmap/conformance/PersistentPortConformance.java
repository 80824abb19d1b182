package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NmreqValeListDescriptor;
import org.reactornetmap.driver.RequestType;

/** Persistent VALE ports: netmap's tests 009, 010 and 011, and the errors of the requests. */
@Needs({Feature.VALE, Feature.CONTROL})
abstract class PersistentPortConformance extends ConformanceTest {
    @Test
    @Pins("1.10.8a")
    void shouldNotDestroyAPortWhileASwitchHasIt() {
        newif("v0");
        delif("v0");
        newif("v0");
        attach("vale0A:v0");
        assertFails(Errno.EBUSY, () -> delif("v0"));
        detach("vale0A:v0");
        delif("v0");
        assertFails(Errno.ENXIO, () -> delif("v0"));
    }

    @Test
    @Needs(Feature.LEAVES_SWITCHES)
    @Pins({"1.10.8a", "test.009"})
    void shouldNotDestroyAPortWhileTwoSwitchesHaveIt() {
        newif("v0");
        attach("vale0A:v0");
        attach("vale0B:v0");
        assertFails(Errno.EBUSY, () -> delif("v0"));
        detach("vale0B:v0");
        assertFails(Errno.EBUSY, () -> delif("v0"));
        detach("vale0A:v0");
        delif("v0");
        assertFails(Errno.ENXIO, () -> delif("v0"));
    }

    @Test
    @Pins("1.10.8b")
    void shouldAttachAPortToASwitchOnce() {
        newif("v0");
        attach("vale0A:v0");
        assertFails(Errno.EBUSY, () -> attach("vale0A:v0"));
        detach("vale0A:v0");
    }

    @Test
    @Needs(Feature.LEAVES_SWITCHES)
    @Pins({"1.10.8b", "test.010"})
    void shouldAttachAPortToTwoSwitches() {
        newif("v0");
        attach("vale0A:v0");
        attach("vale0B:v0");
        detach("vale0B:v0");
        detach("vale0A:v0");
    }

    @Test
    @Pins("1.10.8c")
    void shouldCreateAPortOnce() {
        newif("v0");
        assertFails(Errno.EEXIST, () -> newif("v0"));
        attach("vale0A:v0");
        assertFails(Errno.EEXIST, () -> newif("v0"));
        detach("vale0A:v0");
    }

    @Test
    @Needs(Feature.LEAVES_SWITCHES)
    @Pins({"1.10.8c", "test.011"})
    void shouldCreateAPortThatTwoSwitchesHaveOnce() {
        newif("v0");
        attach("vale0A:v0");
        attach("vale0B:v0");
        assertFails(Errno.EEXIST, () -> newif("v0"));
        detach("vale0B:v0");
        detach("vale0A:v0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vale0", "vale0:v0", "sixteen-letters-"})
    @Pins("1.10.8d")
    void shouldRefuseNamesThatAreNoInterfaces(final String name) {
        assertFails(Errno.EINVAL, () -> newif(name));
    }

    @Test
    @Pins("1.10.8e")
    void shouldNotDestroyWhatDoesNotExist() {
        assertFails(Errno.ENXIO, () -> delif("nosuchif"));
    }

    @Test
    @Pins("1.10.8f")
    void shouldNotDetachWhatIsNotAttached() {
        assertFails(Errno.ENXIO, () -> detach("vale0:nosuchif"));
    }

    @Test
    @Pins("1.10.8g")
    void shouldListPortsUpToNoEntry() {
        newif("v0");
        attach("vale0:v0");
        open("vale0:e0");
        final ControlRequest list = ControlRequest.of(RequestType.VALE_LIST, "");
        control(list);
        final String first = list.name();
        final int port = list.body().getInt(NmreqValeListDescriptor.PORT_IDX_OFFSET);
        list.name("").body().putInt(NmreqValeListDescriptor.PORT_IDX_OFFSET, port + 1);
        control(list);
        assertThat(first + ' ' + list.name()).isEqualTo("vale0:v0 vale0:e0");
        list.name("")
                .body()
                .putInt(
                        NmreqValeListDescriptor.PORT_IDX_OFFSET,
                        list.body().getInt(NmreqValeListDescriptor.PORT_IDX_OFFSET) + 1);
        assertFails(Errno.ENOENT, () -> control(list));
        detach("vale0:v0");
    }

    @Test
    @Pins("1.10.8h")
    void shouldFindAPortsPlaceByItsName() {
        open("vale0:e0");
        assertThat(placeOf("vale0:e0")).isNotEqualTo(NmreqValeListDescriptor.NO_PORT);
        assertThat(placeOf("vale0:e1")).isEqualTo(NmreqValeListDescriptor.NO_PORT);
        assertFails(Errno.ENOENT, () -> placeOf("vale1:e0"));
        assertFails(Errno.EINVAL, () -> placeOf("e0"));
    }

    private int placeOf(final String name) {
        return control(RequestType.VALE_LIST, name).body().getInt(NmreqValeListDescriptor.PORT_IDX_OFFSET);
    }
}
