package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.reactornetmap.conformance.ConformanceTarget;
import org.reactornetmap.conformance.Feature;
import org.reactornetmap.driver.NetmapDriver;

/** An embedded netmap of its own for each conformance test. */
final class EmbeddedTarget implements ConformanceTarget {
    private static final int BUFFERS = 12_288;

    /** Enough for the 64 pipes that a port can have. */
    private static final int RINGS = 320;

    private final EmbeddedDriver driver;

    EmbeddedTarget(final Strictness strictness) {
        this.driver = EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(BUFFERS)
                .rings(RINGS)
                .interfaces(RINGS)
                .strictness(strictness)
                .build());
    }

    @Override
    public NetmapDriver driver() {
        return driver;
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.allOf(Feature.class);
    }

    @Override
    public boolean isStrict() {
        return driver.config().strictness() == Strictness.STRICT;
    }

    @Override
    public List<Interface> cabledInterfaces() {
        final EmbeddedInterface left = driver.addInterface("left");
        final EmbeddedInterface right = driver.addInterface("right");
        left.cable(right);
        return List.of(new Wired(left), new Wired(right));
    }

    @Override
    public void verifyClean() {
        assertThat(driver.audit().isBalanced()).as("%s", driver.audit()).isTrue();
    }

    @Override
    public void close() {
        // Nothing outlives the driver.
    }

    @Override
    public String toString() {
        return "the embedded netmap, " + driver.config().strictness();
    }

    private record Wired(EmbeddedInterface embedded) implements Interface {
        @Override
        public String name() {
            return embedded.name();
        }

        @Override
        public boolean hostSend(final ByteBuffer frame) {
            return embedded.hostStack().send(frame);
        }

        @Override
        public List<ByteBuffer> hostReceived() {
            return embedded.hostStack().received();
        }

        @Override
        public void remove() {
            embedded.remove();
        }
    }
}
