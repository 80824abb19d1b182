package org.reactornetmap.operators.filter.language;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the names in a filter stand for. By itself it knows the services, protocols and networks of Debian 12's netbase, and no
 * hosts or Ethernet addresses; nothing is asked of DNS. An own resolver overrides what it knows more of.
 *
 * <p>Asked while an expression is compiled, on that thread.
 */
public interface FilterNames {
    /**
     * The names that are built in.
     *
     * @return services, protocols and networks of netbase
     */
    static FilterNames builtIn() {
        return NetbaseNames.INSTANCE;
    }

    /**
     * The addresses of a host.
     *
     * @param name as written, not a literal address
     * @return in the order in which the filter tests them; empty if unknown
     */
    default List<InetAddress> hosts(final String name) {
        return List.of();
    }

    /**
     * The address of a network, as in {@code /etc/networks}.
     *
     * @param name as written
     * @return the address; null if unknown
     */
    default @Nullable Inet4Address network(final String name) {
        return NetbaseNames.INSTANCE.network(name);
    }

    /**
     * The Ethernet address of a host, as in {@code /etc/ethers}.
     *
     * @param name as written
     * @return 6 bytes; null if unknown
     */
    default byte @Nullable [] ethernetAddress(final String name) {
        return null;
    }

    /**
     * The port of a service, as in {@code /etc/services}.
     *
     * @param name as written
     * @param protocol {@code tcp} or {@code udp}
     * @return 0..65535; empty if there is no such service over this protocol
     */
    default OptionalInt port(final String name, final String protocol) {
        return NetbaseNames.INSTANCE.port(name, protocol);
    }

    /**
     * The number of a protocol above IP, as in {@code /etc/protocols}.
     *
     * @param name as written
     * @return 0..255; empty if unknown
     */
    default OptionalInt protocol(final String name) {
        return NetbaseNames.INSTANCE.protocol(name);
    }
}
