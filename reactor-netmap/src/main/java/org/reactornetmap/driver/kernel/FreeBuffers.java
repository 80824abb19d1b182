package org.reactornetmap.driver.kernel;

import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/**
 * Counts a memory's free buffers: netmap does not tell, but a null port that asks for them all is granted those that are
 * free, and gives them back when it closes. Any thread; who opens a port meanwhile may find none.
 */
final class FreeBuffers {
    /** {@code nummax} of the buffer pool is 1,000,000. */
    private static final int MORE_THAN_ANY = 1 << 20;

    private FreeBuffers() {}

    /**
     * How many are free.
     *
     * @param memId a memory that exists
     * @return 0 or more; -1 if there is no such memory, or no room in it for the null port itself
     */
    static int of(final int memId) {
        try (KernelDescriptor descriptor = KernelDescriptor.open(new KernelDriver())) {
            final ControlRequest all = ControlRequest.of(RequestType.REGISTER, "free");
            all.body()
                    .putInt(NmreqRegisterDescriptor.MODE_OFFSET, RegisterMode.NULL.code())
                    .putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) memId)
                    .putInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET, MORE_THAN_ANY);
            return descriptor.answers(all) ? all.body().getInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET) : -1;
        }
    }
}
