package org.reactornetmap.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "10.0.0.1, 10.0.0.1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8::2:1, 2001:db8::2:1",
        "2001:DB8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.33, ::ffff:c000:221",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "fe80::0001, fe80::1",
    })
    void shouldParseAndFormat(String text, String canonical) {
        byte[] address = Addresses.parseIp("ip", text);

        assertThat(Addresses.formatIp(ByteBuffer.wrap(address), 0, address.length))
                .isEqualTo(canonical);
    }

    @ParameterizedTest(name = "{displayName} \"{0}\"")
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "10.0.0",
                "10.0.0.1.",
                "10.0.0.256",
                "10.0.0.01",
                "10.0.0.-1",
                "10.0.0.+1",
                "10.0.0.1 ",
                "10.0..1",
                "10.0.0.٣",
                "10.0.0.99999999999",
                ":",
                ":::",
                "1::2::3",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "::12345",
                "::g",
                "fe80::1%eth0",
                "1.2.3.4::",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "[::1]"
            })
    void shouldRejectWhatIsNotANumericAddress(String text) {
        assertThatThrownBy(() -> Addresses.parseIp("srcIp", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("srcIp must be a numeric IPv4 or IPv6 address, was '" + text + "'");
    }

    @Test
    void shouldAgreeWithThePlatformOnRandomIpv6Addresses() throws UnknownHostException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] address = new byte[Addresses.IPV6_LENGTH];
            for (int j = 0; j < address.length; j += 2) {
                if (random.nextBoolean()) { // many zero groups
                    address[j] = (byte) random.nextInt(3);
                    address[j + 1] = (byte) random.nextInt();
                }
            }
            String text = Addresses.formatIp(ByteBuffer.wrap(address), 0, address.length);
            assertThat(Addresses.parseIp("ip", text))
                    .as("%s, seed %d", text, seed)
                    .isEqualTo(address)
                    .isEqualTo(platformAddress(text));
        }
    }

    @ParameterizedTest(name = "{displayName} \"{0}\"")
    @ValueSource(
            strings = {"", "02:00:00:00:00", "02:00:00:00:00:01:02", "2:0:0:0:0:1", "02:00:00:00:00:0g", "020000000001"
            })
    void shouldRejectWhatIsNotAMacAddress(String text) {
        assertThatThrownBy(() -> Addresses.parseMac("mac", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mac must be a MAC address such as 02:00:00:00:00:01, was '" + text + "'");
    }

    @Test
    void shouldTakeBothMacSeparators() {
        byte[] expected = {(byte) 0xfe, (byte) 0xdc, 0x01, 0x23, 0x45, 0x67};

        assertThat(Addresses.parseMac("mac", "FE-dc-01-23-45-67")).isEqualTo(expected);
        assertThat(Addresses.parseMac("mac", "fe:DC:01:23:45:67")).isEqualTo(expected);
        assertThat(Addresses.formatMac(ByteBuffer.wrap(expected), 0)).isEqualTo("fe:dc:01:23:45:67");
    }

    /** Text with a colon is never looked up; an IPv4-mapped address comes back as IPv4 and is widened again. */
    private static byte[] platformAddress(String text) throws UnknownHostException {
        byte[] address = InetAddress.getByName(text).getAddress();
        if (address.length == Addresses.IPV6_LENGTH) {
            return address;
        }
        return ByteBuffer.allocate(Addresses.IPV6_LENGTH)
                .position(10)
                .putShort((short) 0xffff)
                .put(address)
                .array();
    }
}
