package org.reactornetmap.driver.embedded;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortOption;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/**
 * What one registration asks for: {@code nmreq_register} and the name in its header. Where netmap writes a number back,
 * it is written back here. Guarded by the world's lock.
 */
final class Registration {
    /** {@link #extraBuffers}: one for each slot of the RX rings that the registration binds to. */
    static final int EXTRA_FOR_EACH_RX_SLOT = -1;

    /** The port as the user wrote it, for messages. */
    final String text;

    /** {@code nr_name}, such as {@code eth0}, {@code vale0:a} or <code>x{1</code>. */
    final String name;

    final List<PortOption> options;

    /** The call that it is part of, for messages. */
    final String call;

    /** {@code NETMAP_REQ_OPT_OFFSETS}; null: none. */
    @Nullable
    OffsetsOption offsets;

    /** {@code nro_status} of the offsets: not honoured until it is. */
    int offsetsStatus = Errno.EOPNOTSUPP.number();

    RegisterMode mode;
    int ringId;
    long flags;
    int memId;
    int txRings;
    int rxRings;
    int hostTxRings;
    int hostRxRings;
    int txSlots;
    int rxSlots;
    int extraBuffers;

    Registration(final String text, final String name, final RegisterMode mode, final List<PortOption> options) {
        this(text, name, mode, options, EmbeddedWorld.REGISTER);
    }

    Registration(
            final String text,
            final String name,
            final RegisterMode mode,
            final List<PortOption> options,
            final String call) {
        this.text = text;
        this.name = name;
        this.mode = mode;
        this.options = options;
        this.call = call;
    }

    /** A request's own numbers count before those of its {@code @conf}, and its ring before its mode. */
    static Registration of(final OpenRequest request) {
        final PortSpec spec = request.spec();
        final PortOption.Conf conf = spec.option(PortOption.Conf.class).orElse(PortOption.Conf.DEFAULT);
        final boolean oneRing = request.ring() >= 0;
        final Registration made = new Registration(
                spec.text(), spec.portName(), oneRing ? RegisterMode.ONE_NIC : spec.mode(), spec.options());
        made.ringId = oneRing ? request.ring() : spec.ringId();
        made.flags = request.flagBits();
        // A null port must name its memory; in a spec the global one needs no name.
        made.memId = spec.memId() == 0 && made.mode == RegisterMode.NULL ? EmbeddedMemory.GLOBAL_ID : spec.memId();
        made.txRings = firstSet(request.txRings(), conf.txRings());
        made.rxRings = firstSet(request.rxRings(), conf.rxRings());
        made.hostTxRings = conf.hostTxRings();
        made.hostRxRings = conf.hostRxRings();
        made.txSlots = firstSet(request.txSlots(), conf.txSlots());
        made.rxSlots = firstSet(request.rxSlots(), conf.rxSlots());
        made.extraBuffers = request.extraBuffers();
        made.offsets =
                made.option(PortOption.Offset.class).map(OffsetsOption::of).orElse(null);
        return made;
    }

    /** The same request for another name: the port whose pipe it is, or that it monitors. */
    Registration forName(final String otherName) {
        final Registration copy = new Registration(text, otherName, mode, options, call);
        copy.ringId = ringId;
        copy.flags = flags;
        copy.memId = memId;
        copy.txRings = txRings;
        copy.rxRings = rxRings;
        copy.hostTxRings = hostTxRings;
        copy.hostRxRings = hostRxRings;
        copy.txSlots = txSlots;
        copy.rxSlots = rxSlots;
        copy.extraBuffers = extraBuffers;
        return copy;
    }

    /** A PORT_INFO_GET on another port, which comes down to a lookup. */
    Registration infoOn(final String otherName) {
        return new Registration(text, otherName, RegisterMode.ALL_NIC, List.of(), call);
    }

    private static int firstSet(final int first, final int second) {
        return first != 0 ? first : second;
    }

    boolean has(final RegisterFlag flag) {
        return (flags & flag.bits()) != 0;
    }

    boolean isMonitor() {
        return has(RegisterFlag.MONITOR_TX) || has(RegisterFlag.MONITOR_RX) || has(RegisterFlag.ZCOPY_MON);
    }

    <T extends PortOption> Optional<T> option(final Class<T> kind) {
        return options.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** Rings and slots asked for; 0 leaves them to the port. */
    Geometry geometry() {
        return new Geometry(txRings, rxRings, txSlots, rxSlots);
    }

    /**
     * The exception for a refusal.
     *
     * @param errno what netmap would say
     * @param advice what to do
     */
    NetmapErrnoException refuse(final Errno errno, final String advice) {
        return NetmapErrnoException.of(call, text, errno, advice);
    }
}
