package org.reactornetmap.driver.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Which processes have netmap's device open, as far as this one may look into {@code /proc}. Any thread. */
final class DeviceHolders {
    private static final Path PROC = Path.of("/proc");
    private static final Path DEVICE = Path.of(KernelErrors.DEVICE);

    private DeviceHolders() {}

    /** Such as <code> /dev/netmap is open in: 123 (pkt-gen).</code>; empty if nobody is seen. */
    static String sentence() {
        final Set<String> holders = holders();
        return holders.isEmpty() ? "" : " " + DEVICE + " is open in: " + String.join(", ", holders) + ".";
    }

    private static Set<String> holders() {
        final Set<String> holders = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (final Path process : processes) {
                if (hasDevice(process)) {
                    holders.add(process.getFileName() + " (" + name(process) + ")");
                }
            }
        } catch (final IOException e) {
            // No /proc: nobody to name.
        }
        return holders;
    }

    private static boolean hasDevice(final Path process) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (final Path descriptor : descriptors) {
                if (Files.readSymbolicLink(descriptor).equals(DEVICE)) {
                    return true;
                }
            }
        } catch (final IOException | java.nio.file.DirectoryIteratorException e) {
            // It has ended, or is not ours to look into.
        }
        return false;
    }

    private static String name(final Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (final IOException e) {
            return "ended";
        }
    }
}
