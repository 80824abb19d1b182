package org.reactornetmap.driver.kernel;

import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NetmapUnavailableException;
import org.reactornetmap.driver.RequestType;

/** Error numbers into exceptions that say what to do. Any thread. */
final class KernelErrors {
    static final String DEVICE = "/dev/netmap";

    private KernelErrors() {}

    /** {@code open("/dev/netmap")} failed. */
    static NetmapException noDevice(final int number) {
        final NetmapErrnoException cause = NetmapErrnoException.of("open", DEVICE, number, openAdvice(number));
        return switch (cause.errno()) {
            case ENOENT, ENXIO, ENODEV -> new NetmapUnavailableException(cause);
            default -> cause;
        };
    }

    private static String openAdvice(final int number) {
        return switch (Errno.of(number)) {
            case ENOENT, ENXIO, ENODEV -> "The netmap module is not loaded: modprobe netmap (or insmod netmap.ko).";
            case EACCES, EPERM ->
                "Only root may open it by default. Give a group the right to, with a udev rule such as"
                        + " KERNEL==\"netmap\", GROUP=\"netmap\", MODE=\"0660\" in /etc/udev/rules.d/, and join the group.";
            default -> systemAdvice(number);
        };
    }

    /** What to do about errors that mean the same whatever was called. */
    private static String systemAdvice(final int number) {
        return switch (Errno.of(number)) {
            case EMFILE -> "This process has too many files open: raise ulimit -n.";
            case ENFILE -> "The system has too many files open: raise sysctl fs.file-max.";
            case ENOMEM ->
                "No memory, or too many mappings: raise ulimit -v or sysctl vm.max_map_count, or close ports.";
            default -> "";
        };
    }

    /** A question about an interface failed. */
    static NetmapErrnoException interfaceFailed(final String call, final String name, final int number) {
        return NetmapErrnoException.of(
                call,
                name,
                number,
                switch (Errno.of(number)) {
                    case ENXIO, ENODEV -> "The interface has vanished" + HostNames.suggestion(name);
                    default -> systemAdvice(number);
                });
    }

    /** A control request was refused. */
    static NetmapErrnoException refused(final ControlRequest request, final int number) {
        return NetmapErrnoException.of(request.call(), request.name(), number, advice(request, number));
    }

    private static String advice(final ControlRequest request, final int number) {
        if (request.type() == RequestType.REGISTER.code()) {
            return RegisterAdvice.of(request, number);
        }
        return switch (Errno.of(number)) {
            case ENXIO, ENODEV -> "There is no such port" + HostNames.suggestion(request.name());
            case EBUSY ->
                "It is open, attached, or in use otherwise: close or detach it first." + DeviceHolders.sentence();
            case EOPNOTSUPP -> "The module was built without it, or this port lacks it.";
            case EPERM -> "It is somebody else's: only who made it may do that.";
            default -> "";
        };
    }

    /** NIOCTXSYNC or NIOCRXSYNC failed. */
    static NetmapErrnoException syncFailed(final String call, final String port, final int number) {
        return NetmapErrnoException.of(
                call,
                port,
                number,
                switch (Errno.of(number)) {
                    case ENXIO ->
                        port.isEmpty()
                                ? "The descriptor has no port: REGISTER first."
                                : "The interface has vanished: close the port, and open it again when the interface is back.";
                    case EIO ->
                        "A ring is stopped, as while the interface is reconfigured: close the port and open it"
                                + " again.";
                    case EBUSY -> "The kernel syncs this port itself (CSB or sync loop): stop that first.";
                    default -> "";
                });
    }

    /** Any other call failed. */
    static NetmapErrnoException failed(final String call, final String port, final int number) {
        return NetmapErrnoException.of(call, port, number, systemAdvice(number));
    }
}
