package org.reactornetmap.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqHeaderDescriptor;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.RequestType;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;

/**
 * Control requests of any type, version, name, body and options on a few descriptors: each is honoured or refused with an
 * error number, no buffer is ever in two places, and when the descriptors are closed all are free.
 */
class ControlFuzzTest {
    private static final int BUFFERS = 256;
    private static final int DESCRIPTORS = 4;
    private static final int MOST_OPTION_BYTES = 160;
    private static final int USER_BYTES = 1 << 16;

    private static final List<String> NAMES = List.of(
            "",
            "v",
            "w",
            "x{1",
            "x}1",
            "vale0:a",
            "vale0:b",
            "vale0:v",
            "vale1:v",
            "vale0:a{2",
            "vale0:",
            "vale",
            "val",
            "v{9",
            "null",
            "x{",
            "}1",
            "lo",
            "01234567890123456789:0123456789");

    @FuzzTest(maxDuration = "5m")
    void shouldHonourOrRefuse(final byte[] input) {
        request(input);
    }

    @Test
    void shouldHonourOrRefuseRandomRequests() {
        RandomInputs.run(300, ControlFuzzTest::request);
    }

    private static void request(final byte[] input) {
        ScribbledWorld.silenceWarnings();
        final FuzzInput in = new FuzzInput(input);
        final EmbeddedDriver driver = EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(BUFFERS)
                .bufSize(64)
                .interfaces(8)
                .rings(32)
                .defaultSlots(16)
                .build());
        final long user = driver.userMemory().map(ByteBuffer.allocateDirect(USER_BYTES));
        final List<DriverDescriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < DESCRIPTORS; i++) {
            descriptors.add(driver.newDescriptor());
        }
        while (in.hasMore()) {
            step(in, driver, descriptors, user);
        }
        descriptors.forEach(DriverDescriptor::close);
        assertThat(driver.freeBuffers()).isEqualTo(BUFFERS - 2);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private static void step(
            final FuzzInput in,
            final EmbeddedDriver driver,
            final List<DriverDescriptor> descriptors,
            final long user) {
        final int number = in.next(DESCRIPTORS);
        final DriverDescriptor descriptor = descriptors.get(number);
        try {
            switch (in.next(10)) {
                case 0 -> descriptor.txSync();
                case 1 -> descriptor.rxSync();
                case 2 -> {
                    descriptor.close();
                    descriptors.set(number, driver.newDescriptor());
                }
                default -> control(in, descriptor, user);
            }
        } catch (final NetmapErrnoException e) {
            assertThat(e).hasMessageContaining("failed with error(" + e.number() + ")");
        }
        assertThat(driver.audit().duplicated()).isEmpty();
    }

    private static void control(final FuzzInput in, final DriverDescriptor descriptor, final long user) {
        final ControlRequest request = newRequest(in, user);
        final byte[] body = request.hasBody() ? request.body().array().clone() : new byte[0];
        final String name = request.name();
        try {
            descriptor.control(request);
        } catch (final NetmapErrnoException e) {
            assertThat(request.name()).isEqualTo(name);
            if (request.hasBody() && request.type() != RequestType.VALE_NEWIF.code()) {
                assertThat(request.body().array()).isEqualTo(body);
            }
            throw e;
        }
        final DriverPort port = descriptor.port();
        if (port != null) {
            assertThat(port.netmapIf().txRings()).allMatch(ring -> ring.tail() < ring.numSlots());
        }
    }

    private static ControlRequest newRequest(final FuzzInput in, final long user) {
        final RequestType type = RequestType.of(1 + in.next(16));
        final ControlRequest request = type == null || in.next(16) == 0
                ? ControlRequest.ofType(in.nextNumber(20)).body(new byte[in.next(100)])
                : ControlRequest.of(type, "");
        if (in.next(8) == 0) {
            final byte[] name = new byte[in.next(NmreqHeaderDescriptor.NAME_LENGTH + 1)];
            for (int i = 0; i < name.length; i++) {
                name[i] = (byte) in.next();
            }
            request.nameBytes(name);
        } else {
            request.name(NAMES.get(in.next(NAMES.size())));
        }
        switch (in.next(16)) {
            case 0 -> request.version(in.nextNumber(16));
            case 1 -> request.reserved(in.nextInt());
            case 2 -> request.body(null);
            case 3 -> request.body(new byte[in.next(70)]);
            default -> request.version(request.version());
        }
        if (request.hasBody()) {
            writeFields(in, request.body(), in.next(6), user);
        }
        for (int i = in.next(8) - 3; i > 0; i--) {
            request.option(newOption(in, user));
        }
        if (!request.options().isEmpty() && in.next(4) == 0) {
            request.loopTo(in.next(request.options().size()));
        }
        return request;
    }

    private static ControlOption newOption(final FuzzInput in, final long user) {
        final int bytes = NmreqOptionDescriptor.LENGTH + in.next(MOST_OPTION_BYTES);
        final ControlOption option = ControlOption.of(
                        in.next(8) == 0 ? in.nextInt() : in.next(NmreqOptionDescriptor.MAX + 1), bytes)
                .size(in.nextBoolean() ? bytes : in.nextLong());
        writeFields(
                in,
                option.struct().slice(NmreqOptionDescriptor.LENGTH, bytes - NmreqOptionDescriptor.LENGTH),
                in.next(6),
                user);
        return option;
    }

    /** Small and odd numbers, flags and an address, at any field of any size. */
    private static void writeFields(final FuzzInput in, final ByteBuffer struct, final int count, final long user) {
        struct.order(ByteOrder.nativeOrder());
        for (int i = 0; i < count && struct.capacity() >= Long.BYTES; i++) {
            final int at = in.next(struct.capacity() - Long.BYTES + 1) & ~1;
            switch (in.next(5)) {
                case 0 -> struct.putShort(at, (short) in.next(20));
                case 1 -> struct.putInt(at, in.next(70));
                case 2 -> struct.putInt(at, in.nextNumber(70));
                case 3 -> struct.putLong(at, user + in.next(3));
                default -> struct.putLong(at, 1L << in.next(64));
            }
        }
    }
}
