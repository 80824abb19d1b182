package org.reactornetmap.driver;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** Pins threads to CPUs. Linux only. */
public final class CpuAffinity {
    private static final int MASK_BYTES = 128; // cpu_set_t of 1024 CPUs

    private CpuAffinity() {}

    /**
     * Pins the calling thread.
     *
     * @param cpu CPU number, 0..1023
     * @throws UnsupportedOperationException if this is not Linux
     * @throws IllegalArgumentException if the kernel refuses the CPU
     */
    public static void pinCurrentThread(final int cpu) {
        if (!Platform.isLinux()) {
            throw new UnsupportedOperationException("pinning a thread to a CPU is supported on Linux only");
        }
        try (Memory mask = new Memory(MASK_BYTES)) {
            mask.clear();
            mask.setByte((long) cpu / Byte.SIZE, (byte) (1 << (cpu & 7)));
            if (Libc.sched_setaffinity(0, MASK_BYTES, mask) != 0) {
                throw new IllegalArgumentException("sched_setaffinity(cpu " + cpu + ") failed with error("
                        + Native.getLastError() + "): is the CPU online and allowed for this process?");
            }
        }
    }

    /** JNA direct mapping; Linux LP64. */
    private static final class Libc {
        static {
            Native.register("c");
        }

        private Libc() {}

        // int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *mask);
        @SuppressWarnings("checkstyle:MethodName") // the C function's name
        static native int sched_setaffinity(int pid, long cpusetsize, Pointer mask);
    }
}
