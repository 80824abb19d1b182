package org.reactornetmap.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.Strictness;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.ring.RingStateException;
import reactor.core.publisher.BaseSubscriber;

/**
 * The flow of packets from a ring whose other user, and whose sender, write what they like: only whole packets inside
 * the memory are emitted, the loop never throws, the account balances, and the close comes to an end.
 */
class FlowFuzzTest {
    private static final int BUFFERS = 128;
    private static final int BUF_SIZE = 64;
    private static final int SLOTS = 8;
    private static final int MOST_ROUNDS = 10_000;

    @FuzzTest(maxDuration = "5m")
    void shouldEmitNothingButPackets(final byte[] input) {
        new Scene(new FuzzInput(input)).play();
    }

    @Test
    void shouldEmitNothingButPacketsFromRandomRings() {
        RandomInputs.run(400, input -> new Scene(new FuzzInput(input)).play());
    }

    private static final class Scene {
        private final FuzzInput in;
        private final NetmapLoop loop = NetmapLoop.manual();
        private final EmbeddedNetmap netmap;
        private final DriverPort sender;
        private final DriverPort intruder;
        private final NetmapPort receiver;
        private final Holder holder;

        Scene(final FuzzInput in) {
            this.in = in;
            ScribbledWorld.silenceWarnings();
            this.netmap = EmbeddedNetmap.create(EmbeddedConfig.builder()
                    .buffers(BUFFERS)
                    .bufSize(BUF_SIZE)
                    .interfaces(8)
                    .rings(8)
                    .defaultSlots(SLOTS)
                    .strictness(in.nextBoolean() ? Strictness.FAITHFUL : Strictness.STRICT)
                    .build());
            this.sender = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:x{1@1")));
            this.receiver = netmap.open(
                    "netmap:x}1@1",
                    PortOptions.builder().loop(loop).extraBuffers(in.next(5)).build());
            this.intruder = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:x}1@1/R")));
            this.holder = new Holder(in.next(6));
            receiver.packets().subscribe(holder);
        }

        void play() {
            while (in.hasMore()) {
                step();
                settle();
                checkAccount();
            }
            holder.releaseAll();
            receiver.close();
            netmap.close();
            intruder.close();
            sender.close();
            assertThat(netmap.driver().freeBuffers()).isEqualTo(BUFFERS - 2);
        }

        private void step() {
            switch (in.next(7)) {
                case 0 -> holder.releaseAll();
                case 1 -> holder.request(1 + in.next(9));
                case 2, 3 -> send(sender.netmapIf().txRings().get(0));
                case 4 -> scribble(sender.netmapIf().txRings().get(0));
                case 5 -> scribble(intruder.netmapIf().rxRings().get(0));
                default -> writePointer(intruder.netmapIf().rxRings().get(0));
            }
        }

        private void send(final NetmapRing tx) {
            final int count = RingMath.distance(tx.head(), tx.tail(), SLOTS);
            if (count > 0 && in.nextBoolean()) {
                tx.head(RingMath.plus(tx.head(), 1 + in.next(count), SLOTS));
                tx.cur(tx.head());
            }
            sender.txSync();
        }

        private void scribble(final NetmapRing ring) {
            final int slot = in.next(SLOTS);
            final long word = ring.slotWord(slot);
            switch (in.next(4)) {
                case 0 -> ring.slotWord(slot, in.nextLong());
                case 1 -> ring.slotWord(slot, (word & 0xFFFF_FFFFL) | ((long) in.nextInt() << 32));
                case 2 ->
                    ring.slotWord(
                            slot,
                            NetmapSlotDescriptor.word(
                                    in.nextNumber(BUFFERS),
                                    NetmapSlotDescriptor.len(word),
                                    in.nextBoolean() ? NetmapSlotDescriptor.NS_MOREFRAG : 0));
                default -> ring.slotPtr(slot, in.nextLong());
            }
        }

        private void writePointer(final NetmapRing ring) {
            final int value = in.nextNumber(SLOTS);
            switch (in.next(3)) {
                case 0 -> ring.head(value);
                case 1 -> ring.cur(value);
                default -> ring.tail(value);
            }
        }

        private void settle() {
            int quiet = 0;
            for (int rounds = 0; quiet < 2; rounds++) {
                quiet = loop.doWork() == 0 ? quiet + 1 : 0;
                assertThat(rounds).as("rounds of work").isLessThan(MOST_ROUNDS);
            }
        }

        private void checkAccount() {
            for (final RxStatistics ring : receiver.statistics().rx()) {
                assertThat(ring.released() + ring.reclaimed() + ring.held())
                        .as("released + reclaimed + held of %s", ring)
                        .isEqualTo(ring.received());
            }
        }
    }

    /** Reads every byte of what it gets, and holds it. */
    private static final class Holder extends BaseSubscriber<Packet> {
        private final List<Packet> packets = new ArrayList<>();
        private final int initial;

        Holder(final int initial) {
            this.initial = initial;
        }

        @Override
        protected void hookOnSubscribe(final Subscription subscription) {
            subscription.request(1 + initial);
        }

        @Override
        protected void hookOnNext(final Packet packet) {
            final int length = packet.length();
            assertThat(length).isBetween(0, BUF_SIZE * SLOTS);
            for (int i = 0; i < length; i++) {
                assertThat(packet.u8(i)).isBetween(0, 255);
            }
            packets.add(packet);
        }

        @Override
        protected void hookOnError(final Throwable error) {
            assertThat(error).isInstanceOfAny(RingStateException.class, NetmapException.class);
        }

        void releaseAll() {
            packets.forEach(Packet::release);
            packets.clear();
        }
    }
}
