package org.reactornetmap.driver.kernel;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What names of ports mean, and which interfaces this machine has. Any thread. */
final class HostNames {
    private static final int IFNAMSIZ = 16;
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private HostNames() {}

    /** A pipe's end. */
    static boolean isPipe(final String port) {
        return port.indexOf('{') >= 0 || port.indexOf('}') >= 0;
    }

    /** A port of a switch. */
    static boolean isSwitched(final String port) {
        return port.startsWith("vale") && port.indexOf(':') >= 0;
    }

    /** Neither pipe nor port of a switch, and what Linux takes for an interface: {@code dev_valid_name}. */
    static boolean mayBeInterface(final String port) {
        return !port.isEmpty()
                && port.length() < IFNAMSIZ
                && !port.equals(".")
                && !port.equals("..")
                && !isPipe(port)
                && port.chars().noneMatch(c -> c == ':' || c == '/');
    }

    /** The end of a sentence that says that an interface does not exist. */
    static String suggestion(final String port) {
        final Set<String> there = interfaces();
        if (isSwitched(port) || there.isEmpty()) {
            return ".";
        }
        for (final String each : there) {
            if (each.equalsIgnoreCase(port)) {
                return ": did you mean " + each + "?";
            }
        }
        return ": this machine (or container) has " + String.join(", ", there) + ".";
    }

    private static Set<String> interfaces() {
        final Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(INTERFACES)) {
            all.forEach(each -> names.add(String.valueOf(each.getFileName())));
        } catch (final IOException | DirectoryIteratorException e) {
            // Not Linux: nothing to suggest.
        }
        return names;
    }
}
