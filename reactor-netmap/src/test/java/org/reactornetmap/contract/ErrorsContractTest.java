package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.NetmapUnavailableException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortBusyException;
import org.reactornetmap.driver.PortSpecException;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;
import org.reactornetmap.flow.SendFailedException;
import org.reactornetmap.flow.TxReport;
import reactor.core.publisher.Flux;

/** Errors say what to do, and reach everyone who waits. */
@Timeout(60)
class ErrorsContractTest {
    /** A driver whose ports' syncs fail when told to. */
    private static NetmapDriver failing(final EmbeddedDriver driver, final AtomicBoolean broken) {
        final Map<Object, DriverPort> originals = new ConcurrentHashMap<>();
        final AtomicReference<NetmapDriver> failing = new AtomicReference<>();
        failing.set(proxy(NetmapDriver.class, driver, arguments -> arguments, (method, result) -> {
            if (result instanceof DriverPort port) {
                final DriverPort wrapped = proxy(DriverPort.class, port, arguments -> arguments, (name, value) -> {
                    if (broken.get() && name.endsWith("Sync")) {
                        throw new IllegalStateException("the interface is gone");
                    }
                    return name.equals("driver") ? failing.get() : value;
                });
                originals.put(wrapped, port);
                return wrapped;
            }
            if (result instanceof Poller poller) {
                return proxy(
                        Poller.class,
                        poller,
                        arguments -> {
                            final Object[] unwrapped = arguments.clone();
                            final DriverPort original = originals.get(unwrapped[0]);
                            if (original != null) {
                                unwrapped[0] = original;
                            }
                            return unwrapped;
                        },
                        (name, value) -> value);
            }
            return result;
        }));
        return failing.get();
    }

    private static <T> T proxy(
            final Class<T> type,
            final T target,
            final UnaryOperator<Object[]> before,
            final BiFunction<String, Object, Object> after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return self == arguments[0];
                    }
                    if (method.getName().equals("hashCode")) {
                        return System.identityHashCode(self);
                    }
                    try {
                        final Object[] given = arguments == null ? null : before.apply(arguments);
                        return after.apply(method.getName(), method.invoke(target, given));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"netmap:x{", "netmap:x{1/Q", "nonsense:x"})
    void shouldPointAtTheMistake(final String spec) {
        assertThatThrownBy(() -> NetmapPort.open(spec))
                .isInstanceOfSatisfying(
                        PortSpecException.class,
                        e -> assertThat(e.getMessage()).endsWith("\n  " + " ".repeat(e.position()) + "^"))
                .hasMessageContaining(spec);
    }

    @Test
    void shouldSayThatAPortIsTakenExclusively() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            netmap.open("netmap:x{1/x");

            assertThatThrownBy(() -> netmap.open("netmap:x{1"))
                    .isInstanceOf(PortBusyException.class)
                    .hasMessageContaining("x{1");
        }
    }

    @Test
    void shouldNameTheKnobWhenBuffersRunOut() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests(EmbeddedConfig.builder()
                .buffers(64)
                .bufSize(128)
                .defaultSlots(16)
                .build())) {
            final int free = netmap.driver().freeBuffers();

            assertThatThrownBy(() -> netmap.open(
                            "netmap:x{1@1", PortOptions.builder().slots(256).build()))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("buf_num");
            assertThat(netmap.driver().freeBuffers()).isEqualTo(free);
        }
    }

    @Test
    void shouldListTheDriversThereAre() {
        assertThatThrownBy(() -> NetmapPort.open(
                        "netmap:x{1", PortOptions.builder().driver("none such").build()))
                .isInstanceOf(NetmapUnavailableException.class)
                .isInstanceOf(NetmapException.class)
                .hasMessageContaining("none such")
                .hasMessageContaining("embedded");
    }

    @Test
    void shouldEndStreamsAndSendsWhenASyncFails() {
        final AtomicBoolean broken = new AtomicBoolean();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort port = NetmapPort.open(
                    "netmap:x{1",
                    PortOptions.builder()
                            .driver(failing(netmap.driver(), broken))
                            .build());
            final CompletableFuture<Void> stream = port.packets().then().toFuture();
            final CompletableFuture<TxReport> first = port.sendFrames(
                            ContractB.frames(0, 2).concatWith(Flux.never()))
                    .toFuture();
            final CompletableFuture<TxReport> second = port.sendFrames(
                            ContractB.frames(2, 3).concatWith(Flux.never()))
                    .toFuture();
            ContractB.await(() -> port.statistics().sent() == 5, "both sends");

            broken.set(true);
            final Throwable third = ContractB.errorOf(port.sendFrames(ContractB.frames(5, 1)));

            assertThat(third).hasMessage("the interface is gone");
            assertThat(ContractB.errorOf(stream)).hasMessage("the interface is gone");
            assertThat(ContractB.errorOf(port.packets().then())).hasMessage("the interface is gone");
            for (final CompletableFuture<TxReport> send : java.util.List.of(first, second)) {
                final Throwable error = ContractB.errorOf(send);
                assertThat(error).hasMessage("the interface is gone");
                assertThat(error.getSuppressed()).hasAtLeastOneElementOfType(SendFailedException.class);
            }
            broken.set(false);
            port.close();
            assertThat(netmap.driver().audit().isBalanced()).isTrue();
        }
    }
}
