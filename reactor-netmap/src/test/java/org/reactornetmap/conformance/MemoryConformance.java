package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.RequestType;

/** Which memory a port lives in, and where frames begin in its buffers. */
abstract class MemoryConformance extends ConformanceTest {
    private static final int OFFSET = 64;

    @Test
    @Pins("mem.a")
    void shouldKeepPortsOfOneMemoryInOneRegion() {
        final RawPort a = open("null:a@1@conf:rings=1,slots=16");
        final RawPort b = open("null:b@1@conf:rings=1,slots=16");
        assertThat(a.port.region().memId()).isEqualTo(b.port.region().memId()).isEqualTo(1);
        RawPort.put(a.tx(), Traffic.frame(60, 'a'), 0);
        final int buffer = bufIdx(a.tx().slotWord(0));
        assertThat(b.tx().buffers().slice(buffer).get(59)).isEqualTo((byte) 'a');
    }

    @Test
    @Pins("mem.b")
    @Needs(Feature.VALE)
    void shouldGiveSwitchPortsAndParentsOfPipesMemoriesOfTheirOwn() {
        final int a = open("vale0:a").port.region().memId();
        final int b = open("vale0:b").port.region().memId();
        final int pipe = open("netmap:p{1").port.region().memId();
        assertThat(List.of(1, a, b, pipe)).doesNotHaveDuplicates();
    }

    @Test
    @Pins("mem.c")
    @Needs(Feature.VALE)
    void shouldShareAMemoryByNumberAndByName() {
        final RawPort a = open("vale0:a");
        final int memory = a.port.region().memId();
        final RawPort b = open("vale0:b@" + memory);
        assertThat(b.port.region().memId()).isEqualTo(memory);
        assertThat(open("vale0:c@share=vale0:a").port.region().memId()).isEqualTo(memory);
        a.send(Traffic.frame(60, 'a'));
        assertThat(b.receive()).hasSize(1);
    }

    @Test
    @Pins("mem.d")
    @Needs(Feature.OFFSETS)
    void shouldBeginFramesAtTheOffset() {
        final RawPort a = open("netmap:p{1@1@offset=" + OFFSET);
        assertThat(a.tx().offsetMask()).isNotZero();
        for (int i = 0; i < a.tx().numSlots(); i++) {
            assertThat(a.tx().slotPtr(i) & a.tx().offsetMask()).isEqualTo(OFFSET);
        }
    }

    @Test
    @Pins("mem.e")
    @Needs(Feature.EXTMEM)
    void shouldKeepRingsAndBuffersInAFile(@TempDir final Path directory) throws IOException {
        final Path file = directory.resolve("memory");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(1 << 20);
        }
        final RawPort port = open("netmap:p{1@extmem:file=" + file
                + ",if-num=4,if-size=512,ring-num=8,ring-size=512,buf-num=64,buf-size=2048@conf:slots=8");
        assertThat(port.port.region().memId()).isGreaterThan(1);
        port.send(Traffic.frame(60, 'a'));
        final RawPort other = open("netmap:p}1");
        Traffic.assertReceived(other, List.of(Traffic.frame(60, 'a')));
        close(other);
        close(port);
    }

    @Test
    @Pins("mem.f")
    @Needs({Feature.CONTROL, Feature.VALE})
    void shouldTellThePoolsOfAPortsMemory() {
        final RawPort port = open("vale0:a");
        final ControlRequest info = control(RequestType.POOLS_INFO_GET, "vale0:a");
        assertThat(info.body().getShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET))
                .isEqualTo((short) port.port.region().memId());
        assertThat(info.body().getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET))
                .isEqualTo(port.tx().buffers().bufSize());
        assertThat(info.body().getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET))
                .isGreaterThan(bufIdx(port.tx().slotWord(0)));
        assertThat(info.body().getLong(NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET))
                .isEqualTo(port.port.region().sizeBytes());
    }
}
