package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TieredMatcherTest {
    /** Returns the first byte. */
    private static final BpfProgram FIRST_BYTE = BpfProgram.parseDecimal("2 48 0 0 0 22 0 0 0");

    private static final byte[] FRAME = {7};

    @Test
    void shouldRunTheInterpreterUntilTheCompilerIsReady() {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        final TieredMatcher matcher = new TieredMatcher(FIRST_BYTE, tasks::add);

        assertThat(matcher.current()).isInstanceOf(BpfInterpreter.class);
        final EveryForm form = new EveryForm(1);
        form.set(FRAME, 1);
        form.assertVerdict("interpreted", matcher, 1, 7);

        tasks.remove().run();

        assertThat(matcher.current()).isNotInstanceOf(BpfInterpreter.class);
        form.assertVerdict("compiled", matcher, 1, 7);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void shouldCompileWhileThreadsRunIt() {
        for (int round = 0; round < 50; round++) {
            final TieredMatcher matcher = TieredMatcher.of(FIRST_BYTE);
            final AtomicBoolean wrong = new AtomicBoolean();
            final List<CompletableFuture<Void>> threads = IntStream.range(0, 3)
                    .mapToObj(each -> CompletableFuture.runAsync(() -> {
                        boolean compiled = false;
                        while (!compiled) {
                            compiled = !(matcher.current() instanceof BpfInterpreter);
                            if (matcher.run(FRAME, 0, 1, 1) != 7) {
                                wrong.set(true);
                            }
                        }
                    }))
                    .toList();

            threads.forEach(CompletableFuture::join);
            assertThat(wrong).isFalse();
        }
    }
}
