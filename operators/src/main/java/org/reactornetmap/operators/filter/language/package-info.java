/** The filter language of pcap-filter(7): from an expression to the program that libpcap makes of it before optimising. */
@NullMarked
package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.NullMarked;
