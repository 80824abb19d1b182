package org.reactornetmap.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.NetmapIfDescriptor;

/**
 * A control request, {@code NIOCCTRL}: a {@code struct nmreq_header}, its body and its options, each in the bytes of the
 * struct. What the structs can hold, this can, sense or nonsense, so that a test can show what a driver makes of it.
 * Mutable, as the structs are: the call writes body, name and options back. One thread at a time.
 *
 * <pre>{@code
 * ControlRequest request = ControlRequest.of(RequestType.PORT_INFO_GET, "vale0:a");
 * descriptor.control(request);
 * int slots = request.body().getInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET);
 * }</pre>
 *
 * @see NmreqHeaderDescriptor
 */
public final class ControlRequest {
    private static final int NOT_ENDLESS = -1;

    private final int type;
    private int version = NetmapIfDescriptor.NETMAP_API;
    private int reserved;
    private byte[] name = new byte[NmreqHeaderDescriptor.NAME_LENGTH];
    private @Nullable ByteBuffer body;
    private final List<ControlOption> options = new ArrayList<>();
    private int loopsTo = NOT_ENDLESS;

    private ControlRequest(final int type) {
        this.type = type;
    }

    /**
     * A request with a body full of zeros, if this type has one, and no options.
     *
     * @param type what it asks for
     * @param name the port; may be empty
     * @return a new request
     * @throws IllegalArgumentException if the name is longer than 63 bytes
     */
    public static ControlRequest of(final RequestType type, final String name) {
        final ControlRequest made = new ControlRequest(type.code());
        if (type.bodyBytes() > 0) {
            made.body = ByteBuffer.allocate(type.bodyBytes()).order(ByteOrder.nativeOrder());
        }
        return made.name(name);
    }

    /**
     * A request of any type, with no name, body and options.
     *
     * @param type {@code nr_reqtype}; its low 16 bits count
     * @return a new request
     */
    public static ControlRequest ofType(final int type) {
        return new ControlRequest(type & 0xFFFF);
    }

    /**
     * What it asks for.
     *
     * @return {@code nr_reqtype}, 0..65535; {@link RequestType#of} names it
     */
    public int type() {
        return type;
    }

    /**
     * The API version that the caller says it has.
     *
     * @return {@code nr_version}; netmap's own if it was not set
     */
    public int version() {
        return version;
    }

    /**
     * Sets the API version.
     *
     * @param value {@code nr_version}; its low 16 bits count
     * @return this
     */
    public ControlRequest version(final int value) {
        version = value & 0xFFFF;
        return this;
    }

    /**
     * The word that must be 0.
     *
     * @return {@code nr_reserved}
     */
    public int reserved() {
        return reserved;
    }

    /**
     * Sets the word that must be 0.
     *
     * @param value {@code nr_reserved}
     * @return this
     */
    public ControlRequest reserved(final int value) {
        reserved = value;
        return this;
    }

    /**
     * The name as netmap reads it: up to the first zero, of at most 63 bytes.
     *
     * @return each byte as one character
     */
    public String name() {
        int length = 0;
        while (length < name.length - 1 && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * Sets the name.
     *
     * @param value at most 63 characters, each one byte
     * @return this
     * @throws IllegalArgumentException if it is longer or has other characters
     */
    public ControlRequest name(final String value) {
        if (value.length() >= NmreqHeaderDescriptor.NAME_LENGTH
                || !StandardCharsets.ISO_8859_1.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException("name is '" + value + "': expected at most "
                    + (NmreqHeaderDescriptor.NAME_LENGTH - 1) + " characters of one byte");
        }
        return nameBytes(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * All 64 bytes of the name.
     *
     * @return a copy of {@code nr_name}
     */
    public byte[] nameBytes() {
        return name.clone();
    }

    /**
     * Sets the bytes of the name, which need not end with a zero.
     *
     * @param bytes at most 64; the rest is zero
     * @return this
     * @throws IllegalArgumentException if there are more
     */
    public ControlRequest nameBytes(final byte[] bytes) {
        if (bytes.length > NmreqHeaderDescriptor.NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "name has " + bytes.length + " bytes: expected at most " + NmreqHeaderDescriptor.NAME_LENGTH);
        }
        final byte[] padded = new byte[NmreqHeaderDescriptor.NAME_LENGTH];
        System.arraycopy(bytes, 0, padded, 0, bytes.length);
        name = padded;
        return this;
    }

    /**
     * The body, by the offsets of its descriptor.
     *
     * @return the request's own memory, in native byte order
     * @throws IllegalStateException if it has none
     */
    public ByteBuffer body() {
        final ByteBuffer present = body;
        if (present == null) {
            throw new IllegalStateException("request " + type + " has no body");
        }
        return present;
    }

    /**
     * Whether it has a body, {@code nr_body} is not 0.
     *
     * @return true if {@link #body()} can be called
     */
    public boolean hasBody() {
        return body != null;
    }

    /**
     * Sets the body, or that there is none.
     *
     * @param bytes any number; fewer than netmap expects gives {@code EFAULT}, as memory that ends there. Null: no body
     * @return this
     */
    public ControlRequest body(final byte @Nullable [] bytes) {
        body = bytes == null ? null : ByteBuffer.wrap(bytes.clone()).order(ByteOrder.nativeOrder());
        return this;
    }

    /**
     * The options, in the order in which they are chained.
     *
     * @return an unmodifiable view
     */
    public List<ControlOption> options() {
        return Collections.unmodifiableList(options);
    }

    /**
     * Appends an option.
     *
     * @param option not in the chain yet
     * @return this
     */
    public ControlRequest option(final ControlOption option) {
        options.add(option);
        return this;
    }

    /**
     * Where the chain of options goes on behind its last one.
     *
     * @return the place of an option, -1 if the chain ends
     */
    public int loopsTo() {
        return loopsTo;
    }

    /**
     * Makes the chain of options endless: the last one's {@code nro_next} is the address of one in it.
     *
     * @param index place of that option
     * @return this
     * @throws IndexOutOfBoundsException if there is no such option
     */
    public ControlRequest loopTo(final int index) {
        loopsTo = Objects.checkIndex(index, options.size());
        return this;
    }

    /**
     * What an error is said to come from.
     *
     * @return such as {@code NIOCCTRL(REGISTER)}
     */
    public String call() {
        final RequestType known = RequestType.of(type);
        return "NIOCCTRL(" + (known == null ? Integer.toString(type) : known.name()) + ")";
    }

    @Override
    public String toString() {
        return call() + " on '" + name() + "' with " + options.size() + " options" + (loopsTo >= 0 ? ", endless" : "");
    }
}
