package org.reactornetmap.operators.filter.language;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.filter.bpf.BpfInstruction;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.packet.LinkType;

/** The real one, for little-endian captures, where it is installed; Linux LP64 only. */
final class Libpcap {
    private static final String LIBRARY = "libpcap.so.0.8";
    private static final int INSTRUCTION_LENGTH = 8;

    private final Map<LinkType, Pointer> captures = new EnumMap<>(LinkType.class);

    private Libpcap() {
        Native.register(Libpcap.class, NativeLibrary.getInstance(LIBRARY));
    }

    /** Null if it is not installed. */
    static @Nullable Libpcap find() {
        try {
            return new Libpcap();
        } catch (final UnsatisfiedLinkError e) {
            return null;
        }
    }

    // const char *pcap_lib_version(void)
    private static native String pcap_lib_version();

    // pcap_t *pcap_open_offline(const char *fname, char *errbuf)
    private static native Pointer pcap_open_offline(String file, byte[] error);

    // int pcap_compile(pcap_t *p, struct bpf_program *fp, const char *str, int optimize, bpf_u_int32 netmask)
    private static native int pcap_compile(Pointer capture, Pointer program, byte[] text, int optimize, int netmask);

    // void pcap_freecode(struct bpf_program *fp)
    private static native void pcap_freecode(Pointer program);

    // char *pcap_geterr(pcap_t *p)
    private static native String pcap_geterr(Pointer capture);

    // u_int bpf_filter(const struct bpf_insn *pc, const u_char *p, u_int wirelen, u_int buflen)
    private static native int bpf_filter(Pointer instructions, byte[] frame, int wireLength, int captured);

    String version() {
        return pcap_lib_version();
    }

    /** What it makes of an expression: a program that the caller closes, or an error. */
    Compiled compile(final String expression, final LinkType linkType, final int netmask, final boolean optimized) {
        final Pointer capture = captures.computeIfAbsent(linkType, Libpcap::open);
        final Memory program = new Memory(16);
        final byte[] text = (expression + "\0").getBytes(StandardCharsets.ISO_8859_1);
        return pcap_compile(capture, program, text, optimized ? 1 : 0, netmask) == 0
                ? new Compiled(program, "")
                : new Compiled(null, pcap_geterr(capture));
    }

    /** An empty capture file. */
    private static Pointer open(final LinkType linkType) {
        try {
            final Path file = Files.createTempFile("empty", ".pcap");
            try {
                Files.write(
                        file,
                        ByteBuffer.allocate(24)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(0xa1b2c3d4)
                                .putShort((short) 2)
                                .putShort((short) 4)
                                .putInt(16, FilterTarget.DEFAULT_SNAP_LENGTH)
                                .putInt(20, linkType.code())
                                .array());
                final byte[] error = new byte[256];
                final Pointer capture = pcap_open_offline(file.toString(), error);
                if (capture == null) {
                    throw new IllegalStateException(Native.toString(error));
                }
                return capture;
            } finally {
                Files.delete(file);
            }
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A program in C's memory.
     *
     * @param program {@code struct bpf_program}; null if there is none
     * @param error why there is none
     */
    record Compiled(@Nullable Memory program, String error) implements AutoCloseable {
        BpfProgram instructions() {
            final int count = memory().getInt(0);
            final ByteBuffer bytes = memory().getPointer(8)
                    .getByteBuffer(0, (long) INSTRUCTION_LENGTH * count)
                    .order(ByteOrder.nativeOrder());
            final List<BpfInstruction> instructions = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                instructions.add(new BpfInstruction(
                        bytes.getShort() & 0xFFFF, bytes.get() & 0xFF, bytes.get() & 0xFF, bytes.getInt()));
            }
            return BpfProgram.of(instructions);
        }

        int run(final byte[] frame, final int wireLength) {
            return bpf_filter(memory().getPointer(8), frame, wireLength, frame.length);
        }

        private Memory memory() {
            if (program == null) {
                throw new IllegalStateException(error);
            }
            return program;
        }

        @Override
        public void close() {
            if (program != null) {
                pcap_freecode(program);
            }
        }
    }
}
