package org.reactornetmap.driver.embedded;

import java.util.Locale;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortOption;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/** Refuses what the embedded netmap does not do, with the error number that netmap would use and what to do instead. */
final class Supported {
    private static final String KERNEL_INSTEAD = " is not in the embedded netmap yet: use the kernel driver.";

    private Supported() {}

    static void check(final OpenRequest request) {
        final PortSpec spec = request.spec();
        checkOptions(spec);
        checkFlags(spec);
        if (spec.isVale()) {
            throw refuse(
                    spec,
                    Errno.EOPNOTSUPP,
                    "A VALE switch is not in the embedded netmap yet: use a pipe (netmap:x{1), or the kernel driver.");
        }
        if (spec.memId() > EmbeddedWorld.MEM_ID) {
            throw refuse(
                    spec,
                    Errno.EINVAL,
                    "There is no memory region " + spec.memId() + ": the embedded netmap has region "
                            + EmbeddedWorld.MEM_ID + " only.");
        }
        if (spec.isPipe()) {
            checkPipe(request);
        } else if (spec.mode() != RegisterMode.NULL) {
            throw refuse(
                    spec,
                    Errno.ENXIO,
                    "The embedded netmap has no interface " + spec.portName()
                            + ": it makes pipes (netmap:x{1 and netmap:x}1) and null ports (null:x). An interface of"
                            + " this machine needs the kernel driver.");
        }
    }

    private static void checkOptions(final PortSpec spec) {
        for (final PortOption option : spec.options()) {
            if (!(option instanceof PortOption.Conf)) {
                throw refuse(
                        spec,
                        Errno.EOPNOTSUPP,
                        "The option @" + option.getClass().getSimpleName().toLowerCase(Locale.ROOT) + KERNEL_INSTEAD);
            }
        }
    }

    private static void checkFlags(final PortSpec spec) {
        for (final RegisterFlag flag : spec.flags()) {
            if (flag == RegisterFlag.MONITOR_TX || flag == RegisterFlag.MONITOR_RX || flag == RegisterFlag.ZCOPY_MON) {
                throw refuse(spec, Errno.EOPNOTSUPP, "A monitor (/r, /t, /z)" + KERNEL_INSTEAD);
            }
        }
    }

    private static void checkPipe(final OpenRequest request) {
        final RegisterMode mode = Selection.mode(request);
        if (mode != RegisterMode.ALL_NIC && mode != RegisterMode.ONE_NIC) {
            throw refuse(
                    request.spec(),
                    Errno.EINVAL,
                    "A pipe has no host rings: leave out ^ and *, or name one ring pair by -NN.");
        }
    }

    private static NetmapErrnoException refuse(final PortSpec spec, final Errno errno, final String advice) {
        return NetmapErrnoException.of(EmbeddedWorld.REGISTER, spec.text(), errno, advice);
    }
}
