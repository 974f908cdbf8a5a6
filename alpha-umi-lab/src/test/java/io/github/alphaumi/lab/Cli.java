package io.github.alphaumi.lab;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs a command as the command line does, and keeps what it printed. */
record Cli(int exit, String out, String err) {

  static Cli run(Object command, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = String.valueOf(arguments[i]);
    }
    int exit =
        new CommandLine(command)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(texts);
    return new Cli(exit, out.toString(), err.toString());
  }

  static Cli data(Object... arguments) {
    return run(new DataCommand(), arguments);
  }
}
