/** What a netmap implementation fulfils: opening a port spec, syncing, polling, closing, and its typed errors. */
@NullMarked
package org.reactornetmap.driver;

import org.jspecify.annotations.NullMarked;
