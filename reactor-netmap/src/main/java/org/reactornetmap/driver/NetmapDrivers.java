package org.reactornetmap.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Finds the {@link NetmapDriver}s on the class path, once, with {@link ServiceLoader} and the class loader of this
 * library. Any thread.
 */
public final class NetmapDrivers {

    private NetmapDrivers() {}

    /**
     * All drivers that could be loaded, available or not.
     *
     * @return an unmodifiable list, in the order they were found
     */
    public static List<NetmapDriver> installed() {
        return Installed.LOOKUP.installed();
    }

    /**
     * The driver of this name, available or not.
     *
     * @param name {@code kernel}, {@code embedded}, or that of a driver of your own
     * @return the driver
     * @throws NetmapUnavailableException if none of this name is installed
     */
    public static NetmapDriver byName(String name) {
        return Installed.LOOKUP.byName(name);
    }

    /**
     * The driver for a port. Where {@code /dev/netmap} exists it is the kernel's, and what is wrong with it, such as a
     * missing permission, is for its {@code open} to report. Where it does not exist it is the embedded one, for pipes,
     * VALE ports and null ports only; the first time, a log entry at INFO says so.
     *
     * @param spec what is to be opened
     * @return the driver
     * @throws NetmapUnavailableException if there is no {@code /dev/netmap} and the port is an interface, or if the
     *     driver is not installed
     */
    public static NetmapDriver auto(PortSpec spec) {
        return Installed.LOOKUP.auto(spec);
    }

    /** Loaded at first use. */
    private static final class Installed {

        private static final Logger LOG = Loggers.getLogger(NetmapDrivers.class);
        private static final DriverLookup LOOKUP = load();

        private static DriverLookup load() {
            List<NetmapDriver> drivers = new ArrayList<>();
            Throwable failure = null;
            // Not the thread's context loader: on a thread of a common pool it need not see this library's jars.
            ClassLoader loader = NetmapDriver.class.getClassLoader();
            for (ServiceLoader.Provider<NetmapDriver> provider :
                    ServiceLoader.load(NetmapDriver.class, loader).stream().toList()) {
                try {
                    drivers.add(provider.get());
                } catch (ServiceConfigurationError e) {
                    // One driver that lacks its library must not hide the other; find() tells the user.
                    failure = e;
                }
            }
            return new DriverLookup(drivers, failure, Path.of("/dev/netmap"), LOG::info);
        }
    }
}
