package org.reactornetmap;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;

/** A sending port for one TCK test, in a netmap of its own. */
final class TckSink implements AutoCloseable {
    private final EmbeddedNetmap netmap = EmbeddedNetmap.create(TckSource.SMALL);
    private final NetmapPort port = netmap.open("netmap:tck{1");
    private final NetmapPort reader = netmap.open("netmap:tck}1");

    TckSink() {
        reader.packets().transform(Packets.autoRelease(packet -> {})).subscribe();
    }

    NetmapPort port() {
        return port;
    }

    static Packet packet(final int element) {
        return PacketPool.wrap(Frames.udp("10.0.0.1", 1024 + element, "10.0.0.2", 53));
    }

    /** The subscriber, with the probe told of each signal after it, and the puppet pulling at its subscription. */
    static Subscriber<Packet> probed(final Subscriber<Packet> actual, final WhiteboxSubscriberProbe<Packet> probe) {
        return new Subscriber<>() {
            private boolean subscribed;

            @Override
            public void onSubscribe(final Subscription s) {
                actual.onSubscribe(s);
                if (!subscribed) { // a second one is the subscriber's to refuse
                    subscribed = true;
                    probe.registerOnSubscribe(new SubscriberPuppet() {
                        @Override
                        public void triggerRequest(final long elements) {
                            s.request(elements);
                        }

                        @Override
                        public void signalCancel() {
                            s.cancel();
                        }
                    });
                }
            }

            @Override
            public void onNext(final Packet packet) {
                actual.onNext(packet);
                probe.registerOnNext(packet);
            }

            @Override
            public void onError(final Throwable t) {
                actual.onError(t);
                probe.registerOnError(t);
            }

            @Override
            public void onComplete() {
                actual.onComplete();
                probe.registerOnComplete();
            }
        };
    }

    @Override
    public void close() {
        netmap.close();
    }
}
