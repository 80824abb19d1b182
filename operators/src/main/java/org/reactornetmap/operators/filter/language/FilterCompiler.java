package org.reactornetmap.operators.filter.language;

import org.reactornetmap.operators.filter.bpf.BpfProgram;

/**
 * Compiles filter expressions, the language of tcpdump, to programs of classic BPF. It accepts what libpcap 1.10.3 accepts for a
 * capture file, and makes the same program of it, instruction for instruction, that libpcap makes without its optimiser. It is
 * more patient in two things: nesting deeper than 10,000 and programs over libpcap's memory are no errors.
 *
 * @see <a href="https://www.tcpdump.org/manpages/pcap-filter.7.html">pcap-filter(7)</a>
 */
public final class FilterCompiler {
    private FilterCompiler() {}

    /**
     * Compiles an expression. Takes time and memory in proportion to its length. Any thread; blocks only if a resolver of the
     * target does.
     *
     * @param expression such as {@code udp port 53 and not host 10.0.0.1}; the empty one matches all frames
     * @param target what the program is for
     * @return the program, not optimised: it returns the target's snapshot length for a match, and 0 for none
     * @throws FilterSyntaxException if it is no filter, or needs a program of more than {@link BpfProgram#MAX_INSTRUCTIONS}
     */
    public static BpfProgram compile(final String expression, final FilterTarget target) {
        return new Parser(expression, new Generator(target)).program();
    }
}
