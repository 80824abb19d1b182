package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lock of a switch between those who forward and one who changes the ports. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SwitchLockTest {
    private final SwitchLock lock = new SwitchLock();

    /** A thread that forwards comes back through a second switch while a change waits for it. */
    @RepeatedTest(20)
    void shouldLetAForwarderInAgainWhileAChangeWaitsForIt() {
        final SwitchLock other = new SwitchLock();
        final long outer = lock.lockRead();
        final AtomicBoolean changed = new AtomicBoolean();
        final CountDownLatch begun = new CountDownLatch(1);
        final CompletableFuture<Void> change = CompletableFuture.runAsync(() -> {
            begun.countDown();
            lock.write(() -> changed.set(true));
        });
        for (int i = 0; i < 1_000 || begun.getCount() > 0; i++) {
            final long second = other.lockRead();
            final long inner = lock.lockRead();
            assertThat(changed).isFalse();
            lock.unlockRead(inner);
            other.unlockRead(second);
        }
        lock.unlockRead(outer);
        change.join();
        assertThat(changed).isTrue();
    }

    @Test
    void shouldLetAChangeThroughAmongForwardersThatNeverStop() {
        final AtomicBoolean done = new AtomicBoolean();
        final CompletableFuture<?>[] forwarders = new CompletableFuture<?>[3];
        for (int i = 0; i < forwarders.length; i++) {
            forwarders[i] = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    final long stamp = lock.lockRead();
                    Thread.onSpinWait();
                    lock.unlockRead(stamp);
                }
            });
        }
        final int[] changes = new int[1];
        for (int i = 0; i < 1_000; i++) {
            lock.write(() -> changes[0]++);
        }
        done.set(true);
        CompletableFuture.allOf(forwarders).join();
        assertThat(changes[0]).isEqualTo(1_000);
    }
}
