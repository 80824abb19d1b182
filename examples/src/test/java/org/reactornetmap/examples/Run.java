package org.reactornetmap.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** What the command line said, and how it ended. */
record Run(int status, String out, String err) {

    static Run of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                NetmapCommand.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int status = line.execute(args);
        return new Run(status, out.toString(), err.toString());
    }

    /** A number of the account that {@code --json} prints. */
    long number(String name) {
        Matcher member = Pattern.compile('"' + name + "\":(-?\\d+)").matcher(out);
        if (!member.find()) {
            throw new AssertionError(name + " is missing in " + this);
        }
        return Long.parseLong(member.group(1));
    }
}
