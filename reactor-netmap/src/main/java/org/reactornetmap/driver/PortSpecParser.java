package org.reactornetmap.driver;

import java.util.EnumSet;
import java.util.List;

/**
 * Reads one {@link PortSpec} from left to right. Used once, by one thread.
 *
 * <p>The rules are those of {@code nmreq_header_decode} and {@code nmreq_register_decode} (libnetmap, 89607e14); the
 * options are read by {@link PortOptionParser}.
 */
final class PortSpecParser {

    /** Ring numbers end below {@code NETMAP_RING_MASK}. */
    static final int MAX_RING = 4094;

    /** {@code nr_mem_id} is 16 bits wide. */
    static final int MAX_MEM_ID = 65535;

    /** netmap's global allocator; a null port needs a region that exists. */
    private static final int GLOBAL_MEM_ID = 1;

    private static final int END = -1;

    private final String text;
    private final EnumSet<RegisterFlag> flags = EnumSet.noneOf(RegisterFlag.class);
    private int at;
    private RegisterMode mode = RegisterMode.ALL_NIC;
    private int ringId;
    private int memId;

    PortSpecParser(String text) {
        this.text = text;
    }

    PortSpec parse() {
        PortName name = PortName.scan(text, 0, text.length());
        at = name.end();
        if (name.kind() == PortName.Kind.NULL) {
            nullMode();
        } else {
            mode();
        }
        List<PortOption> options = suffixes();
        if (mode == RegisterMode.NULL && memId == 0 && options.stream().noneMatch(PortSpecParser::givesMemory)) {
            memId = GLOBAL_MEM_ID;
        }
        return new PortSpec(text, name, mode, ringId, flags, memId, options);
    }

    private static boolean givesMemory(PortOption option) {
        return option instanceof PortOption.Share || option instanceof PortOption.Extmem;
    }

    private void nullMode() {
        mode = RegisterMode.NULL;
        if (peek() == '^' || peek() == '*' || peek() == '-') {
            throw expected("'/' or '@' is expected here: a null port is always opened with all its rings");
        }
    }

    private void mode() {
        switch (peek()) {
            case '^' -> {
                at++;
                mode = isDigit(peek()) ? RegisterMode.ONE_SW : RegisterMode.SW;
                ringId = mode == RegisterMode.ONE_SW ? ringNumber() : 0;
            }
            case '*' -> {
                at++;
                mode = RegisterMode.NIC_SW;
            }
            case '-' -> {
                at++;
                mode = RegisterMode.ONE_NIC;
                if (!isDigit(peek())) {
                    throw expected("a ring number is expected after '-', 0 to " + MAX_RING
                            + "; netmap has no way to name an interface with '-' in its name");
                }
                ringId = ringNumber();
            }
            default -> {
                // all NIC rings
            }
        }
    }

    private int ringNumber() {
        int start = at;
        int number = number(MAX_RING);
        if (number < 0) {
            throw new PortSpecException(text, start, "a ring number is 0 to " + MAX_RING);
        }
        return number;
    }

    /** Flags and memory ids in any order, until the text ends or an option starts. */
    private List<PortOption> suffixes() {
        while (peek() != END) {
            if (peek() == '/') {
                at++;
                flagRun();
            } else if (peek() != '@') {
                throw expected("'/' and flags, '@' and a memory id or option, or the end is expected here");
            } else if (at + 1 == text.length() || isDigit(text.charAt(at + 1))) {
                at++;
                memoryId();
            } else {
                return new PortOptionParser(text, at).parse();
            }
        }
        return List.of();
    }

    private void flagRun() {
        if (peek() == END) {
            throw expected("flags are expected after '/': x z t r R T");
        }
        while (peek() != END && peek() != '@') {
            flags.add(flag());
            at++;
        }
    }

    private RegisterFlag flag() {
        return switch (peek()) {
            case 'x' -> RegisterFlag.EXCLUSIVE;
            case 'z' -> RegisterFlag.ZCOPY_MON;
            case 't' -> RegisterFlag.MONITOR_TX;
            case 'r' -> RegisterFlag.MONITOR_RX;
            case 'R' -> RegisterFlag.RX_RINGS_ONLY;
            case 'T' -> RegisterFlag.TX_RINGS_ONLY;
            default -> throw expected("a flag is expected here: x z t r R T, or '@'");
        };
    }

    private void memoryId() {
        int start = at;
        if (peek() == END) {
            throw expected("a memory id or an option (share, extmem, conf, offset) is expected after '@'");
        }
        int id = number(MAX_MEM_ID);
        if (id <= 0) {
            throw new PortSpecException(text, start, "a memory id is 1 to " + MAX_MEM_ID);
        }
        if (memId != 0 && memId != id) {
            throw new PortSpecException(text, start, "the memory id is already set to " + memId);
        }
        memId = id;
    }

    /** Reads digits; -1 if they exceed {@code max}. */
    private int number(int max) {
        long value = 0;
        while (isDigit(peek())) {
            value = Math.min(value * 10 + (peek() - '0'), max + 1L);
            at++;
        }
        return value > max ? -1 : (int) value;
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private PortSpecException expected(String what) {
        return new PortSpecException(text, at, what);
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
