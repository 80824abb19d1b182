package org.reactornetmap.driver;

/**
 * A call to netmap returned an error number. The subclasses are the ones that a caller may want to handle apart.
 *
 * <p>Its message reads: call, port, number, name and meaning of the error, then what to do.
 */
public class NetmapErrnoException extends NetmapException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final String port;
    private final Errno errno;
    private final int number;

    NetmapErrnoException(Failure failure) {
        super(failure.category(), failure.fact(), failure.advice, null);
        this.call = failure.call;
        this.port = failure.port;
        this.errno = failure.errno;
        this.number = failure.number;
    }

    /**
     * Makes the exception for an error that {@link Errno} lists.
     *
     * @param call what was called, such as {@code NIOCCTRL(REGISTER)}
     * @param port the port spec or name, empty if no port is concerned
     * @param errno the error
     * @param advice one sentence that says what to do, empty if there is nothing to say
     * @return an exception of the subclass that fits the error
     */
    public static NetmapErrnoException of(String call, String port, Errno errno, String advice) {
        return of(new Failure(call, port, errno, errno.number(), advice));
    }

    /**
     * The same for a number as left in {@code errno}.
     *
     * @param call what was called, such as {@code NIOCCTRL(REGISTER)}
     * @param port the port spec or name, empty if no port is concerned
     * @param number the error number
     * @param advice one sentence that says what to do, empty if there is nothing to say
     * @return an exception of the subclass that fits the error
     */
    public static NetmapErrnoException of(String call, String port, int number, String advice) {
        return of(new Failure(call, port, Errno.of(number), number, advice));
    }

    private static NetmapErrnoException of(Failure failure) {
        return switch (failure.errno) {
            case EBUSY -> new PortBusyException(failure);
            case ENXIO, ENODEV -> new NoSuchPortException(failure);
            case EACCES, EPERM -> new NetmapPermissionException(failure);
            case ENOMEM -> new NetmapMemoryException(failure);
            default -> new NetmapErrnoException(failure);
        };
    }

    /**
     * The error.
     *
     * @return its constant, {@link Errno#UNKNOWN} if it has none
     */
    public final Errno errno() {
        return errno;
    }

    /**
     * The error number.
     *
     * @return the value of {@code errno}
     */
    public final int number() {
        return number;
    }

    /**
     * The call that failed.
     *
     * @return such as {@code NIOCCTRL(REGISTER)}
     */
    public final String call() {
        return call;
    }

    /**
     * The port concerned.
     *
     * @return its spec or name, empty if no port is concerned
     */
    public final String port() {
        return port;
    }

    /** What the constructors of the whole tree take. */
    record Failure(String call, String port, Errno errno, int number, String advice) {

        private Category category() {
            return errno == Errno.EAGAIN || errno == Errno.EINTR ? Category.WARNING : Category.ERROR;
        }

        private String fact() {
            String where = port.isEmpty() ? call : call + " on " + port;
            return where + " failed with error(" + number + ") " + errno + ": " + errno.text();
        }
    }
}
