package org.reactornetmap;

import java.util.function.Consumer;
import java.util.function.Function;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;

/** Who releases packets where no terminal of ours does: functions for {@code Flux.transform}. Stateless. */
public final class Packets {
    private Packets() {}

    /**
     * Releases what plain operators upstream discard, such as {@code filter} and {@code take}. What reaches the
     * subscriber is still the subscriber's.
     *
     * @return a function for {@code transform}
     */
    public static Function<Flux<Packet>, Flux<Packet>> releaseOnDiscard() {
        return packets -> packets.doOnDiscard(Packet.class, Packet::release);
    }

    /**
     * Looks at each packet, then releases it; also what upstream operators discard.
     *
     * @param consumer reads the packet; must not keep it without {@link Packet#retain()}
     * @return a function for {@code transform}; the stream has no elements, only its end
     */
    public static Function<Flux<Packet>, Flux<Void>> autoRelease(final Consumer<? super Packet> consumer) {
        return packets -> packets.<Void>handle((packet, sink) -> {
                    try {
                        consumer.accept(packet);
                    } finally {
                        packet.release();
                    }
                })
                .doOnDiscard(Packet.class, Packet::release);
    }

    /**
     * Copies each packet's bytes, then releases it; also what upstream operators discard.
     *
     * @return a function for {@code transform}
     */
    public static Function<Flux<Packet>, Flux<byte[]>> toBytes() {
        return packets -> packets.map(packet -> {
                    try {
                        return packet.toBytes();
                    } finally {
                        packet.release();
                    }
                })
                .doOnDiscard(Packet.class, Packet::release);
    }
}
