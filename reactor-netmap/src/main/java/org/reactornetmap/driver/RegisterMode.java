package org.reactornetmap.driver;

/**
 * Which rings of a port a descriptor is bound to: the {@code NR_REG_*} values of netmap.
 *
 * <p>{@code NR_REG_PIPE_MASTER} and {@code NR_REG_PIPE_SLAVE} (5 and 6) are missing on purpose: the kernel refuses
 * them since pipes are named <code>x{1</code> and <code>x}1</code>.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public enum RegisterMode {
    /** All NIC rings, no host ring: a spec without a mode. */
    ALL_NIC(1),
    /** All host rings: {@code ^}. */
    SW(2),
    /** All NIC rings and all host rings: {@code *}. */
    NIC_SW(3),
    /** One NIC ring pair: {@code -NN}. */
    ONE_NIC(4),
    /** A port whose rings move nothing, made in an existing memory region. */
    NULL(7),
    /** One host ring pair: {@code ^NN}. */
    ONE_SW(8);

    private final int code;

    RegisterMode(int code) {
        this.code = code;
    }

    /**
     * The value of {@code nmreq_register.nr_mode}.
     *
     * @return 1 to 8
     */
    public int code() {
        return code;
    }
}
