package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that prints where picocli says and ends with a message instead of a stack trace. */
abstract class LabCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--progress",
      negatable = true,
      description = "draw a progress bar; the default is to do so on a terminal")
  private boolean progress = System.console() != null;

  /** Does the work; what it throws is reported and makes the command fail. */
  abstract void work() throws IOException;

  @Override
  public final Integer call() {
    try {
      work();
      return CommandLine.ExitCode.OK;
    } catch (AlphaUmiException e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed(e.toString());
    } finally {
      console().out().flush();
      console().err().flush();
    }
  }

  private int failed(String message) {
    console().err().println(name() + ": " + message);
    return CommandLine.ExitCode.SOFTWARE;
  }

  final Console console() {
    CommandLine line = spec().commandLine();
    return new Console(line.getOut(), line.getErr(), progress);
  }

  /** The command as it was called, for example {@code umi data stage1}. */
  final String name() {
    return spec().qualifiedName();
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("not called through picocli");
    }
    return spec;
  }
}
