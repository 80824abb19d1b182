package org.reactornetmap.operators.filter;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.reactornetmap.packet.LinkType;

/** What is needed for each link type, made when the first packet of it is seen. Any thread; at times made twice. */
@SuppressWarnings("EnumOrdinal") // as an index, for the packet's sake; it is kept nowhere
final class PerLinkType<T> {

    private final Function<LinkType, T> maker;
    private final AtomicReferenceArray<T> made = new AtomicReferenceArray<>(LinkType.values().length);

    PerLinkType(Function<LinkType, T> maker) {
        this.maker = maker;
    }

    T of(LinkType type) {
        T known = made.getAcquire(type.ordinal());
        return known == null ? make(type) : known;
    }

    private T make(LinkType type) {
        T first = maker.apply(type);
        made.setRelease(type.ordinal(), first);
        return first;
    }
}
