package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.Tap;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.kernel.VethPair;
import org.reactornetmap.flow.IdleStrategy;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** netmap does not wake who waits for a port that failed: streams end all the same, however their loop waits. */
@Tag("kernel")
@Timeout(180)
class KernelPortFailureTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static PortOptions on(final NetmapLoop loop) {
        return PortOptions.builder().driver("kernel").loop(loop).build();
    }

    private static void assertGone(final Throwable error) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndATapWhenItsPortCloses(final IdleStrategy idle) {
        try (NetmapLoop loop = NetmapLoop.builder("tap").idle(idle).build();
                NetmapPort port = NetmapPort.open(
                        "netmap:tapped{1",
                        PortOptions.builder().driver("kernel").build());
                NetmapPort tap = port.tap(Tap.COPY, on(loop))) {
            StepVerifier.create(tap.packets())
                    .expectSubscription()
                    .then(port::close)
                    .expectErrorSatisfies(KernelPortFailureTest::assertGone)
                    .verify(TIMEOUT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailAStreamAndASendWhenTheInterfaceVanishes(final IdleStrategy idle) {
        try (VethPair veth = VethPair.create();
                NetmapLoop loop = NetmapLoop.builder("gone").idle(idle).build();
                NetmapPort port = NetmapPort.open("netmap:" + veth.left().name(), on(loop))) {
            StepVerifier.create(port.packets())
                    .expectSubscription()
                    .then(veth.left()::remove)
                    .expectErrorSatisfies(KernelPortFailureTest::assertGone)
                    .verify(TIMEOUT);
            StepVerifier.create(port.send(Flux.just(PacketPool.wrap(Frames.udp("10.0.0.1", 1, "10.0.0.2", 2)))))
                    .expectError()
                    .verify(TIMEOUT);
        }
    }
}
