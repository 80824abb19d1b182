package org.reactornetmap.benchmarks;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * Calls a filter function of C for each of many frames, in one call from Java: a call from Java costs more than a filter
 * does. The loop is x86-64 machine code (System V calling convention), as there is no library to take it from:
 *
 * <pre>{@code
 * struct item { const unsigned char *frame; unsigned wire, captured; };
 * long loop(struct item *items, long count, void *program, unsigned (*filter)(void *, const unsigned char *, unsigned, unsigned)) {
 *   long matches = 0;
 *   do { matches += filter(program, items->frame, items->wire, items->captured) != 0; items++; } while (--count);
 *   return matches;
 * }
 * }</pre>
 */
final class NativeLoop {
    private static final int PROT_READ_WRITE = 3;
    private static final int PROT_READ_EXEC = 5;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int ITEM_BYTES = 16;

    private static final int[] CODE = {
        0x53, // push rbx
        0x55, // push rbp
        0x41,
        0x54, // push r12
        0x41,
        0x55, // push r13
        0x41,
        0x56, // push r14
        0x48,
        0x89,
        0xfb, // mov rbx, rdi    items
        0x48,
        0x89,
        0xf5, // mov rbp, rsi    count
        0x49,
        0x89,
        0xd4, // mov r12, rdx    program
        0x49,
        0x89,
        0xcd, // mov r13, rcx    filter
        0x45,
        0x31,
        0xf6, // xor r14d, r14d  matches
        0x4c,
        0x89,
        0xe7, // mov rdi, r12
        0x48,
        0x8b,
        0x33, // mov rsi, [rbx]
        0x8b,
        0x53,
        0x08, // mov edx, [rbx+8]
        0x8b,
        0x4b,
        0x0c, // mov ecx, [rbx+12]
        0x41,
        0xff,
        0xd5, // call r13
        0x48,
        0x83,
        0xc3,
        0x10, // add rbx, 16
        0x83,
        0xf8,
        0x01, // cmp eax, 1
        0x49,
        0x83,
        0xde,
        0xff, // sbb r14, -1
        0x48,
        0xff,
        0xcd, // dec rbp
        0x75,
        0xe1, // jnz, back to the first mov rdi
        0x4c,
        0x89,
        0xf0, // mov rax, r14
        0x41,
        0x5e, // pop r14
        0x41,
        0x5d, // pop r13
        0x41,
        0x5c, // pop r12
        0x5d, // pop rbp
        0x5b, // pop rbx
        0xc3 // ret
    };

    private final CapturedFrames frames; // whose memory the items point to
    private final Memory items;
    private final Function loop;

    NativeLoop(final CapturedFrames frames) {
        if (!System.getProperty("os.arch").equals("amd64")) {
            throw new IllegalStateException("C is measured on x86-64 only: this is " + System.getProperty("os.arch"));
        }
        this.frames = frames;
        loop = Function.getFunction(executable());
        items = new Memory((long) ITEM_BYTES * frames.count());
        final long memory = Pointer.nativeValue(Native.getDirectBufferPointer(frames.direct));
        for (int i = 0; i < frames.count(); i++) {
            final long at = (long) ITEM_BYTES * i;
            items.setLong(at, memory + frames.starts[i]);
            items.setInt(at + 8, frames.wire[i]);
            items.setInt(at + 12, frames.captured[i]);
        }
    }

    private static Pointer executable() {
        final NativeLibrary c = NativeLibrary.getInstance("c");
        final Pointer page = c.getFunction("mmap")
                .invokePointer(new Object[] {0L, (long) CODE.length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L});
        if (Pointer.nativeValue(page) == -1) {
            throw new IllegalStateException("mmap failed");
        }
        for (int i = 0; i < CODE.length; i++) {
            page.setByte(i, (byte) CODE[i]);
        }
        if (c.getFunction("mprotect").invokeInt(new Object[] {page, (long) CODE.length, PROT_READ_EXEC}) != 0) {
            throw new IllegalStateException("this system does not let code be made at run time");
        }
        return page;
    }

    /** Runs the filter on all frames: how many match. */
    long run(final Pointer filter, final Pointer program) {
        return loop.invokeLong(new Object[] {items, (long) frames.count(), program, filter});
    }
}
