package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.ring.NetmapRing;

@Tag("kernel")
class KernelOpeningTest {
    private static final int ONE_FOR_EACH_RX_SLOT = -1;

    @ParameterizedTest(name = "{displayName} {0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "netmap:kopen{1|0|0",
                "netmap:kopen{1@conf:rings=2,slots=64|0|0",
                "netmap:kopen{1@conf:rings=2,slots=64|3|128",
                "netmap:kopen{1-1@conf:rings=2,slots=64|0|0",
                "vale7:kopen|0|0",
                "vale7:kopen@conf:rx-rings=3,rx-slots=128|0|0",
                "vale7:kopen-1@conf:rings=2|0|0",
            })
    void shouldAskForASpareForEachSlotOfItsRxRings(final String spec, final int rxRings, final int rxSlots) {
        final OpenRequest request =
                new OpenRequest(PortSpec.parse(spec), -1, 0, rxRings, 0, rxSlots, ONE_FOR_EACH_RX_SLOT);
        try (DriverPort port = new KernelDriver().open(request)) {
            assertThat(port.extraBuffers())
                    .isEqualTo(port.netmapIf().rxRings().stream()
                            .mapToInt(NetmapRing::numSlots)
                            .sum())
                    .isPositive();
        }
    }
}
