package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code umi} command. Exit code 0 for success, 1 for a failure, 2 for wrong usage. */
@Command(
    name = "umi",
    mixinStandardHelpOptions = true,
    versionProvider = Umi.Version.class,
    description =
        "Agents on small models: run them, look into their models, make and measure them.",
    subcommands = {
      RunCommand.class,
      ModelCommand.class,
      DataCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      BenchCommand.class
    })
public final class Umi {

  private Umi() {}

  public static void main(String[] args) {
    System.exit(
        commandLine(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8))
            .execute(args));
  }

  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new Umi())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, result) -> {
              if (failure instanceof AlphaUmiException
                  || failure instanceof IllegalArgumentException) {
                command.getErr().println("umi: " + failure.getMessage());
                return command.getCommandSpec().exitCodeOnExecutionException();
              }
              throw failure;
            });
  }

  /** The version of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Umi.class.getPackage().getImplementationVersion();
      return new String[] {"umi " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
