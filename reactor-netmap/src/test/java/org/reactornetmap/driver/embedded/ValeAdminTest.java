package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterMode;

/** NEWIF, DELIF, ATTACH, DETACH and LIST: what they do and every error number they give. */
@SuppressWarnings("try") // some ports are only held open
class ValeAdminTest {
    private final EmbeddedWorld world = new EmbeddedWorld(
            EmbeddedConfig.builder().buffers(4_096).bufSize(256).build());
    private final EmbeddedDriver driver = EmbeddedDriver.of(world);
    private final ValeSwitches switches = world.switches();

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        assertThat(driver.audit().total()).as("the global memory is left").isEqualTo(4_096);
        refused(Errno.ENOENT, () -> list("", 0, 0));
    }

    private static void refused(final Errno errno, final ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private <T> T locked(final Supplier<T> call) {
        synchronized (world) {
            return call.get();
        }
    }

    private static Registration named(final String name) {
        return new Registration(name, name, RegisterMode.ALL_NIC, List.of());
    }

    private Registration newif(final String name) {
        return newif(named(name));
    }

    private Registration newif(final Registration request) {
        return locked(() -> {
            switches.newif(request);
            return request;
        });
    }

    private void delif(final String name) {
        locked(() -> {
            switches.delif(name);
            return name;
        });
    }

    private int attach(final String name) {
        return locked(() -> switches.attach(named(name)));
    }

    private int detach(final String name) {
        return locked(() -> switches.detach(name));
    }

    private ValeListing list(final String name, final int bridge, final int port) {
        return locked(() -> switches.list(name, bridge, port));
    }

    private List<String> listAll() {
        final List<String> all = new ArrayList<>();
        int bridge = 0;
        int port = 0;
        while (true) {
            final ValeListing listing;
            try {
                listing = list("", bridge, port);
            } catch (final NetmapErrnoException e) {
                assertThat(e.errno()).isEqualTo(Errno.ENOENT);
                return all;
            }
            all.add(listing.name() + " " + listing.bridge() + " " + listing.port());
            bridge = listing.bridge();
            port = listing.port() + 1;
        }
    }

    @Test
    void shouldMakeAPortThatStaysUntilItIsDeleted() {
        final Registration made = newif("v1");
        assertThat(made.txRings).isOne();
        assertThat(made.rxRings).isOne();
        assertThat(made.txSlots).isEqualTo(1_024);
        assertThat(made.rxSlots).isEqualTo(1_024);
        assertThat(made.memId).isGreaterThan(1);
        TestPort.open(driver, "netmap:v1").close();
        try (TestPort port = TestPort.open(driver, "netmap:v1")) {
            assertThat(port.port.region().memId()).isEqualTo(made.memId);
        }
        delif("v1");
        refused(Errno.ENXIO, () -> TestPort.open(driver, "netmap:v1"));
        refused(Errno.ENXIO, () -> delif("v1"));
    }

    @Test
    void shouldBoundTheGeometryOfANewPortAndWriteItBack() {
        final Registration request = named("v1");
        request.txRings = 17;
        request.rxRings = 3;
        request.txSlots = 5_000;
        request.rxSlots = 33;
        request.memId = 1;
        newif(request);
        assertThat(List.of(request.txRings, request.rxRings, request.txSlots, request.rxSlots, request.memId))
                .containsExactly(16, 3, 4_096, 33, 1);
        final Registration again = named("v1");
        refused(Errno.EEXIST, () -> newif(again));
        assertThat(List.of(again.txRings, again.rxRings, again.txSlots, again.rxSlots, again.memId))
                .containsExactly(16, 3, 4_096, 33, 1);
        delif("v1");
    }

    @ParameterizedTest(name = "{displayName} \"{0}\"")
    @ValueSource(strings = {"vale0:a", "vale", "valet", "sixteen_letters_", "", "a/b", "a:b", "a b", "."})
    void shouldRefuseANameThatNoInterfaceMayHave(final String name) {
        refused(Errno.EINVAL, () -> newif(name));
    }

    @Test
    void shouldRefuseAnUnknownMemory() {
        final Registration request = named("v1");
        request.memId = 77;
        refused(Errno.EINVAL, () -> newif(request));
        newif("v1");
        final Registration attach = named("vale0:v1");
        attach.memId = 77;
        refused(Errno.EINVAL, () -> locked(() -> switches.attach(attach)));
        delif("v1");
    }

    @Test
    void shouldDeleteOnlyWhatIsUnused() {
        newif("v1");
        try (TestPort port = TestPort.open(driver, "netmap:v1")) {
            refused(Errno.EBUSY, () -> delif("v1"));
        }
        try (TestPort pipe = TestPort.open(driver, "netmap:v1{1")) {
            refused(Errno.EBUSY, () -> delif("v1"));
        }
        attach("vale0:v1");
        refused(Errno.EBUSY, () -> delif("v1"));
        detach("vale0:v1");
        delif("v1");
    }

    @Test
    void shouldNotDeleteTheParentThatAPipeMade() {
        try (TestPort pipe = TestPort.open(driver, "netmap:x{1")) {
            refused(Errno.EINVAL, () -> delif("x"));
            refused(Errno.EEXIST, () -> newif("x"));
        }
        refused(Errno.ENXIO, () -> delif("x"));
    }

    @Test
    void shouldAttachAPortAndDetachItWhileItIsOpen() {
        newif("v1");
        assertThat(attach("vale0:v1")).isZero();
        try (ValePeer a = ValePeer.open(driver, "vale0:a");
                ValePeer v = ValePeer.open(driver, "netmap:v1")) {
            a.put(ALL, 1, 10).send();
            assertThat(v.receive()).containsExactly(10);
            v.put(1, 2, 11).send();
            assertThat(a.receive()).containsExactly(11);
            assertThat(detach("vale0:v1")).isZero();
            a.put(ALL, 1, 12).send();
            v.put(1, 2, 13).send();
            assertThat(v.receive()).isEmpty();
            assertThat(a.receive()).isEmpty();
            assertThat(TestPort.space(v.port.tx())).isEqualTo(1_023);
            refused(Errno.ENXIO, () -> detach("vale0:v1"));
            assertThat(ValePeer.statistics(driver, "vale0:v1").noDestination()).isOne();
            ValePeer.assertBalanced(driver);
        }
        delif("v1");
    }

    @Test
    void shouldOpenAnAttachedPortByItsNameInTheSwitchToo() {
        newif("v1");
        attach("vale0:v1");
        try (ValePeer a = ValePeer.open(driver, "vale0:a");
                ValePeer v = ValePeer.open(driver, "vale0:v1")) {
            a.put(ALL, 1, 10).send();
            assertThat(v.receive()).containsExactly(10);
            v.port.port.rxSync();
            try (ValePeer same = ValePeer.open(driver, "netmap:v1")) {
                assertThat(same.port.port.region()).isSameAs(v.port.port.region());
            }
        }
        detach("vale0:v1");
        refused(Errno.EINVAL, () -> ValePeer.open(driver, "vale0:v1"));
        delif("v1");
    }

    @Test
    void shouldCountWhatComesForAnAttachedPortThatNobodyHasOpen() {
        newif("v1");
        attach("vale0:v1");
        try (ValePeer a = ValePeer.open(driver, "vale0:a")) {
            a.put(ALL, 1, 10).send();
        }
        assertThat(ValePeer.statistics(driver, "vale0:v1").closed()).isOne();
        ValePeer.assertBalanced(driver);
        detach("vale0:v1");
        delif("v1");
    }

    @Test
    void shouldRefuseToAttach() {
        refused(Errno.EINVAL, () -> attach("vale0:v1"));
        newif("v1");
        refused(Errno.EINVAL, () -> attach("v1"));
        refused(Errno.ENOMEM, () -> attach("vale0"));
        refused(Errno.ENOMEM, () -> attach("vale!:v1"));
        attach("vale0:v1");
        refused(Errno.EBUSY, () -> attach("vale0:v1"));
        detach("vale0:v1");
        try (TestPort port = TestPort.open(driver, "netmap:v1")) {
            refused(Errno.EBUSY, () -> attach("vale0:v1"));
            refused(Errno.ENXIO, () -> detach("vale0:v1"));
        }
        try (TestPort port = TestPort.open(driver, "vale0:a")) {
            refused(Errno.EBUSY, () -> attach("vale0:a"));
        }
        delif("v1");
    }

    @Test
    void shouldRefuseToDetachWhatIsNotThere() {
        refused(Errno.ENXIO, () -> detach("vale0:v1"));
        refused(Errno.ENXIO, () -> detach("vale"));
        refused(Errno.EINVAL, () -> detach("eth0"));
        newif("v1");
        attach("vale0:v1");
        refused(Errno.ENXIO, () -> detach("vale1:v1"));
        refused(Errno.ENXIO, () -> detach("vale0:v2"));
        detach("vale0:v1");
        delif("v1");
    }

    @Test
    void shouldLeaveAnEphemeralPortInItsSwitch() {
        try (ValePeer a = ValePeer.open(driver, "vale0:a");
                ValePeer b = ValePeer.open(driver, "vale0:b")) {
            assertThat(detach("vale0:b")).isOne();
            a.put(ALL, 1, 10).send();
            assertThat(b.receive()).containsExactly(10);
        }
    }

    @Test
    void shouldListSwitchesAndPortsByTheirPlaces() {
        assertThat(listAll()).isEmpty();
        newif("v1");
        attach("vale7:v1");
        final TestPort a = TestPort.open(driver, "vale2:a");
        final TestPort b = TestPort.open(driver, "vale2:b");
        final TestPort c = TestPort.open(driver, "vale2:c");
        assertThat(listAll()).containsExactly("vale7:v1 0 0", "vale2:a 1 0", "vale2:b 1 1", "vale2:c 1 2");
        a.close();
        b.close();
        assertThat(listAll()).containsExactly("vale7:v1 0 0", "vale2:c 1 2");
        detach("vale7:v1");
        // The place that was left last is the next to be given, and so is the first switch's.
        final TestPort d = TestPort.open(driver, "vale2:d");
        final TestPort e = TestPort.open(driver, "vale9:e");
        assertThat(listAll()).containsExactly("vale9:e 0 0", "vale2:d 1 1", "vale2:c 1 2");
        assertThat(list("vale2:c", 0, 0)).isEqualTo(new ValeListing("vale2:c", 1, 2));
        assertThat(list("vale2:x", 0, 0)).isEqualTo(new ValeListing("vale2:x", 1, ValeListing.NO_PORT));
        assertThat(list("vale9:", 0, 0)).isEqualTo(new ValeListing("vale9:", 0, ValeListing.NO_PORT));
        refused(Errno.ENOENT, () -> list("vale7:v1", 0, 0));
        refused(Errno.ENOENT, () -> list("vale2", 0, 0));
        refused(Errno.EINVAL, () -> list("eth0", 0, 0));
        refused(Errno.ENOENT, () -> list("", 1, 3));
        refused(Errno.ENOENT, () -> list("", 8, 0));
        List.of(c, d, e).forEach(TestPort::close);
        delif("v1");
    }

    @Test
    void shouldGiveAtMost8SwitchesAnd252Ports() {
        final List<TestPort> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            open.add(TestPort.open(driver, "vale" + i + ":a@1", 1, 2));
        }
        refused(Errno.ENOMEM, () -> TestPort.open(driver, "vale8:a"));
        open.remove(3).close();
        TestPort.open(driver, "vale8:a").close();
        for (int i = 0; i < 251; i++) {
            newif(small("p" + i));
            assertThat(attach("vale0:p" + i)).isEqualTo(i + 1);
        }
        // Room for a NIC and its host rings is wanted.
        refused(Errno.ENOMEM, () -> TestPort.open(driver, "vale0:b@1", 1, 2));
        for (int i = 0; i < 251; i++) {
            detach("vale0:p" + i);
            delif("p" + i);
        }
        open.forEach(TestPort::close);
    }

    private static Registration small(final String name) {
        final Registration request = named(name);
        request.txSlots = 2;
        request.rxSlots = 2;
        request.memId = 1;
        return request;
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"vale0:sixteen_letters_", "vale_name_beyond:a", "netmap:valet"})
    void shouldRefuseBadNamesAsTheKernelDoes(final String spec) {
        refused(Errno.ENOMEM, () -> TestPort.open(driver, spec));
    }

    @Test
    void shouldShareAPortAmongDescriptors() {
        try (ValePeer a = ValePeer.open(driver, "vale0:a-1", 2, 16);
                ValePeer a2 = ValePeer.open(driver, "vale0:a-0");
                ValePeer b = ValePeer.open(driver, "vale0:b", 2, 16)) {
            assertThat(a2.port.port.portTxRings()).isEqualTo(2);
            assertThat(a2.port.port.region()).isSameAs(a.port.port.region());
            refused(Errno.EBUSY, () -> TestPort.open(driver, "vale0:a-1/x"));
            b.put(0, ALL, 2, 10).send();
            assertThat(a2.receive()).containsExactly(10);
            assertThat(a.receive()).isEmpty();
            a.put(2, 1, 11).send();
            assertThat(b.receive(1)).containsExactly(11);
        }
    }

    @Test
    void shouldGiveEachPortMemoryOfItsOwnUnlessOneIsNamed() {
        try (TestPort a = TestPort.open(driver, "vale0:a");
                TestPort b = TestPort.open(driver, "vale0:b");
                TestPort c = TestPort.open(driver, "vale0:c@1", 1, 64);
                TestPort d = TestPort.open(driver, "vale0:d@1", 1, 64)) {
            assertThat(a.port.region().memId())
                    .isGreaterThan(1)
                    .isNotEqualTo(b.port.region().memId());
            assertThat(c.port.region().memId()).isEqualTo(1);
            assertThat(d.port.region()).isSameAs(c.port.region());
            refused(Errno.EINVAL, () -> TestPort.open(driver, "vale0:e@99"));
        }
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    @Test
    void shouldBeAParentOfPipes() {
        try (TestPort a = TestPort.open(driver, "vale0:a{1", 1, 16);
                TestPort b = TestPort.open(driver, "vale0:a}1")) {
            a.send(1, 2, 3);
            assertThat(b.receive()).containsExactly(1, 2, 3);
            assertThat(listAll()).containsExactly("vale0:a 0 0");
        }
    }
}
