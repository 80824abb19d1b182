package org.reactornetmap.operators.filter.bpf;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.reactornetmap.packet.Packet;

/**
 * Runs a program at once, interpreted, while a thread of its own compiles it, and then the compiled one: no packet waits for
 * the compiler. Both give the same verdicts. A run costs one volatile read more than {@link #current()} itself.
 */
public final class TieredMatcher implements BpfMatcher {
    /** Its thread stays: one started later, by a loop that keeps to one CPU, would keep to that CPU as well. */
    private static final Executor COMPILER = compiler();

    private volatile BpfMatcher current;

    /** A matcher that is compiled by the given executor. */
    TieredMatcher(final BpfProgram program, final Executor compiler) {
        current = BpfInterpreter.of(program);
        // If it fails, for want of memory, the interpreter stays.
        compiler.execute(() -> current = BpfCompiler.compile(program));
    }

    /**
     * A matcher for one program. Does not wait for the compiler.
     *
     * @param program what to run
     * @return ready to run
     */
    public static TieredMatcher of(final BpfProgram program) {
        return new TieredMatcher(program, COMPILER);
    }

    private static Executor compiler() {
        final ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    final Thread thread = new Thread(task, "netmap-filter-compiler");
                    thread.setDaemon(true);
                    thread.setContextClassLoader(null);
                    return thread;
                });
        one.prestartCoreThread();
        return one;
    }

    /** Starts the thread that compiles, if it is not there. Who makes matchers on a loop later calls this before. */
    static void startCompiler() {
        // By loading this class.
    }

    /**
     * What runs the next frame. Who runs a burst may ask once for all of it.
     *
     * @return the interpreter at first, then what {@link BpfCompiler} made
     */
    public BpfMatcher current() {
        return current;
    }

    @Override
    public int run(final ByteBuffer frame, final int start, final int captured, final int wireLength) {
        return current.run(frame, start, captured, wireLength);
    }

    @Override
    public int run(final byte[] frame, final int start, final int captured, final int wireLength) {
        return current.run(frame, start, captured, wireLength);
    }

    @Override
    public int run(final Packet packet) {
        return current.run(packet);
    }
}
