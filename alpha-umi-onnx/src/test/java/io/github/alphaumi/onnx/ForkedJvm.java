package io.github.alphaumi.onnx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with the class path of the tests. */
final class ForkedJvm {
  private final Process process;
  private final BufferedReader output;

  private ForkedJvm(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * @param folder where it works and where a crash would leave its report
   * @param before a command that takes the JVM's command line as its arguments, or nothing
   * @param options of the JVM
   */
  static ForkedJvm start(
      Path folder, List<String> before, List<String> options, Class<?> main, List<?> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    // In the environment it would prevail over the option of the same name.
    builder.environment().remove("DJL_CACHE_DIR");
    return new ForkedJvm(builder.start());
  }

  /** Reads its output up to this line. */
  void awaitLine(String line) throws IOException {
    StringBuilder before = new StringBuilder();
    String next = output.readLine();
    while (!line.equals(next)) {
      if (next == null) {
        throw new AssertionError("the process ended without '" + line + "': " + before);
      }
      before.append(next).append(System.lineSeparator());
      next = output.readLine();
    }
  }

  /** Asks it to end: SIGTERM where there are signals. */
  void terminate() {
    // Process.destroy would close the output as well.
    process.toHandle().destroy();
  }

  /** The rest of its output, once it has ended. */
  String output() throws IOException {
    StringBuilder rest = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      rest.append(line).append('\n');
    }
    return rest.toString();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }
}
