package org.reactornetmap.driver;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * What to open, parsed from the text that netmap's own tools take. Immutable; any thread.
 *
 * <pre>{@code
 * spec    = ( "netmap:" | "vale" [ id ] ":" ) name [ pipe ] [ rings ] { "/" flags | "@" memory } { "@" option }
 * name    = letters, digits, '_' and '.'
 * id      = letters, digits and '_'
 * pipe    = "{" id (its master end) | "}" id (its slave end)
 * rings   = "^" (all host rings) | "^" number (one of them) | "*" (host and NIC) | "-" number (one NIC ring pair)
 * flags   = x (exclusive), R (RX only), T (TX only), monitors: z (zero copy), t (TX), r (RX)
 * memory  = the number of a memory region
 * option  = "share=" port without rings, flags and options
 *         | "extmem=" file | "extmem:" file= if-num= if-size= ring-num= ring-size= buf-num= buf-size=
 *         | "conf:" rings= tx-rings= rx-rings= host-rings= host-tx-rings= host-rx-rings= slots= tx-slots= rx-slots=
 *         | "offset=" bytes | "offset:" initial= bits=
 * }</pre>
 *
 * <p>After {@code :} keys are separated by commas; after the {@code =} of the short form all the rest of the option is
 * the value, commas included. A key without a value ({@code rings=}) counts as not given. One addition of ours, since
 * libnetmap has no text for it: {@code null:NAME}, see {@link #nullPort}.
 *
 * <p>Stricter than libnetmap, which passes these on or misreads them: other characters in a name (so also
 * {@code netmap:vale0:a}), an empty port name or pipe id, a memory id above 65535, numbers that are out of range or
 * have other characters in them, anything after the port of {@code share}, a comma at the end, and a second
 * {@code share}, {@code extmem} or {@code offset}.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/libnetmap/libnetmap.h">libnetmap.h, 89607e14</a>
 */
public final class PortSpec {

    private final String text;
    private final PortName name;
    private final RegisterMode mode;
    private final int ringId;
    private final Set<RegisterFlag> flags;
    private final int memId;
    private final List<PortOption> options;

    PortSpec(
            String text,
            PortName name,
            RegisterMode mode,
            int ringId,
            EnumSet<RegisterFlag> flags,
            int memId,
            List<PortOption> options) {
        this.text = text;
        this.name = name;
        this.mode = mode;
        this.ringId = ringId;
        this.flags = Collections.unmodifiableSet(EnumSet.copyOf(flags));
        this.memId = memId;
        this.options = List.copyOf(options);
    }

    /**
     * Parses a port spec.
     *
     * @param text the spec, such as {@code netmap:eth0-2/R}, {@code vale0:a} or <code>netmap:x{1</code>
     * @return the spec
     * @throws PortSpecException if the text does not follow the grammar
     */
    public static PortSpec parse(String text) {
        return new PortSpecParser(text).parse();
    }

    /**
     * A null port: rings that move nothing, in an existing memory region; for its extra buffers, and for tests. Short
     * for {@code parse("null:" + name)}.
     *
     * @param name the port's name; may be followed by {@code /R}, {@code /T}, {@code @NN} (memory region, 1 if not
     *     given: netmap's global one) and {@code @conf:} (rings and slots, none if not given)
     * @return the spec
     * @throws PortSpecException if the name does not follow the grammar
     */
    public static PortSpec nullPort(String name) {
        return parse("null:" + name);
    }

    /**
     * The spec as it was written.
     *
     * @return a text that {@link #parse} takes
     */
    public String text() {
        return text;
    }

    /**
     * The name that goes to netmap in {@code nmreq_header.nr_name}: without {@code netmap:}, with {@code vale…:}, and
     * with the pipe's suffix.
     *
     * @return {@code eth0}, {@code vale0:a}, <code>x{1</code>; 1 to 63 ASCII characters
     */
    public String portName() {
        return name.value();
    }

    /**
     * Whether the port, or the pipe's parent, is a port of a VALE switch.
     *
     * @return true for {@code vale…:}
     */
    public boolean isVale() {
        return name.kind() == PortName.Kind.VALE;
    }

    /**
     * Which rings to bind.
     *
     * @return {@code nr_mode}
     */
    public RegisterMode mode() {
        return mode;
    }

    /**
     * The ring of {@link RegisterMode#ONE_NIC} and {@link RegisterMode#ONE_SW}.
     *
     * @return {@code nr_ringid}, 0 to 4094; 0 in the other modes
     */
    public int ringId() {
        return ringId;
    }

    /**
     * The flags after {@code /}.
     *
     * @return an unmodifiable set
     */
    public Set<RegisterFlag> flags() {
        return flags;
    }

    /**
     * The flags as {@code nr_flags} holds them.
     *
     * @return the bits of {@link #flags()}
     */
    public long flagBits() {
        return RegisterFlag.bitsOf(flags);
    }

    /**
     * The memory region asked for with {@code @NN}.
     *
     * @return {@code nr_mem_id}, 1 to 65535; 0 if none was asked for
     */
    public int memId() {
        return memId;
    }

    /**
     * Whether this is one end of a netmap pipe.
     *
     * @return true for <code>x{1</code> and <code>x}1</code>
     */
    public boolean isPipe() {
        return name.isPipe();
    }

    /**
     * Whether this is the master end of a pipe.
     *
     * @return true for <code>x{1</code>
     */
    public boolean isPipeMaster() {
        return name.isPipeMaster();
    }

    /**
     * The port whose pipe this is.
     *
     * @return {@code x} for <code>x{1</code>, {@code vale0:a} for <code>vale0:a}in</code>
     * @throws NoSuchElementException if this is not a pipe
     */
    public String pipeParent() {
        return name.pipeParent();
    }

    /**
     * The pipe's identifier, the same at both ends.
     *
     * @return {@code 1} for <code>x{1</code>, {@code in} for <code>vale0:a}in</code>
     * @throws NoSuchElementException if this is not a pipe
     */
    public String pipeId() {
        return name.pipeId();
    }

    /**
     * The options, at most one of each kind; several {@code @conf} have become one, later keys winning.
     *
     * @return an unmodifiable list
     */
    public List<PortOption> options() {
        return options;
    }

    /**
     * The option of one kind.
     *
     * @param <T> the kind
     * @param kind its class
     * @return the option, or empty if the spec has none of this kind
     */
    public <T extends PortOption> Optional<T> option(Class<T> kind) {
        return options.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PortSpec spec && spec.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns {@link #text()}. */
    @Override
    public String toString() {
        return text;
    }
}
