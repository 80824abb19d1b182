package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BpfProgramTest {
    /** What tcpdump 4.99.3 with libpcap 1.10.3 prints for {@code ip[8] < 5} with {@code -ddd}. */
    private static final String DECIMAL = "6\n40 0 0 12\n21 0 3 2048\n48 0 0 22\n53 1 0 5\n6 0 0 262144\n6 0 0 0\n";

    private static final String LISTING = """
            (000) ldh      [12]
            (001) jeq      #0x800           jt 2	jf 5
            (002) ldb      [22]
            (003) jge      #0x5             jt 5	jf 4
            (004) ret      #262144
            (005) ret      #0
            """;

    @Test
    void shouldReadAndWriteDecimals() {
        final BpfProgram program = BpfProgram.parseDecimal(DECIMAL);

        assertThat(program.length()).isEqualTo(6);
        assertThat(program.decimal()).isEqualTo(DECIMAL);
        assertThat(program).hasToString(LISTING);
    }

    @ParameterizedTest(name = "{displayName} {0} {1} {2} {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "32|26|ld       [26]",
                "64|14|ld       [x + 14]",
                "72|14|ldh      [x + 14]",
                "80|14|ldb      [x + 14]",
                "0|255|ld       #0xff",
                "1|255|ldx      #0xff",
                "177|14|ldxb     4*([14]&0xf)",
                "128|0|ld       #pktlen",
                "96|3|ld       M[3]",
                "97|3|ldx      M[3]",
                "2|3|st       M[3]",
                "3|3|stx      M[3]",
                "4|7|add      #7",
                "12|0|add      x",
                "84|255|and      #0xff",
                "132|0|neg      ",
                "148|7|mod      #7",
                "164|7|xor      #0x7",
                "5|4|ja       5",
                "22|0|ret      ",
                "7|0|tax      ",
                "135|0|txa      ",
            })
    void shouldListAnInstructionAsTcpdump(final int code, final int k, final String line) {
        assertThat(BpfInstruction.of(code, k).toString(0).strip()).isEqualTo("(000) " + line.strip());
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1 21 1 0 0|instruction 0: it jumps to 2: expected 0..0",
                "2 5 0 0 1 6 0 0 0|instruction 0: it jumps to 2: expected 0..1",
                "2 5 0 0 4294967294 6 0 0 0|instruction 0: it jumps to -1: expected 0..1",
                "1 4 0 0 1|instruction 0: the last one must be a ret",
                "2 96 0 0 16 6 0 0 0|instruction 0: memory cell 16 does not exist: expected 0..15",
                "2 3 0 0 4294967295 6 0 0 0|instruction 0: memory cell 4294967295 does not exist: expected 0..15",
                "2 52 0 0 0 6 0 0 0|instruction 0: division by zero",
                "2 148 0 0 0 6 0 0 0|instruction 0: division by zero",
                "2 33 0 0 0 6 0 0 0|instruction 0: code 0x21 is no instruction",
                "2 180 0 0 0 6 0 0 0|instruction 0: code 0xb4 is no instruction",
                "2 261 0 0 0 6 0 0 0|instruction 0: code 0x105 is no instruction",
                "0|a program has 1..1048576 instructions: this has 0",
                "2 6 0 0 0|the text says 2 instructions, which are 8 numbers, but has 4 behind that",
                "1 6 0 x 0|jf of instruction 0 is 'x': expected a decimal number, 0..4294967295",
                "1 6 0 256 0|jf is 256: expected 0..255",
                "''|the number of instructions is '': expected a decimal number, 0..4294967295",
            })
    void shouldSayWhatIsWrongWithAProgram(final String decimal, final String message) {
        assertThatThrownBy(() -> BpfProgram.parseDecimal(decimal))
                .isInstanceOf(BpfFormatException.class)
                .hasMessage(message);
    }

    @Test
    void shouldKnowAProgramThatJumpsBack() {
        final BpfProgram program = BpfProgram.of(List.of(
                BpfInstruction.of(BpfCode.LD, 1),
                BpfInstruction.of(BpfCode.JMP | BpfCode.JA, -2),
                BpfInstruction.of(BpfCode.RET, 0)));

        assertThat(program.isLooping()).isTrue();
        assertThat(program.socketObjection()).contains("leads back");
        assertThat(BpfInterpreter.of(program).run(new byte[0], 0, 0, 0)).isZero();
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "3 0 0 0 1 2 0 0 5 6 0 0 1|",
                "4 0 0 0 1 21 0 1 1 2 0 0 5 6 0 0 1|",
                "5 0 0 0 1 21 0 1 1 2 0 0 5 96 0 0 5 6 0 0 1|instruction 3: memory cell 5 may be read before it is written",
                "2 100 0 0 32 6 0 0 0|instruction 0: it shifts by 32: expected at most 31",
            })
    void shouldSayWhatLinuxWouldNotTake(final String decimal, final String objection) {
        assertThat(BpfProgram.parseDecimal(decimal).socketObjection()).isEqualTo(objection);
    }
}
