package org.reactornetmap;

import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactornetmap.packet.Packet;
import org.testng.annotations.AfterMethod;

/**
 * The TCK of publishers for a stream of packets. Skipped by the TCK itself: what the specification calls untestable, and
 * the optional tests of several subscribers at a time, which a ring refuses (rule 1.11 allows it).
 */
abstract class PacketsTck extends PublisherVerification<Packet> {
    private final TckSource.Sources sources = new TckSource.Sources();
    private final int rings;
    private final boolean perRing;
    private final Function<NetmapPort, Publisher<Packet>> packets;

    PacketsTck(final int rings, final boolean perRing, final Function<NetmapPort, Publisher<Packet>> packets) {
        super(new TestEnvironment(1000, 100));
        this.rings = rings;
        this.perRing = perRing;
        this.packets = packets;
    }

    @Override
    public Publisher<Packet> createPublisher(final long elements) {
        final TckSource source = sources.open(rings, perRing);
        source.feed(elements);
        return source.endingAfter(elements, packets.apply(source.port()));
    }

    @Override
    public Publisher<Packet> createFailedPublisher() {
        final TckSource source = sources.open(rings, perRing);
        source.port().close();
        return packets.apply(source.port());
    }

    /** A ring gives as much as it is fed; this is what one feed sends. */
    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }

    @AfterMethod(alwaysRun = true)
    public void closeSources() {
        sources.closeAll();
    }
}
