package org.reactornetmap.driver.embedded;

/** Two senders and a receiver on a switch that knows them. */
final class RaceSwitch {
    static final int RECEIVER = 3;

    final EmbeddedDriver driver = EmbeddedDriver.create(EmbeddedConfig.builder()
            .buffers(256)
            .bufSize(64)
            .interfaces(8)
            .rings(8)
            .build());
    final RacePort a = new RacePort(driver, "vale0:a@1", 8);
    final RacePort b = new RacePort(driver, "vale0:b@1", 8);
    final RacePort receiver;

    RaceSwitch(final int receiverSlots) {
        receiver = new RacePort(driver, "vale0:r@1", receiverSlots);
        receiver.put(0xFFFF, RECEIVER, 0, 0);
        receiver.port.txSync();
    }

    SwitchStatistics statistics() {
        return driver.switchStatistics().stream()
                .filter(port -> port.port().equals("vale0:r"))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Whether the packets that wait are whole and each sender's are in order.
     *
     * @return their number, -1 if not
     */
    int packets() {
        int packets = 0;
        final int[] last = new int[2];
        int open = 0;
        for (int i = 0; i < receiver.waiting(); i++) {
            final int number = receiver.number(i);
            if (number == -1) {
                if (open != 0) {
                    return -1;
                }
                continue;
            }
            final int sender = number / 100;
            if (open == 0 ? number <= last[sender] : number != open) {
                return -1;
            }
            last[sender] = number;
            open = receiver.goesOn(i) ? number : 0;
            packets += open == 0 ? 1 : 0;
        }
        return open == 0 ? packets : -1;
    }
}
