/** What a netmap implementation fulfils: opening a port spec, syncing, polling, closing, control requests, and typed errors. */
@NullMarked
package org.reactornetmap.driver;

import org.jspecify.annotations.NullMarked;
