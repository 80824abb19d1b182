package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetbaseNamesTest {
    private final FilterNames names = FilterNames.builtIn();

    @Test
    void shouldKnowTheServicesOfDebian12() {
        assertThat(names.port("http", "tcp")).hasValue(80);
        assertThat(names.port("http", "udp")).isEmpty(); // unlike IANA's
        assertThat(names.port("www", "tcp")).hasValue(80);
        assertThat(names.port("domain", "udp")).hasValue(53);
        assertThat(names.port("https", "udp")).hasValue(443);
        assertThat(names.port("HTTP", "tcp")).isEmpty();
        assertThat(names.port("#", "tcp")).isEmpty();
    }

    @Test
    void shouldKnowTheProtocolsOfDebian12() {
        assertThat(names.protocol("tcp")).hasValue(6);
        assertThat(names.protocol("TCP")).hasValue(6);
        assertThat(names.protocol("Tcp")).isEmpty();
        assertThat(names.protocol("ip")).hasValue(0);
        assertThat(names.protocol("ipv6-icmp")).hasValue(58);
    }

    @Test
    void shouldKnowItsNetworksAndNoHosts() {
        assertThat(names.network("Loopback")).hasToString("/127.0.0.0");
        assertThat(names.network("nosuch")).isNull();
        assertThat(names.hosts("localhost")).isEmpty();
        assertThat(names.ethernetAddress("localhost")).isNull();
    }
}
