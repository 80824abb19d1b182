package org.reactornetmap.operators.filter;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.reactornetmap.packet.LinkType;

/**
 * What is needed for each link type, made when the first packet of it is seen. What can't be made is not tried again. Any
 * thread; at times made twice.
 */
@SuppressWarnings("EnumOrdinal") // as an index, for the packet's sake; it is kept nowhere
final class PerLinkType<T> {

    private final Function<LinkType, T> maker;
    private final AtomicReferenceArray<T> made = new AtomicReferenceArray<>(LinkType.values().length);
    private final AtomicReferenceArray<RuntimeException> failed = new AtomicReferenceArray<>(made.length());

    PerLinkType(Function<LinkType, T> maker) {
        this.maker = maker;
    }

    T of(LinkType type) {
        T known = made.getAcquire(type.ordinal());
        return known == null ? make(type) : known;
    }

    private T make(LinkType type) {
        RuntimeException reason = failed.getAcquire(type.ordinal());
        if (reason != null) {
            throw reason;
        }
        try {
            T first = maker.apply(type);
            made.setRelease(type.ordinal(), first);
            return first;
        } catch (RuntimeException e) {
            failed.setRelease(type.ordinal(), e);
            throw e;
        }
    }
}
