package org.reactornetmap.driver.embedded;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterMode;

/**
 * What a switch has of a NIC, or of a VALE port that is in another switch: it keeps all rings of the NIC open, and stands
 * in the switch as one port, with the host stack as a second if the attach asked for it. TX and RX change their meaning.
 * Nobody can open it. Guarded by the world's lock.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_bdg.c#L1150">netmap_bwrap_adapter</a>
 */
final class BwrapAdapter extends Adapter {
    private final Adapter nic;
    private final Binding binding;
    private final BwrapPort port;
    private final @Nullable BwrapPort hostPort;

    private BwrapAdapter(
            final Registration request, final Adapter nic, final Binding binding, final ValeSwitches switches) {
        super(request.name, nic.memory());
        this.nic = nic;
        this.binding = binding;
        this.port = newPort(request.name, false, switches);
        this.hostPort = request.mode == RegisterMode.NIC_SW ? newPort(request.name + "^", true, switches) : null;
    }

    /** The rings that the request bound to; it may have left out a direction. */
    private BwrapPort newPort(final String portName, final boolean ofHost, final ValeSwitches switches) {
        final int queues = ofHost ? nic.hostRingCount(false) : nic.ringCount(false);
        return new BwrapPort(portName, this, bound(true, ofHost), bound(false, ofHost), queues, switches);
    }

    private KernelRing[] bound(final boolean rx, final boolean ofHost) {
        return Arrays.stream(binding.rings(rx))
                .filter(ring -> ring.ring.ringId() >= nic.ringCount(rx) == ofHost)
                .toArray(KernelRing[]::new);
    }

    /**
     * Attaches a NIC that nobody has open.
     *
     * @param request the VALE_ATTACH: its mode says whether the host stack comes too
     * @param nic the interface
     * @param vale not full
     * @param switches the switch's
     * @return the NIC's port
     * @throws NetmapErrnoException EINVAL if it is to attach anything but all NIC rings, with or without the host's;
     *     and as a REGISTER of the NIC
     */
    static SwitchedPort attach(
            final Registration request, final Adapter nic, final ValeSwitch vale, final ValeSwitches switches) {
        if (request.ringId != 0 || (request.mode != RegisterMode.ALL_NIC && request.mode != RegisterMode.NIC_SW)) {
            throw request.refuse(
                    Errno.EINVAL, "A switch takes all rings of a NIC, or these and the host's: no single ones.");
        }
        final Binding binding = Binding.register(request.forName(nic.name()), nic);
        nic.hold();
        nic.ownedByKernel(true);
        final BwrapAdapter made = new BwrapAdapter(request, nic, binding, switches);
        made.connect(vale, switches);
        return made.port;
    }

    private void connect(final ValeSwitch vale, final ValeSwitches switches) {
        switches.connect(vale, port, name());
        if (hostPort != null) {
            switches.connect(vale, hostPort, name() + "^");
            hostPort.start();
        }
        port.start();
    }

    /** Takes both ports out of the switch and gives the NIC free. */
    void detach(final ValeSwitches switches) {
        switches.disconnect(port);
        port.stop();
        if (hostPort != null) {
            switches.disconnect(hostPort);
            hostPort.stop();
        }
        nic.ownedByKernel(false);
        binding.release();
        nic.restoreMemory();
        nic.drop();
        free();
    }

    /** Whether it keeps the rings of this one. */
    boolean wraps(final Adapter one) {
        return one == nic;
    }

    /** Whether a port is that of the NIC, not the host stack's. */
    boolean isNic(final BwrapPort one) {
        return one == port;
    }

    @Override
    boolean isOwnedByKernel() {
        return true;
    }

    @Override
    int ringCount(final boolean rx) {
        return nic.ringCount(!rx);
    }

    @Override
    int hostRingCount(final boolean rx) {
        return nic.hostRingCount(!rx);
    }

    @Override
    int slotCount(final boolean rx) {
        return nic.slotCount(!rx);
    }

    @Override
    @Nullable
    KernelRing ring(final boolean rx, final int ringId) {
        return null;
    }

    @Override
    KernelRing requireRing(final boolean rx, final int ringId) {
        throw new IllegalStateException(name() + " cannot be opened");
    }

    @Override
    void dropIdleRings() {}

    @Override
    void releaseIfUnused() {}

    /** They are the NIC's. */
    @Override
    void forEachBuffer(final IntConsumer consumer) {}
}
