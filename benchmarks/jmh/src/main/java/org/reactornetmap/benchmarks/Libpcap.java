package org.reactornetmap.benchmarks;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.operators.filter.bpf.BpfInstruction;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/** libpcap's compiler and its interpreter, {@code bpf_filter}. */
final class Libpcap {
    static final String NAME = "libpcap.so.0.8";
    private static final int EN10MB = 1;
    static final int SNAPLEN = 262_144;
    private static final int NETMASK_UNKNOWN = -1;
    private static final int INSTRUCTION_BYTES = 8;

    private final NativeLibrary library = NativeLibrary.getInstance(NAME);

    /** The interpreter's address. */
    Pointer filterFunction() {
        return library.getFunction("bpf_filter");
    }

    /** Compiles for Ethernet, optimised. */
    BpfProgram compile(final String expression) {
        final Pointer handle = library.getFunction("pcap_open_dead").invokePointer(new Object[] {EN10MB, SNAPLEN});
        final Memory program = new Memory(16); // struct bpf_program: u_int bf_len, struct bpf_insn *bf_insns
        final Function compile = library.getFunction("pcap_compile");
        if (compile.invokeInt(new Object[] {handle, program, expression, 1, NETMASK_UNKNOWN}) != 0) {
            throw new IllegalArgumentException(
                    library.getFunction("pcap_geterr").invokeString(new Object[] {handle}, false));
        }
        final int length = program.getInt(0);
        final Pointer instructions = program.getPointer(8);
        final List<BpfInstruction> copied = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            final long at = (long) INSTRUCTION_BYTES * i;
            copied.add(new BpfInstruction(
                    instructions.getShort(at) & 0xFFFF,
                    instructions.getByte(at + 2) & 0xFF,
                    instructions.getByte(at + 3) & 0xFF,
                    instructions.getInt(at + 4)));
        }
        library.getFunction("pcap_freecode").invokeVoid(new Object[] {program});
        library.getFunction("pcap_close").invokeVoid(new Object[] {handle});
        return BpfProgram.of(copied);
    }

    /** A program as {@code struct bpf_insn[]}. */
    static Memory inMemory(final BpfProgram program) {
        final Memory memory = new Memory((long) INSTRUCTION_BYTES * program.length());
        for (int i = 0; i < program.length(); i++) {
            final BpfInstruction each = program.instructions().get(i);
            final long at = (long) INSTRUCTION_BYTES * i;
            memory.setShort(at, (short) each.code());
            memory.setByte(at + 2, (byte) each.jt());
            memory.setByte(at + 3, (byte) each.jf());
            memory.setInt(at + 4, each.k());
        }
        return memory;
    }
}
