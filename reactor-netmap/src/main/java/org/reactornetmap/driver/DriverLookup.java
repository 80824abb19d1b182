package org.reactornetmap.driver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The choice between the drivers that are installed. Any thread. */
final class DriverLookup {

    static final String KERNEL = "kernel";
    static final String EMBEDDED = "embedded";

    private final List<NetmapDriver> drivers;
    private final @Nullable Throwable loadFailure;
    private final Path device;
    private final Consumer<String> notice;
    private final AtomicBoolean noticed = new AtomicBoolean();

    /**
     * @param drivers what was found
     * @param loadFailure why a driver could not be loaded, null if all could
     * @param device netmap's control device
     * @param notice takes the one sentence about the first port that opens in-process
     */
    DriverLookup(List<NetmapDriver> drivers, @Nullable Throwable loadFailure, Path device, Consumer<String> notice) {
        this.drivers = List.copyOf(drivers);
        this.loadFailure = loadFailure;
        this.device = device;
        this.notice = notice;
    }

    List<NetmapDriver> installed() {
        return drivers;
    }

    NetmapDriver byName(String name) {
        return find(name, "no netmap driver named '" + name + "' is installed");
    }

    NetmapDriver auto(PortSpec spec) {
        // "Does not exist" must be certain: a directory that may not be searched is no reason to go in-process.
        if (!Files.notExists(device)) {
            return find(KERNEL, device + " exists, but the driver for it is not installed");
        }
        if (!isInProcess(spec)) {
            throw new NetmapUnavailableException(
                    device + " does not exist, so " + spec + " cannot be opened. Load the kernel module (modprobe"
                            + " netmap), or use a pipe (netmap:x{1) or a VALE port (vale0:a), or ask for the in-process"
                            + " netmap by PortOptions.driver(\"embedded\").",
                    null);
        }
        NetmapDriver embedded = find(EMBEDDED, device + " does not exist, and the in-process netmap is not installed");
        if (noticed.compareAndSet(false, true)) {
            notice.accept(device + " does not exist: " + spec
                    + " and later pipes, VALE ports and null ports open in this process only. Load the kernel module"
                    + " (modprobe netmap) to share them with other programs.");
        }
        return embedded;
    }

    private static boolean isInProcess(PortSpec spec) {
        return spec.isPipe() || spec.isVale() || spec.mode() == RegisterMode.NULL;
    }

    private NetmapDriver find(String name, String otherwise) {
        for (NetmapDriver driver : drivers) {
            if (driver.name().equals(name)) {
                return driver;
            }
        }
        String known = drivers.stream().map(NetmapDriver::name).collect(Collectors.joining(", "));
        String advice = loadFailure == null
                ? "Put the jar with it on the class path."
                : "One driver could not be loaded: " + loadFailure.getMessage() + ".";
        throw new NetmapUnavailableException(
                otherwise + " (installed: " + (known.isEmpty() ? "none" : known) + "). " + advice, loadFailure);
    }
}
