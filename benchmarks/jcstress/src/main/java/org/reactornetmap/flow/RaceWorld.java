package org.reactornetmap.flow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.BufferAudit;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;
import org.reactornetmap.packet.LeakLevel;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * One pipe in a netmap of its own: the near end is served by a manual loop, of which one actor does the work; the far end
 * has no loop, its rings are written and read directly. Worlds are used again and again, for making one takes longer than
 * many races: {@link #giveBack()} only takes back those whose ring still works at full capacity.
 */
final class RaceWorld {
    /** Slots of each ring; one always stays empty. */
    static final int SLOTS = 8;

    private static final EmbeddedConfig TINY = EmbeddedConfig.builder()
            .buffers(64)
            .bufSize(64)
            .defaultSlots(SLOTS)
            .interfaces(8)
            .rings(8)
            .build();
    private static final FlowSettings POOLED_VIEWS = new FlowSettings(LeakLevel.DISABLED, false, false, false);
    private static final int SPARES = SLOTS;
    private static final ConcurrentLinkedQueue<RaceWorld> POOL = new ConcurrentLinkedQueue<>();
    private static final VarHandle LOOP_THREAD;

    static {
        try {
            LOOP_THREAD = MethodHandles.privateLookupIn(NetmapLoop.class, MethodHandles.lookup())
                    .findVarHandle(NetmapLoop.class, "thread", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final NetmapLoop loop = NetmapLoop.manual();

    private final EmbeddedDriver driver = EmbeddedDriver.create(TINY);
    private final DriverPort far = open("netmap:r{1@1", 0);
    private final NetmapRing farTx = far.netmapIf().txRings().get(0);
    private final NetmapRing farRx = far.netmapIf().rxRings().get(0);
    private RingGroup group = attach();

    private RaceWorld() {
        handOver();
    }

    static RaceWorld take() {
        final RaceWorld used = POOL.poll();
        return used != null ? used : new RaceWorld();
    }

    private DriverPort open(final String spec, final int spares) {
        return driver.open(new OpenRequest(PortSpec.parse(spec), -1, 0, 0, 0, 0, spares));
    }

    private RingGroup attach() {
        final RingGroup made = new RingGroup(open("netmap:r}1@1", SPARES), loop, POOLED_VIEWS);
        loop.attach(made);
        return made;
    }

    RingGroup group() {
        return group;
    }

    RingReceiver receiver() {
        return group.receivers()[0];
    }

    RxCounters counters() {
        return receiver().counters();
    }

    RingFlux packets(final RxOptions.Hold hold) {
        return new RingFlux(
                group, group.receivers(), RxOptions.builder().hold(hold).build());
    }

    /** Slots that the far end can write to: all but one, unless the near end holds some. */
    private int room() {
        far.txSync();
        return RingMath.distance(farTx.head(), farTx.tail(), SLOTS);
    }

    /** Puts frames into the pipe, from the far end. */
    void send(final int frames) {
        if (room() < frames) {
            throw new IllegalStateException("no room for " + frames + " frames: the world is not whole");
        }
        int head = farTx.head();
        for (int i = 0; i < frames; i++) {
            final int bufIdx = NetmapSlotDescriptor.bufIdx(farTx.slotWord(head));
            farTx.slotWord(head, NetmapSlotDescriptor.word(bufIdx, 60, 0));
            head = head + 1 == SLOTS ? 0 : head + 1;
        }
        farTx.head(head);
        farTx.cur(head);
        far.txSync();
    }

    /** Takes what came out of the pipe at the far end. */
    void receiveFar() {
        far.rxSync();
        farRx.head(farRx.tail());
        farRx.cur(farRx.tail());
        far.rxSync();
    }

    /** The loop does what there is to do. */
    void work() {
        while (loop.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    /**
     * Whoever works next is the loop; until then nobody is. Else the thread that set the race up would take itself for
     * the loop when it plays another part in it.
     */
    void handOver() {
        LOOP_THREAD.set(loop, (Thread) null);
    }

    /** Closes the near end as the last step of closing a port does, on the loop. */
    int closeNear() {
        return group.close().size();
    }

    BufferAudit audit() {
        return driver.audit();
    }

    /** Opens the near end anew. */
    void reopen() {
        group = attach();
    }

    /** Replaces the group of the near end, which was stopped for good, by a new one on the same rings. */
    void renew() {
        closeNear();
        reopen();
    }

    /** Whether the ring still gives as many packets at a time as it has slots for, each a view and a buffer of its own. */
    boolean giveBack() {
        work();
        final RaceSubscriber all = new RaceSubscriber(true);
        packets(RxOptions.Hold.IN_PLACE).subscribe(all);
        all.request(Long.MAX_VALUE);
        work();
        all.releaseAll(); // what the race left in the ring
        work();
        all.forget();
        if (room() < SLOTS - 1) {
            return false;
        }
        send(SLOTS - 1);
        work();
        final boolean whole = all.received() == SLOTS - 1 && all.isEachItsOwn() && all.ends() == 0;
        all.releaseAll();
        all.cancel();
        work();
        receiveFar();
        final BufferAudit audit = audit(); // it can't see the spares, which the group keeps
        final boolean clean = counters().held == 0
                && group.spares().available() == SPARES
                && audit.lost().size() == SPARES
                && audit.duplicated().isEmpty();
        handOver();
        if (whole && clean) {
            POOL.add(this);
        }
        return whole && clean;
    }

    /** The buffer that a packet shows. */
    static int buffer(final @Nullable Packet packet) {
        return ((RingPacket) Objects.requireNonNull(packet)).ref().bufIdx(0);
    }
}
