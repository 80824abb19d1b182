package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.NmreqValeAttachDescriptor;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;
import org.reactornetmap.ring.RingStateException;

/** What all suites share: a fresh target for each test, ports that close with it, and ways to say what is expected. */
abstract class ConformanceTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private ConformanceTarget target;
    private boolean lostBuffers;

    /** A world that nothing is left in. */
    protected abstract ConformanceTarget newTarget();

    @BeforeEach
    final void prepare(final TestInfo test) {
        target = newTarget();
        require(getClass());
        test.getTestMethod().ifPresent(this::require);
    }

    private void require(final AnnotatedElement element) {
        final Needs needs = element.getAnnotation(Needs.class);
        if (needs != null) {
            for (final Feature feature : needs.value()) {
                assume(feature);
            }
        }
    }

    final void assume(final Feature feature) {
        Assumptions.assumeTrue(target.features().contains(feature), () -> target + " lacks " + feature);
    }

    @AfterEach
    final void cleanUp() throws Exception {
        try (ConformanceTarget closing = target) {
            while (!open.isEmpty()) {
                open.pop().close();
            }
            if (!lostBuffers) {
                closing.verifyClean();
            }
        }
    }

    final ConformanceTarget target() {
        return target;
    }

    final NetmapDriver driver() {
        return target.driver();
    }

    final RawPort open(final String spec) {
        return open(OpenRequest.of(PortSpec.parse(spec)));
    }

    /** With extra buffers. */
    final RawPort open(final String spec, final int extraBuffers) {
        return open(new OpenRequest(PortSpec.parse(spec), -1, 0, 0, 0, 0, extraBuffers));
    }

    final RawPort open(final OpenRequest request) {
        return new RawPort(closing(driver().open(request)));
    }

    final void close(final RawPort port) {
        port.port.close();
    }

    /** Closes it after the test, before what was opened earlier. */
    final <C extends AutoCloseable> C closing(final C closeable) {
        open.push(closeable);
        return closeable;
    }

    /** {@code vale-ctl -n}. */
    final void newif(final String name) {
        control(RequestType.VALE_NEWIF, name);
    }

    /** {@code vale-ctl -r}. */
    final void delif(final String name) {
        control(RequestType.VALE_DELIF, name);
    }

    /** {@code vale-ctl -a}. */
    final void attach(final String port) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_ATTACH, port);
        request.body()
                .putInt(
                        NmreqValeAttachDescriptor.REG_OFFSET + NmreqRegisterDescriptor.MODE_OFFSET,
                        RegisterMode.ALL_NIC.code());
        control(request);
    }

    /** {@code vale-ctl -d}. */
    final void detach(final String port) {
        control(RequestType.VALE_DETACH, port);
    }

    /** Sends a control request by a descriptor of its own. */
    final ControlRequest control(final RequestType type, final String name) {
        return control(ControlRequest.of(type, name));
    }

    final ControlRequest control(final ControlRequest request) {
        try (DriverDescriptor descriptor = driver().newDescriptor()) {
            descriptor.control(request);
        }
        return request;
    }

    /** This test loses buffers, as netmap does. */
    final void expectLostBuffers() {
        lostBuffers = true;
    }

    /** {@code ready()} of a poll for these events that does not wait. */
    final int poll(final RawPort port, final int events) {
        try (Poller poller = driver().newPoller()) {
            poller.add(port.port, events);
            poller.poll(0);
            return poller.ready(port.port);
        }
    }

    /** Looks again and again; goes on all the same once it has taken too long. */
    static void await(final BooleanSupplier done) {
        final long start = System.nanoTime();
        while (!done.getAsBoolean() && System.nanoTime() - start < PATIENCE_NANOS) {
            Thread.onSpinWait();
        }
    }

    final void assertOpenFails(final Errno errno, final String spec) {
        assertFails(errno, () -> openAndForget(spec));
    }

    private void openAndForget(final String spec) {
        final DriverPort port = closing(driver().open(OpenRequest.of(PortSpec.parse(spec))));
        fail("%s opened as %s", spec, port);
    }

    static void assertFails(final Errno errno, final ThrowingCallable call) {
        final Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(NetmapErrnoException.class);
        assertThat(((NetmapErrnoException) thrown).errno())
                .as(thrown.getMessage())
                .isEqualTo(errno);
    }

    /** A strict driver throws, netmap polls {@code ERR}. */
    final void assertBadRing(final RawPort port, final int events) {
        if (target.isStrict()) {
            assertThat(catchThrowable(() -> poll(port, events))).isInstanceOf(RingStateException.class);
        } else {
            assertThat(poll(port, events) & Poller.ERR).isEqualTo(Poller.ERR);
        }
    }

    /** Whoever sleeps on this port learns that it failed, from a poll and from the next sync. */
    final void assertWakes(final RawPort port, final Runnable failure) throws InterruptedException {
        final Thread other = new Thread(failure);
        try (Poller poller = driver().newPoller()) {
            poller.add(port.port, Poller.IN);
            other.start();
            while (poller.ready(port.port) == 0) {
                poller.poll(TimeUnit.SECONDS.toNanos(60));
            }
            assertThat(poller.ready(port.port) & Poller.ERR).isEqualTo(Poller.ERR);
        }
        other.join();
        assertFails(Errno.EIO, port.port::rxSync);
    }

    final void assumeFaithful() {
        Assumptions.assumeFalse(
                target.isStrict(), () -> target + " is strict: it does not repeat what netmap does wrong");
    }
}
