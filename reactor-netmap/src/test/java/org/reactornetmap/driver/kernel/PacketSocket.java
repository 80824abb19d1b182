package org.reactornetmap.driver.kernel;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the host's stack is to a conformance test: {@code socket(AF_PACKET, SOCK_RAW)} on one interface, which sends any
 * frame, and receives those of one Ethernet type that came up. (One for all types would also see frames that netmap then
 * takes.)
 */
final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKADDR_LL = 20;
    private static final int BUFFER_BYTES = 1 << 26;
    private static final int MAX_FRAME = 65_536;
    private static final int EAGAIN = 11;
    private static final int ENOBUFS = 105;

    static {
        Native.register(PacketSocket.class, "c");
    }

    private final byte[] frame = new byte[MAX_FRAME];
    private int fd;

    private PacketSocket(final int fd) {
        this.fd = fd;
    }

    /** {@code int socket(int domain, int type, int protocol);}. */
    private static native int socket(int domain, int type, int protocol);

    /** {@code int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);}. */
    private static native int bind(int sockfd, byte[] addr, int addrlen);

    /** {@code int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);}. */
    private static native int setsockopt(int sockfd, int level, int optname, byte[] optval, int optlen);

    /** {@code unsigned int if_nametoindex(const char *ifname);}. */
    private static native int if_nametoindex(String ifname);

    /** {@code ssize_t send(int sockfd, const void *buf, size_t len, int flags);}. */
    private static native long send(int sockfd, byte[] buf, long len, int flags);

    /** {@code ssize_t recv(int sockfd, void *buf, size_t len, int flags);}. */
    private static native long recv(int sockfd, byte[] buf, long len, int flags);

    /** {@code int close(int fd);}. */
    private static native int close(int fd);

    static PacketSocket open(final String interfaceName, final int etherType) {
        final PacketSocket opened = new PacketSocket(check("socket", socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)));
        try {
            // What waits in a host ring still counts as sent by its socket.
            opened.bufferBytes(SO_SNDBUFFORCE);
            opened.bufferBytes(SO_RCVBUFFORCE);
            final byte[] address = ByteBuffer.allocate(SOCKADDR_LL)
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) AF_PACKET)
                    .order(ByteOrder.BIG_ENDIAN)
                    .putShort((short) etherType)
                    .order(ByteOrder.nativeOrder())
                    .putInt(if_nametoindex(interfaceName))
                    .array();
            check("bind", bind(opened.fd, address, address.length));
            return opened;
        } catch (final IllegalStateException e) {
            opened.close();
            throw e;
        }
    }

    private void bufferBytes(final int option) {
        check("setsockopt", setsockopt(fd, SOL_SOCKET, option, nativeInt(BUFFER_BYTES), Integer.BYTES));
    }

    private static int check(final String call, final long result) {
        if (result < 0) {
            throw new IllegalStateException(call + "(..) failed with error(" + Native.getLastError() + ')');
        }
        return (int) result;
    }

    private static byte[] nativeInt(final int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /** Sends a frame; false if it was dropped on the way to the wire, or to netmap's host ring. */
    boolean send(final ByteBuffer content) {
        final byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        if (send(fd, bytes, bytes.length, 0) == bytes.length) {
            return true;
        }
        if (Native.getLastError() == ENOBUFS) {
            return false;
        }
        throw new IllegalStateException("send(..) failed with error(" + Native.getLastError() + ')');
    }

    /** What came up, oldest first; does not wait. */
    List<ByteBuffer> receive() {
        final List<ByteBuffer> frames = new ArrayList<>();
        while (true) {
            final long length = recv(fd, frame, frame.length, MSG_DONTWAIT);
            if (length < 0) {
                if (Native.getLastError() == EAGAIN) {
                    return frames;
                }
                check("recv", length);
            }
            frames.add(ByteBuffer.wrap(Arrays.copyOf(frame, (int) length)));
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (fd >= 0) {
            close(fd);
            fd = -1;
        }
    }
}
