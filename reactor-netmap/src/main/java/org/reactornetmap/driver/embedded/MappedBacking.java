package org.reactornetmap.driver.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.ring.Region;

/**
 * A file, mapped: what {@code @extmem} names. Every object lives in it for good, so a view kept of a freed object reaches
 * the one that has its place now, as in the kernel.
 */
final class MappedBacking implements Backing {
    private final Path path;
    private final long bytes;
    private final Object key;
    private @Nullable ByteBuffer objects;

    private MappedBacking(final Path path, final long bytes, final Object key) {
        this.path = path;
        this.bytes = bytes;
        this.key = key;
    }

    /** Looks at the file; maps nothing yet. */
    static MappedBacking of(final String file, final String port) {
        try {
            final Path path = Path.of(file);
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    .close();
            final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.size() == 0) {
                throw refuse(port, Errno.EINVAL, file + " is empty: give it its size first (truncate -s).", null);
            }
            return new MappedBacking(
                    path, attributes.size(), Objects.requireNonNullElseGet(attributes.fileKey(), () -> path));
        } catch (final IOException | InvalidPathException e) {
            throw failed(file, port, e);
        }
    }

    /** The file's length. */
    long bytes() {
        return bytes;
    }

    /** The same for every name of one file. */
    Object key() {
        return key;
    }

    /** Maps the part before the buffers. */
    void mapObjects(final long length, final String port) {
        if (length > Region.MAX_ROOT_BYTES) {
            throw refuse(
                    port,
                    Errno.ENOMEM,
                    "The netmap_ifs and rings take " + length
                            + " bytes, at most 1 GiB of them can be mapped: lower if-num" + " or ring-num.",
                    null);
        }
        objects = map(0, (int) length, port);
    }

    @Override
    public ByteBuffer object(final long offset, final int length, final String port) {
        final ByteBuffer object = Objects.requireNonNull(objects, "mapObjects was not called")
                .slice((int) offset, length)
                .order(ByteOrder.nativeOrder());
        for (int i = 0; i < length; i++) {
            object.put(i, (byte) 0);
        }
        return object;
    }

    @Override
    public ByteBuffer buffers(final long offset, final int length, final String port) {
        return map(offset, length, port);
    }

    private ByteBuffer map(final long offset, final int length, final String port) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, offset, length).order(ByteOrder.nativeOrder());
        } catch (final IOException e) {
            throw failed(path.toString(), port, e);
        }
    }

    private static NetmapErrnoException failed(final String file, final String port, final Exception cause) {
        final Errno errno;
        if (cause instanceof NoSuchFileException || cause instanceof InvalidPathException) {
            errno = Errno.ENOENT;
        } else if (cause instanceof AccessDeniedException) {
            errno = Errno.EACCES;
        } else {
            errno = Errno.EINVAL;
        }
        return refuse(
                port,
                errno,
                "The memory's file cannot be mapped to read and write: " + file + " (" + cause + ").",
                cause);
    }

    private static NetmapErrnoException refuse(
            final String port, final Errno errno, final String advice, final @Nullable Exception cause) {
        final NetmapErrnoException refusal = NetmapErrnoException.of(EmbeddedWorld.REGISTER, port, errno, advice);
        if (cause != null) {
            refusal.addSuppressed(cause);
        }
        return refusal;
    }
}
