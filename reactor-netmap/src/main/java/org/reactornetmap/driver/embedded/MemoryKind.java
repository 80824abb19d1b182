package org.reactornetmap.driver.embedded;

/** Who made a memory, and so where its numbers come from. */
enum MemoryKind {
    /** The one with id 1. */
    GLOBAL("") {
        @Override
        String remedy(final PoolLayout.Kind pool, final boolean size, final long enough) {
            final String setting =
                    switch (pool) {
                        case IF -> size ? "ifSize" : "interfaces";
                        case RING -> size ? "ringSize" : "rings";
                        case BUF -> size ? "bufSize" : "buffers";
                    };
            return "raise EmbeddedConfig." + setting + " to " + enough;
        }
    },
    /** Made for one port, by the numbers of the request that made it. */
    PRIVATE("priv_") {
        @Override
        String remedy(final PoolLayout.Kind pool, final boolean size, final long enough) {
            final String name = pool.parameter();
            return "raise EmbeddedConfig.priv" + Character.toUpperCase(name.charAt(0)) + name.substring(1)
                    + (size ? "Size" : "Num") + " to " + enough + ", or use the global memory (@1)";
        }
    },
    /** In a file that the user gave. */
    EXTERNAL("") {
        @Override
        String remedy(final PoolLayout.Kind pool, final boolean size, final long enough) {
            return "raise " + pool.parameter() + (size ? "-size" : "-num") + " to " + enough
                    + " in @extmem, with a file that is large enough";
        }
    };

    private final String prefix;

    MemoryKind(final String prefix) {
        this.prefix = prefix;
    }

    /** The module parameter's name. */
    String parameter(final PoolLayout.Kind pool, final boolean size) {
        return prefix + pool.parameter() + (size ? "_size" : "_num");
    }

    /** What makes a pool larger. */
    abstract String remedy(PoolLayout.Kind pool, boolean size, long enough);
}
