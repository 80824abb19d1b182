package org.reactornetmap.operators.filter.language;

import java.net.Inet4Address;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.LinkType;

/**
 * What a filter is compiled for. Immutable.
 *
 * @param linkType what the frames begin with
 * @param snapLength what a program returns for a match: how many bytes of the frame to keep, 1 or more
 * @param netmask of the network the frames come from, for {@code ip broadcast}; null if not known
 * @param nullOrder byte order of the machine that captured frames of {@link LinkType#NULL}
 * @param names what names stand for
 */
public record FilterTarget(
        LinkType linkType, int snapLength, @Nullable Inet4Address netmask, ByteOrder nullOrder, FilterNames names) {
    /** What tcpdump keeps of a frame by default, all of it. */
    public static final int DEFAULT_SNAP_LENGTH = 262_144;

    /**
     * Checks the parts.
     *
     * @param linkType what the frames begin with
     * @param snapLength how many bytes a match is to keep
     * @param netmask null if not known
     * @param nullOrder for {@link LinkType#NULL}
     * @param names what names stand for
     * @throws IllegalArgumentException if {@code snapLength} is less than 1
     */
    public FilterTarget {
        Objects.requireNonNull(linkType, "linkType");
        Objects.requireNonNull(nullOrder, "nullOrder");
        Objects.requireNonNull(names, "names");
        if (snapLength < 1) {
            throw new IllegalArgumentException("snapLength must be 1 or more, was " + snapLength);
        }
    }

    /**
     * A target with the defaults: whole frames, no netmask, little-endian captures, the built-in names.
     *
     * @param linkType what the frames begin with
     * @return a target
     */
    public static FilterTarget of(final LinkType linkType) {
        return new FilterTarget(linkType, DEFAULT_SNAP_LENGTH, null, ByteOrder.LITTLE_ENDIAN, FilterNames.builtIn());
    }

    /**
     * The same with another snapshot length.
     *
     * @param length 1 or more
     * @return a target
     * @throws IllegalArgumentException if it is less
     */
    public FilterTarget withSnapLength(final int length) {
        return new FilterTarget(linkType, length, netmask, nullOrder, names);
    }

    /**
     * The same with a netmask.
     *
     * @param mask such as 255.255.255.0; null, and as in libpcap 255.255.255.255, if not known
     * @return a target
     */
    public FilterTarget withNetmask(final @Nullable Inet4Address mask) {
        return new FilterTarget(linkType, snapLength, mask, nullOrder, names);
    }

    /**
     * The same with another byte order of the capturing machine.
     *
     * @param order for {@link LinkType#NULL}
     * @return a target
     */
    public FilterTarget withNullOrder(final ByteOrder order) {
        return new FilterTarget(linkType, snapLength, netmask, order, names);
    }

    /**
     * The same with other names.
     *
     * @param resolver what names stand for
     * @return a target
     */
    public FilterTarget withNames(final FilterNames resolver) {
        return new FilterTarget(linkType, snapLength, netmask, nullOrder, resolver);
    }
}
