package org.reactornetmap.operators;

import java.io.IOException;

/** A capture file is not what it claims to be: of another format, cut short, or with an impossible length in it. */
public final class PcapFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long byteOffset;

    PcapFormatException(String source, long byteOffset, String problem) {
        super(source + ", byte " + byteOffset + ": " + problem);
        this.byteOffset = byteOffset;
    }

    /**
     * Where in the file the header or record begins that cannot be read; all before it is good.
     *
     * @return bytes from the start of the file, 0 or more
     */
    public long byteOffset() {
        return byteOffset;
    }
}
