package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.reactornetmap.conformance.ConformanceTarget;
import org.reactornetmap.conformance.Feature;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapDrivers;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqValeListDescriptor;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RequestType;

/**
 * The kernel's netmap, which all tests share: what a test leaves is looked for, and taken away. A null port keeps the
 * global memory in use meanwhile, since netmap forgets what leaked there when its last user goes.
 */
final class KernelTarget implements ConformanceTarget {
    private static final int ALL_BUFFERS = 1 << 24;

    /** A module parameter: rings of the global memory, enough for the 64 pipes that a port can have. */
    private static final Path RINGS = Path.of("/sys/module/netmap/parameters/ring_num");

    private static final int MIN_RINGS = 400;

    static {
        try {
            // Takes effect when nobody uses that memory.
            if (Integer.parseInt(Files.readString(RINGS).trim()) < MIN_RINGS) {
                Files.writeString(RINGS, Integer.toString(MIN_RINGS));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final NetmapDriver driver = NetmapDrivers.byName("kernel");
    private final Set<String> interfacesBefore = VethPair.interfaces();
    private final DriverPort holder = driver.open(OpenRequest.of(PortSpec.parse("null:holder@1@conf:rings=1,slots=4")));
    private final int freeBefore = freeBuffers();
    private VethPair pair;

    @Override
    public NetmapDriver driver() {
        return driver;
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.LEAVES_SWITCHES));
    }

    @Override
    public boolean isStrict() {
        return false;
    }

    @Override
    public List<Interface> cabledInterfaces() {
        pair = VethPair.create();
        return pair.ends();
    }

    /** Whoever asks for more gets what is free. */
    private int freeBuffers() {
        final OpenRequest all =
                new OpenRequest(PortSpec.parse("null:free@1@conf:rings=1,slots=4"), -1, 0, 0, 0, 0, ALL_BUFFERS);
        try (DriverPort port = driver.open(all)) {
            return port.extraBuffers();
        }
    }

    @Override
    public void verifyClean() {
        removePersistentPorts();
        assertThat(switchedPorts()).as("ports left in switches").isEmpty();
        assertThat(freeBuffers()).as("free buffers of memory 1").isEqualTo(freeBefore);
    }

    @Override
    public void close() {
        try (holder) {
            removePersistentPorts();
            if (pair != null) {
                pair.close();
            }
        }
    }

    /** Those that a test made, out of their switches first. */
    private void removePersistentPorts() {
        final Set<String> made = new TreeSet<>(VethPair.interfaces());
        made.removeAll(interfacesBefore);
        if (pair != null) {
            pair.ends().forEach(end -> made.remove(end.name()));
        }
        for (final String port : switchedPorts()) {
            if (VethPair.interfaces().contains(port.substring(port.indexOf(':') + 1))) {
                control(ControlRequest.of(RequestType.VALE_DETACH, port));
            }
        }
        made.forEach(name -> control(ControlRequest.of(RequestType.VALE_DELIF, name)));
    }

    private Set<String> switchedPorts() {
        final Set<String> ports = new TreeSet<>();
        final ControlRequest list = ControlRequest.of(RequestType.VALE_LIST, "");
        try {
            while (true) {
                control(list.name(""));
                ports.add(list.name());
                final int next = list.body().getInt(NmreqValeListDescriptor.PORT_IDX_OFFSET) + 1;
                list.body().putInt(NmreqValeListDescriptor.PORT_IDX_OFFSET, next);
            }
        } catch (final NetmapErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            return ports;
        }
    }

    private void control(final ControlRequest request) {
        try (DriverDescriptor descriptor = driver.newDescriptor()) {
            descriptor.control(request);
        }
    }

    @Override
    public String toString() {
        return "the kernel's netmap";
    }
}
