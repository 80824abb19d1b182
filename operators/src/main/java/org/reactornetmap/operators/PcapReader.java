package org.reactornetmap.operators;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * Reads capture files in the classic pcap format, version 2.4, with microsecond or nanosecond time stamps, in either
 * byte order (draft-ietf-opsawg-pcap). It streams: one record is in memory at a time, whatever the file's size, and
 * what a length field claims is not allocated before the file has shown that it holds as much.
 *
 * <pre>{@code
 * file header, 24 bytes                       record header, 16 bytes, before each packet
 *  0 magic   4 major, minor (2 bytes each)     0 seconds    4 micro- or nanoseconds
 *  8 zone   12 sigfigs                         8 captured length
 * 16 snaplen 20 link type (low 16 bits)       12 length on the wire
 * }</pre>
 *
 * <p>Reading blocks on the file. Not thread-safe: one thread at a time. The caller must {@link #close()} a reader; the
 * {@link Flux} of {@link #read(Path)} closes its own.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/">PCAP Capture File Format</a>
 */
public final class PcapReader implements AutoCloseable {

    private static final int MAGIC_MICROS = 0xa1b2c3d4;
    private static final int MAGIC_NANOS = 0xa1b23c4d;
    private static final int MAGIC_MODIFIED = 0xa1b2cd34;
    private static final int MAGIC_PCAPNG = 0x0a0d0d0a;
    private static final int MAGIC_GZIP = 0x1f8b;

    private static final int FILE_HEADER_LENGTH = 24;
    private static final int RECORD_HEADER_LENGTH = 16;
    private static final int LINK_TYPE_MASK = 0xffff; // above it: the FCS length and reserved bits

    /** What libpcap 1.10 takes as the largest snapshot length of most link types, and of any. */
    private static final int USUAL_MAX_CAPTURED_LENGTH = 262_144;

    private static final int MAX_CAPTURED_LENGTH = 128 << 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int BUFFER_LENGTH = 1 << 16;

    private final InputStream in;
    private final String source;
    private final ByteBuffer header = ByteBuffer.allocate(FILE_HEADER_LENGTH);
    private final int nanosPerTick;
    private final int linkTypeCode;
    private final long snapLength;
    private final long maxCapturedLength;

    /** Where the next record begins. */
    private long byteOffset;

    private @Nullable PcapFormatException failure;

    private PcapReader(InputStream in, String source) throws IOException {
        this.in = in;
        this.source = source;
        int read = in.readNBytes(header.array(), 0, FILE_HEADER_LENGTH);
        nanosPerTick = readMagic(read);
        if (read < FILE_HEADER_LENGTH) {
            throw malformed("the file header is cut short: " + read + " of " + FILE_HEADER_LENGTH + " bytes");
        }
        int major = header.getShort(4) & 0xffff;
        int minor = header.getShort(6) & 0xffff;
        if (major != 2 || minor != 4) {
            throw malformed("pcap version " + major + "." + minor + " is not supported, only 2.4");
        }
        snapLength = header.getInt(16) & 0xffff_ffffL;
        maxCapturedLength = Math.min(Math.max(snapLength, USUAL_MAX_CAPTURED_LENGTH), MAX_CAPTURED_LENGTH);
        linkTypeCode = header.getInt(20) & LINK_TYPE_MASK;
        byteOffset = FILE_HEADER_LENGTH;
    }

    /**
     * Opens a capture file and reads its header. Blocks on the file.
     *
     * @param path the file
     * @return a reader in front of the first record, which the caller must close
     * @throws PcapFormatException if it is not a classic pcap file of version 2.4
     * @throws IOException if it cannot be opened or read
     */
    public static PcapReader open(Path path) throws IOException {
        return open(newInputStream(path), path.toString());
    }

    /** As {@link #open(Path)}, over a stream that the reader owns from here on, even if this fails. */
    static PcapReader open(InputStream in, String source) throws IOException {
        try {
            return new PcapReader(new BufferedInputStream(in, BUFFER_LENGTH), source);
        } catch (IOException | RuntimeException e) {
            try {
                in.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /**
     * The packets of a capture file, from its beginning for each subscriber, as fast as they are requested. A file that
     * is cut short or malformed further on fails the stream after the records before that place.
     *
     * <p>Opening, reading and the signals to the subscriber happen on {@link Schedulers#boundedElastic()}, so a thread
     * that must not block may subscribe and request.
     *
     * @param path the file
     * @return a cold stream that closes the file when it ends, fails, or is cancelled; its errors are those of {@link
     *     #open(Path)} and {@link #next()}
     */
    public static Flux<PcapRecord> read(Path path) {
        return read(() -> open(path));
    }

    /** As {@link #read(Path)}, with a reader for each subscriber from elsewhere, which the stream closes. */
    static Flux<PcapRecord> read(Callable<PcapReader> opener) {
        return Flux.generate(opener, PcapReader::emitNext, PcapReader::closeQuietly)
                .subscribeOn(Schedulers.boundedElastic());
    }

    /**
     * Reads one record. Blocks on the file.
     *
     * @return the next record with a buffer of its own, or null at the end of the file
     * @throws PcapFormatException if the file ends within the record, or the record claims more captured bytes than the
     *     file's snapshot length and 262,144 (and 128 MiB in any case) allow; then, and from every further call
     * @throws IOException if the file cannot be read, or the reader is closed
     */
    public @Nullable PcapRecord next() throws IOException {
        if (failure != null) {
            throw failure;
        }
        int read = in.readNBytes(header.array(), 0, RECORD_HEADER_LENGTH);
        if (read == 0) {
            return null;
        }
        if (read < RECORD_HEADER_LENGTH) {
            throw failed("the record header is cut short: " + read + " of " + RECORD_HEADER_LENGTH + " bytes");
        }
        long capturedLength = header.getInt(8) & 0xffff_ffffL;
        if (capturedLength > maxCapturedLength) {
            throw failed("the record claims " + capturedLength + " captured bytes, more than the " + maxCapturedLength
                    + " that a file with snapshot length " + snapLength + " may hold; the file is damaged");
        }
        long timestampNanos =
                (header.getInt(0) & 0xffff_ffffL) * NANOS_PER_SECOND + (header.getInt(4) & 0xffff_ffffL) * nanosPerTick;
        int wireLength = (int) Math.min(header.getInt(12) & 0xffff_ffffL, Integer.MAX_VALUE);
        byte[] data = readData((int) capturedLength);
        byteOffset += RECORD_HEADER_LENGTH + capturedLength;
        return new PcapRecord(timestampNanos, wireLength, ByteBuffer.wrap(data));
    }

    /**
     * What the packets begin with, as the {@code LINKTYPE_} number of the file: 1 for Ethernet.
     *
     * @return 0 to 65535
     * @see <a href="https://www.tcpdump.org/linktypes.html">Link-layer header types</a>
     */
    public int linkTypeCode() {
        return linkTypeCode;
    }

    /**
     * The byte order of the file, which is that of the machine that wrote it. Frames of {@link
     * org.reactornetmap.packet.LinkType#NULL} begin with a number in this order.
     *
     * @return big- or little-endian
     */
    public ByteOrder byteOrder() {
        return header.order();
    }

    /**
     * The number of bytes to which the capture cut each packet; some writers put 0 for "no limit", and some records
     * hold more.
     *
     * @return 0 to 4,294,967,295
     */
    public long snapLength() {
        return snapLength;
    }

    /**
     * Closes the file. A second call does nothing.
     *
     * @throws IOException if closing fails
     */
    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Sets the header's byte order; gives the nanoseconds of one unit of a record's second time field. */
    private int readMagic(int read) throws PcapFormatException {
        if (read < Integer.BYTES) {
            throw malformed("not a pcap file: it has only " + read + " bytes");
        }
        int magic = header.getInt(0);
        if (isClassic(Integer.reverseBytes(magic))) {
            magic = Integer.reverseBytes(magic);
            header.order(ByteOrder.LITTLE_ENDIAN);
        }
        if (isClassic(magic)) {
            return magic == MAGIC_NANOS ? 1 : 1_000;
        }
        if (magic == MAGIC_PCAPNG) {
            throw malformed("this is a pcapng file, which is not supported;"
                    + " convert it with: editcap -F pcap in.pcapng out.pcap");
        }
        if (magic == MAGIC_MODIFIED || magic == Integer.reverseBytes(MAGIC_MODIFIED)) {
            throw malformed("this is a pcap file with the record headers of Kuznetzov's patch, which are not supported;"
                    + " convert it with: editcap -F pcap in.pcap out.pcap");
        }
        if (magic >>> 16 == MAGIC_GZIP) {
            throw malformed("this file is compressed; unpack it with gunzip first");
        }
        throw malformed(String.format("not a pcap file: it begins with 0x%08x", magic));
    }

    private static boolean isClassic(int magic) {
        return magic == MAGIC_MICROS || magic == MAGIC_NANOS;
    }

    private byte[] readData(int capturedLength) throws IOException {
        byte[] data;
        int read;
        if (capturedLength <= USUAL_MAX_CAPTURED_LENGTH) {
            data = new byte[capturedLength];
            read = in.readNBytes(data, 0, capturedLength);
        } else {
            data = in.readNBytes(capturedLength); // grows with what the file really holds
            read = data.length;
        }
        if (read < capturedLength) {
            throw failed("the record is cut short: " + read + " of " + capturedLength + " captured bytes");
        }
        return data;
    }

    private PcapFormatException malformed(String problem) {
        return new PcapFormatException(source, byteOffset, problem);
    }

    private PcapFormatException failed(String problem) {
        PcapFormatException exception = malformed(problem);
        failure = exception;
        return exception;
    }

    private static PcapReader emitNext(PcapReader reader, SynchronousSink<PcapRecord> sink) {
        try {
            PcapRecord next = reader.next();
            if (next != null) {
                sink.next(next);
            } else {
                sink.complete();
            }
        } catch (IOException e) {
            sink.error(e);
        }
        return reader;
    }

    private static void closeQuietly(PcapReader reader) {
        try {
            reader.close();
        } catch (IOException ignored) {
            // a file that was only read from: there is nothing to lose, and no one left to tell
        }
    }

    private static InputStream newInputStream(Path path) throws IOException {
        // A cancel interrupts the reading thread. A channel, which Files.newInputStream wraps, would turn that into an
        // error after the cancel; a FileInputStream reads on to the end of its call.
        return path.getFileSystem() == FileSystems.getDefault()
                ? new FileInputStream(path.toFile())
                : Files.newInputStream(path);
    }
}
