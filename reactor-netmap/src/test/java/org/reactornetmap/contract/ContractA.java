package org.reactornetmap.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.BaseSubscriber;

/** What the contract tests of the receiving side share: small rings, a subscriber that holds on, and the warnings. */
final class ContractA {
    static final int SLOTS = 16;
    static final int BUF_SIZE = 128;

    /** What a ring can hold: one slot always stays empty. */
    static final int FULL = SLOTS - 1;

    private ContractA() {}

    static EmbeddedConfig config() {
        return EmbeddedConfig.builder()
                .buffers(1024)
                .bufSize(BUF_SIZE)
                .defaultSlots(SLOTS)
                .build();
    }

    static EmbeddedNetmap netmap() {
        return EmbeddedNetmap.forTests(config());
    }

    static PortOptions on(final NetmapLoop loop) {
        return PortOptions.builder().loop(loop).build();
    }

    /** Holds every packet it gets, and asks for what it is told to ask for. */
    static class Sink extends BaseSubscriber<Packet> {
        final List<Packet> packets = new CopyOnWriteArrayList<>();
        volatile @Nullable Throwable error;
        volatile boolean completed;
        private final long initial;

        Sink(final long initial) {
            this.initial = initial;
        }

        @Override
        protected void hookOnSubscribe(final Subscription subscription) {
            if (initial > 0) {
                subscription.request(initial);
            }
        }

        @Override
        protected void hookOnNext(final Packet packet) {
            packets.add(packet);
        }

        @Override
        protected void hookOnError(final Throwable throwable) {
            error = throwable;
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }

        Packet get(final int index) {
            return packets.get(index);
        }

        int count() {
            return packets.size();
        }

        List<Integer> numbers() {
            return packets.stream().map(ContractB::number).toList();
        }

        void releaseAll() {
            final List<Packet> held = new ArrayList<>(packets);
            packets.clear();
            held.forEach(Packet::release);
        }
    }

    /** Notes the number of every packet and releases it at once. */
    static final class Reader extends BaseSubscriber<Packet> {
        final List<Integer> numbers = new CopyOnWriteArrayList<>();
        private final long initial;
        private final Consumer<Reader> after;

        Reader(final long initial) {
            this(initial, reader -> {});
        }

        Reader(final long initial, final Consumer<Reader> after) {
            this.initial = initial;
            this.after = after;
        }

        @Override
        protected void hookOnSubscribe(final Subscription subscription) {
            if (initial > 0) {
                subscription.request(initial);
            }
        }

        @Override
        protected void hookOnNext(final Packet packet) {
            numbers.add(ContractB.number(packet));
            packet.release();
            after.accept(this);
        }
    }

    /** Warnings logged by anyone while it is open. */
    static final class WarnLog extends Handler implements AutoCloseable {
        private static final Logger ROOT = Logger.getLogger("");
        private final List<String> warnings = new CopyOnWriteArrayList<>();

        static WarnLog open() {
            final WarnLog log = new WarnLog();
            ROOT.addHandler(log);
            return log;
        }

        List<String> warnings() {
            return warnings;
        }

        List<String> warningsAbout(final String text) {
            return warnings.stream().filter(warning -> warning.contains(text)).toList();
        }

        @Override
        public void publish(final LogRecord record) {
            if (record.getLevel().equals(Level.WARNING)) {
                warnings.add(record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            ROOT.removeHandler(this);
        }
    }
}
