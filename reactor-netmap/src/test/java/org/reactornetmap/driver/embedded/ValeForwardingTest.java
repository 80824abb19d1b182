package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a VALE switch sends a packet. */
class ValeForwardingTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final ValePeer a = ValePeer.open(driver, "vale0:a");
    private final ValePeer b = ValePeer.open(driver, "vale0:b");
    private final ValePeer c = ValePeer.open(driver, "vale0:c");

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        List.of(a, b, c).forEach(ValePeer::close);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    @Test
    void shouldFloodWhatItDoesNotKnow() {
        a.put(2, 1, 10).send();
        assertThat(b.receive()).containsExactly(10);
        assertThat(c.receive()).containsExactly(10);
        assertThat(a.receive()).isEmpty();
    }

    @Test
    void shouldSendToThePortThatSentFromTheAddress() {
        b.put(ALL, 2, 0).send();
        a.put(2, 1, 10).put(2, 1, 11).send();
        assertThat(b.receive()).containsExactly(10, 11);
        assertThat(c.receive()).containsExactly(0);
        assertThat(a.receive()).containsExactly(0);
    }
}
