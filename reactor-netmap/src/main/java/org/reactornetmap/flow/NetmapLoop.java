package org.reactornetmap.flow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.CpuAffinity;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.Poller;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Scheduler;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The one thread that touches the rings of its ports: receives, emits, transmits and sleeps in {@code poll}. Ports of
 * one driver can share a loop; packets that go from one to the other then never change hands. Demand, releases and tasks
 * from other threads reach the loop as messages, which it takes in once a burst.
 *
 * <p>{@link #create(String)} runs on a thread of its own, named {@code netmap-NAME}, a daemon and {@link NonBlocking}.
 * {@link #manual()} has none: whoever calls {@link #doWork()} is the loop for that call.
 */
public final class NetmapLoop implements AutoCloseable {
    private static final Logger LOG = Loggers.getLogger(NetmapLoop.class);
    private static final Set<NetmapLoop> LIVE = Collections.newSetFromMap(new WeakHashMap<>());
    private static final AtomicLong MADE = new AtomicLong();
    private static final VarHandle SLEEPING;
    private static final long SPIN_NS = 50_000;
    private static final int MAX_MESSAGES = 4096;
    private static final int BURSTS_BY_POLL = 16;

    static {
        try {
            SLEEPING = MethodHandles.lookup().findVarHandle(NetmapLoop.class, "sleeping", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final boolean manual;
    private final LongSupplier clock;
    private final long clockOrigin;
    private final int cpu;
    private final MpscUnboundedVarHandleArrayQueue<Object> mailbox = new MpscUnboundedVarHandleArrayQueue<>(1024);
    private final MessagePassingQueue.Consumer<Object> onMessage = this::take;
    private final ReferenceQueue<RingPacket> lost = new ReferenceQueue<>();
    private final LoopTimers timers = new LoopTimers();
    private final Scheduler scheduler = new LoopScheduler(this);
    private final long number = MADE.getAndIncrement();
    private final boolean ownClock;
    private final @Nullable LoopRuns runs;
    private volatile IdleStrategy idle;

    // The thread that is the loop. Final in fact for a loop with a thread; a manual loop's is set by each doWork().
    private @Nullable Thread thread;
    private volatile boolean signalled;
    private volatile boolean sleeping;
    private volatile boolean closed;
    private volatile boolean terminated; // the thread ends: who posts sees to its message

    private volatile RingGroup[] groups = {}; // changed on the loop only

    // Loop thread only.
    private @Nullable NetmapDriver driver;
    private boolean working;
    private long sleeps;
    private int burstsByPoll;
    private long jumpedNs;

    // Set on the loop; read by wake-ups from other threads, which come after the port is attached.
    private volatile @Nullable Poller poller;

    private NetmapLoop(final Builder builder, final boolean manual) {
        this.name = builder.name;
        this.manual = manual;
        this.clock = builder.clock;
        this.ownClock = builder.ownClock;
        this.clockOrigin = clock.getAsLong();
        this.runs = builder.time == null ? null : new LoopRuns(this, builder.time);
        this.cpu = builder.cpu;
        this.idle = builder.idle;
        if (manual) {
            thread = Thread.currentThread();
        } else {
            final LoopThread own = new LoopThread(this::run, "netmap-" + name);
            thread = own;
            own.start();
        }
        synchronized (LIVE) {
            LIVE.add(this);
        }
    }

    /**
     * A loop with a thread of its own and every default.
     *
     * @param name the thread is called {@code netmap-NAME}
     * @return a running loop
     */
    public static NetmapLoop create(final String name) {
        return builder(name).build();
    }

    /**
     * A loop without a thread: the caller calls {@link #doWork()}. For tests and for embedding in another loop.
     *
     * @return the loop; it belongs to the calling thread until another calls {@link #doWork()}
     */
    public static NetmapLoop manual() {
        return builder("manual").buildManual();
    }

    /**
     * As {@link #manual()}, in a time of the caller's: timers, linger and drain see nothing but this clock.
     *
     * @param nanos nanoseconds from any origin; must not go back
     * @return the loop
     */
    public static NetmapLoop manual(final LongSupplier nanos) {
        return builder("manual").clock(nanos).buildManual();
    }

    /**
     * A manual loop that needs no {@link #doWork()}: a scheduler runs it when there is a message, a deadline or something at
     * a ring, or when another loop of the same scheduler has worked, and its clock is the scheduler's. Made for a scheduler that runs
     * its tasks in the thread that advances its time, such as reactor-test's {@code VirtualTimeScheduler}: everything
     * then happens in that one thread, in the same order every time.
     *
     * @param time runs the loop and tells the time; all use of the loop and its ports must be in its thread
     * @return the loop
     */
    public static NetmapLoop on(final Scheduler time) {
        final Builder builder = builder("scheduled").clock(() -> time.now(TimeUnit.NANOSECONDS));
        builder.time = time;
        return builder.buildManual();
    }

    /**
     * A builder with every default.
     *
     * @param name the thread is called {@code netmap-NAME}
     * @return a new builder
     */
    public static Builder builder(final String name) {
        return new Builder(name);
    }

    /** In the order in which they were made, so that what is done to all is done in the same order every time. */
    static List<NetmapLoop> live() {
        final List<NetmapLoop> loops;
        synchronized (LIVE) {
            loops = new ArrayList<>(LIVE);
        }
        loops.removeIf(loop -> loop.closed && !loop.isServing());
        loops.sort(Comparator.comparingLong(loop -> loop.number));
        return loops;
    }

    /**
     * The loop's name.
     *
     * @return as given
     */
    public String name() {
        return name;
    }

    /**
     * Whether the calling thread is the loop.
     *
     * @return true on the loop's thread; for a manual loop, on the thread that last called {@link #doWork()}; for one
     *     that a scheduler runs, only while it runs
     */
    public boolean inLoop() {
        return Thread.currentThread() == thread && (runs == null || working);
    }

    /** Whether nobody but the caller does this loop's work. */
    boolean isCallers() {
        return manual && Thread.currentThread() == thread;
    }

    /**
     * Whether {@link #doWork()} is left to the caller.
     *
     * @return true for {@link #manual()} and for {@link #on(Scheduler)}, which a caller may help along
     */
    public boolean isManual() {
        return manual;
    }

    /**
     * What the loop does when it finds no work.
     *
     * @return the strategy
     */
    public IdleStrategy idle() {
        return idle;
    }

    /**
     * Changes what the loop does when it finds no work. Any thread.
     *
     * @param strategy the strategy
     */
    public void idle(final IdleStrategy strategy) {
        idle = Objects.requireNonNull(strategy, "strategy");
        signal();
    }

    /**
     * A scheduler whose tasks run on this loop, between bursts. They must not block.
     *
     * @return the scheduler; disposing it does nothing, the loop lives on
     */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * Runs a task on the loop, soon. Any thread; does not block.
     *
     * @param task must not block
     * @throws RejectedExecutionException if the loop is closed
     */
    public void execute(final Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("loop " + name + " is closed");
        }
        post(task);
    }

    /**
     * How often the loop went to sleep in {@code poll}; the loop's thread publishes it without ordering.
     *
     * @return number of polls that could sleep
     */
    public long sleeps() {
        return sleeps;
    }

    /**
     * Does what there is to do now: messages, timers, receive and emit, transmit. Does not block. Only for manual loops.
     *
     * @return amount of work done; 0 if there was none
     * @throws IllegalStateException if the loop has its own thread, or this is called from inside itself
     */
    public int doWork() {
        if (!manual) {
            throw new IllegalStateException("loop " + name + " runs on its own thread: use NetmapLoop.manual()");
        }
        if (working) {
            throw new IllegalStateException("doWork() was called from inside doWork()");
        }
        thread = Thread.currentThread();
        final int done = work();
        if (runs != null) {
            runs.afterWork(done);
        }
        return done;
    }

    /**
     * As {@link #sleep}, without a thread: what would end the sleep signals this loop.
     *
     * @return false if something may come without a signal
     */
    boolean sleepWithoutThread() {
        for (final RingGroup group : groups) {
            group.beforeSleep();
        }
        final Poller mine = poller;
        return mine == null || mine.callBack(this::signal);
    }

    /** Something came since the last work began. */
    boolean hasNews() {
        return signalled || !mailbox.isEmpty();
    }

    /** When there is something to do if nothing happens until then; on this loop's clock. */
    long nextDeadline(final long now) {
        long deadline = timers.nextDeadline();
        for (final RingGroup group : groups) {
            deadline = Math.min(deadline, group.deadline(now));
        }
        return deadline;
    }

    /** A caller waits for this loop, whose clock nobody else moves: the time it waits for is now. */
    void jumpToNextDeadline() {
        final long now = nanoTime();
        final long next = nextDeadline(now);
        if (next != Long.MAX_VALUE && next > now) {
            jumpedNs += next - now;
        }
    }

    @Nullable
    LoopRuns runs() {
        return runs;
    }

    private int work() {
        working = true;
        try {
            signalled = false; // volatile: what was published before a signal is seen below, or the signal stays set
            int done = takeMessages();
            if (!timers.isEmpty()) {
                done += timers.runDue(nanoTime());
            }
            done += reclaim();
            final RingGroup[] serving = groups;
            for (final RingGroup group : serving) {
                done += group.receive();
            }
            for (final RingGroup group : serving) {
                done += group.transmit();
            }
            return done;
        } finally {
            working = false;
        }
    }

    /**
     * Takes in what others said, and does nothing else. What is said meanwhile waits for the next time, so that a task
     * that posts itself again can't keep the loop from its rings.
     */
    int takeMessages() {
        return mailbox.isEmpty() ? 0 : mailbox.drain(onMessage, Math.min(MAX_MESSAGES, mailbox.size()));
    }

    private void take(final Object message) {
        if (message instanceof RingPacket packet) {
            packet.releaseFromMessage();
        } else if (message instanceof RingPacket.Retain retain) {
            retain.packet().retainFromMessage();
        } else {
            try {
                ((Runnable) message).run();
            } catch (RuntimeException | Error e) {
                LOG.error("a task on loop {} failed", name, e);
            }
        }
    }

    private int reclaim() {
        int count = 0;
        for (Reference<?> ref = lost.poll(); ref != null; ref = lost.poll()) {
            ((PacketRef) ref).receiver().reclaim((PacketRef) ref);
            count++;
        }
        return count;
    }

    private void run() {
        if (cpu >= 0) {
            CpuAffinity.pinCurrentThread(cpu);
        }
        long lastWork = nanoTime();
        while (!closed || groups.length > 0) {
            try {
                final boolean worked = work() > 0;
                final IdleStrategy strategy = idle;
                if (!worked) {
                    burstsByPoll = BURSTS_BY_POLL;
                } else if (strategy == IdleStrategy.SPIN_THEN_POLL) {
                    lastWork = nanoTime();
                }
                if (worked && (strategy != IdleStrategy.POLL || !isLeftToPoll())) {
                    continue;
                }
                if (strategy == IdleStrategy.BUSY_SPIN
                        || (strategy == IdleStrategy.SPIN_THEN_POLL && nanoTime() - lastWork < SPIN_NS)) {
                    Thread.onSpinWait();
                } else {
                    sleep();
                }
            } catch (RuntimeException | Error e) {
                LOG.error("loop {} goes on after an unexpected error", name, e);
            }
        }
        final Poller mine = poller;
        if (mine != null) {
            poller = null;
            mine.close();
        }
        terminated = true; // volatile, before the mailbox is read: a poster sees it, or we see the message
        takeLate();
    }

    /**
     * Whether the next burst is left to a poll, which syncs and waits in one call. A sync alone is cheaper if there is
     * something, and a call too many if there is not: a sync in vain is followed by some bursts by poll.
     */
    private boolean isLeftToPoll() {
        if (burstsByPoll == 0) {
            return false;
        }
        burstsByPoll--;
        for (final RingGroup group : groups) {
            if (!group.isLeftToPoll()) {
                return false;
            }
        }
        return true;
    }

    /** Whoever posted to a loop that ended meanwhile would else never be answered. */
    private void takeLate() {
        synchronized (mailbox) {
            mailbox.drain(onMessage);
        }
    }

    private void sleep() {
        sleeping = true; // volatile, before signalled is read: a signal sees us sleeping, or we see it
        try {
            if (signalled || !mailbox.isEmpty()) {
                return;
            }
            final long now = nanoTime();
            for (final RingGroup group : groups) {
                group.beforeSleep();
            }
            final long deadline = nextDeadline(now);
            final long timeout = deadline == Long.MAX_VALUE ? -1 : Math.max(0, deadline - now);
            sleeps++;
            final Poller mine = poller;
            if (mine == null) {
                block(null, timeout);
            } else {
                poll(mine, timeout);
            }
        } finally {
            sleeping = false;
        }
    }

    /** The one place where a loop's thread blocks, known by name to {@link NetmapBlockHoundIntegration}. */
    private void block(final @Nullable Poller mine, final long timeout) {
        if (mine != null) {
            mine.poll(timeout);
        } else if (timeout < 0) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, timeout);
        }
    }

    private void poll(final Poller mine, final long timeout) {
        boolean failed = false;
        try {
            block(mine, timeout);
        } catch (RuntimeException e) {
            LOG.debug("poll failed: the next sync of each port tells which", e);
            failed = true;
        }
        for (final RingGroup group : groups) {
            group.afterSleep(failed ? Poller.ERR : mine.ready(group.port()));
        }
    }

    /** Any thread: there is something to look at that is not in the mailbox, such as demand. */
    void signal() {
        VarHandle.fullFence(); // what was published stands before the two reads below
        if (!signalled) {
            signalled = true;
        }
        if (sleeping && SLEEPING.compareAndSet(this, true, false)) {
            final Poller mine = poller;
            if (mine != null) {
                mine.wakeup();
            }
            LockSupport.unpark(thread);
        }
        if (runs != null && !(Thread.currentThread() instanceof LoopThread)) { // it would run us in its thread
            runs.wake();
        }
    }

    void post(final Object message) {
        mailbox.offer(message);
        signal();
        if (terminated) {
            takeLate();
        }
    }

    /** Loop thread, or any thread before a manual loop's first work. */
    void attach(final RingGroup group) {
        if (terminated) {
            throw new IllegalStateException("loop " + name + " is closed");
        }
        final NetmapDriver wanted = group.port().driver();
        if (driver == null) {
            driver = wanted;
            poller = wanted.newPoller();
        } else if (!driver.equals(wanted)) {
            throw new IllegalArgumentException("port " + group.port().name() + " can't share loop " + name
                    + " with ports of another driver or another embedded netmap: give it a loop of its own");
        }
        Objects.requireNonNull(poller).add(group.port(), 0);
        final RingGroup[] more = java.util.Arrays.copyOf(groups, groups.length + 1);
        more[groups.length] = group;
        groups = more;
    }

    void detach(final RingGroup group) {
        final List<RingGroup> rest = new ArrayList<>(List.of(groups));
        rest.remove(group);
        groups = rest.toArray(new RingGroup[0]);
        final Poller mine = poller;
        if (mine != null) {
            mine.remove(group.port());
        }
    }

    /** Any thread: whether there are ports on this loop, as far as can be known. */
    boolean isServing() {
        return groups.length > 0;
    }

    boolean isWorking() {
        return working;
    }

    /** A port closes: drops what the sends on this loop hold of it. */
    void dropPacketsOf(final List<RingGroup> closing) {
        for (final RingGroup group : groups) {
            group.dropPacketsOf(closing);
        }
    }

    @Nullable
    Poller poller() {
        return poller;
    }

    LoopTimers timers() {
        return timers;
    }

    ReferenceQueue<RingPacket> lost() {
        return lost;
    }

    /** The clock since this loop was made: small and never negative, so deadlines compare plainly. */
    long nanoTime() {
        return clock.getAsLong() - clockOrigin + jumpedNs;
    }

    /** What time it is, for the scheduler's users: the clock's time if one was given, else the time of day. */
    long now(final TimeUnit unit) {
        return ownClock
                ? unit.convert(clock.getAsLong() + jumpedNs, TimeUnit.NANOSECONDS)
                : unit.convert(System.currentTimeMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether time passes only as somebody says. */
    boolean hasOwnClock() {
        return ownClock;
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    /**
     * Stops the loop once its ports are closed; it takes no tasks any more. Any thread; does not wait; idempotent.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            signal();
        }
    }

    @Override
    public String toString() {
        return "NetmapLoop(" + name + (manual ? ", manual" : "") + (closed ? ", closed" : "") + ")";
    }

    /** Builds a {@link NetmapLoop}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private IdleStrategy idle = IdleStrategy.POLL;
        private LongSupplier clock = System::nanoTime;
        private boolean ownClock;
        private @Nullable Scheduler time;
        private int cpu = -1;

        private Builder(final String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Sets what the loop does when it finds no work; can be changed while it runs.
         *
         * @param strategy default {@link IdleStrategy#POLL}
         * @return this
         */
        public Builder idle(final IdleStrategy strategy) {
            idle = Objects.requireNonNull(strategy, "strategy");
            return this;
        }

        /**
         * Sets the clock of timers, linger, drain and the loop's scheduler.
         *
         * @param nanos nanoseconds from any origin; default {@link System#nanoTime()}
         * @return this
         */
        public Builder clock(final LongSupplier nanos) {
            clock = Objects.requireNonNull(nanos, "nanos");
            ownClock = true;
            return this;
        }

        /**
         * Pins the loop's thread to a CPU; Linux only. A thread that is first started on the loop, by a pipeline, keeps to that
         * CPU too: let schedulers have started theirs before, or elsewhere.
         *
         * @param number the CPU, 0-based
         * @return this
         */
        public Builder cpu(final int number) {
            if (number < 0 || number > 1023) {
                throw new IllegalArgumentException("cpu is " + number + ": expected 0..1023");
            }
            cpu = number;
            return this;
        }

        /**
         * Makes a loop with its own thread and starts it.
         *
         * @return a running loop
         */
        public NetmapLoop build() {
            return new NetmapLoop(this, false);
        }

        /**
         * Makes a loop without a thread.
         *
         * @return the loop; idle strategy and CPU don't apply
         */
        public NetmapLoop buildManual() {
            return new NetmapLoop(this, true);
        }
    }

    private static final class LoopThread extends Thread implements NonBlocking {
        LoopThread(final Runnable target, final String name) {
            super(target, name);
            setDaemon(true);
        }
    }
}
