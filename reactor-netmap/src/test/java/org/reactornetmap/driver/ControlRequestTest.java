package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A control request holds what its structs can hold, sense or nonsense. */
class ControlRequestTest {
    @Test
    void shouldMakeTheBodyThatTheTypeNeeds() {
        for (final RequestType type : RequestType.values()) {
            final ControlRequest request = ControlRequest.of(type, "x");
            assertThat(request.type()).isEqualTo(type.code());
            assertThat(RequestType.of(request.type())).isSameAs(type);
            assertThat(request.hasBody()).isEqualTo(type.bodyBytes() > 0);
            if (request.hasBody()) {
                assertThat(request.body().capacity()).isEqualTo(type.bodyBytes());
            }
            assertThat(request.version()).isEqualTo(14);
            assertThat(request.call()).isEqualTo("NIOCCTRL(" + type + ")");
        }
    }

    @Test
    void shouldReadANameAsNetmapDoes() {
        final byte[] endless = new byte[64];
        Arrays.fill(endless, (byte) 'n');
        final ControlRequest request = ControlRequest.ofType(1).nameBytes(endless);
        assertThat(request.name()).isEqualTo("n".repeat(63));
        assertThat(request.nameBytes()).isEqualTo(endless);
        assertThat(request.name("vale0:a").name()).isEqualTo("vale0:a");
        assertThat(request.nameBytes()[7]).isZero();
        assertThat(request.nameBytes(new byte[] {'a', 0, 'b'}).name()).isEqualTo("a");
        assertThatThrownBy(() -> request.name("n".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.name("\u20ac")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.nameBytes(new byte[65])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldHoldAnyTypeBodyAndVersion() {
        final ControlRequest request = ControlRequest.ofType(99).version(13).reserved(7);
        assertThat(request.type()).isEqualTo(99);
        assertThat(RequestType.of(99)).isNull();
        assertThat(request.call()).isEqualTo("NIOCCTRL(99)");
        assertThat(request.version()).isEqualTo(13);
        assertThat(request.reserved()).isEqualTo(7);
        assertThatThrownBy(request::body).isInstanceOf(IllegalStateException.class);
        assertThat(request.body(new byte[3]).body().capacity()).isEqualTo(3);
        assertThat(request.body(null).hasBody()).isFalse();
    }

    @Test
    void shouldChainOptionsInOrderOrInACircle() {
        final ControlOption first =
                ControlOption.of(NmreqOptionDescriptor.OFFSETS, 56).size(9);
        final ControlOption second = ControlOption.of(1_234, 24);
        final ControlRequest request =
                ControlRequest.of(RequestType.REGISTER, "x").option(first).option(second);
        assertThat(request.options()).containsExactly(first, second).isUnmodifiable();
        assertThat(request.loopsTo()).isEqualTo(-1);
        assertThat(request.loopTo(0).loopsTo()).isZero();
        assertThatThrownBy(() -> request.loopTo(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(first.type()).isEqualTo(5);
        assertThat(first.size()).isEqualTo(9);
        first.status(95);
        assertThat(first.struct().getInt(12)).isEqualTo(95);
        assertThatThrownBy(() -> ControlOption.of(1, 23)).isInstanceOf(IllegalArgumentException.class);
    }
}
