package org.reactornetmap.driver.kernel;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Which processes have netmap's device open, as far as this one may look into {@code /proc}. Any thread. */
final class DeviceHolders {
    private static final Path DEVICE = Path.of(KernelErrors.DEVICE);
    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    private DeviceHolders() {}

    /** Such as <code> /dev/netmap is open in: 123 (pkt-gen).</code>; empty if nobody is seen. */
    static String sentence() {
        return sentence(Path.of("/proc"));
    }

    static String sentence(final Path proc) {
        final Set<String> holders = holders(proc);
        return holders.isEmpty() ? "" : " " + DEVICE + " is open in: " + String.join(", ", holders) + ".";
    }

    private static Set<String> holders(final Path proc) {
        final Set<String> holders = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (final Path process : processes) {
                if (hasDevice(process)) {
                    holders.add(process.getFileName() + " (" + name(process) + ")");
                }
            }
        } catch (final IOException | DirectoryIteratorException e) {
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
        } catch (final IOException | DirectoryIteratorException e) {
            // It has ended, or is not ours to look into.
        }
        return false;
    }

    private static String name(final Path process) {
        if (process.endsWith(SELF)) {
            return "this process"; // which may be another port of ours, or nothing but the descriptor that was refused
        }
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (final IOException e) {
            return "ended";
        }
    }
}
