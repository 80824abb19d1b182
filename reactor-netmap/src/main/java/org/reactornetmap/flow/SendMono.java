package org.reactornetmap.flow;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** Sends a source's packets when subscribed to, once for each subscriber. */
final class SendMono extends Mono<TxReport> implements Scannable {
    private final Publisher<? extends Packet> source;
    private final RingGroup[] groups;
    private final RingTransmitter[][] rings;
    private final TxOptions options;

    SendMono(
            final Publisher<? extends Packet> source,
            final RingGroup[] groups,
            final RingTransmitter[][] rings,
            final TxOptions options) {
        this.source = source;
        this.groups = groups;
        this.rings = rings;
        this.options = options;
    }

    @Override
    public void subscribe(final CoreSubscriber<? super TxReport> actual) {
        final SendSubscriber sender = new SendSubscriber(actual, groups, rings, options);
        actual.onSubscribe(sender);
        source.subscribe(sender);
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable has it so
    public @Nullable Object scanUnsafe(final Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
