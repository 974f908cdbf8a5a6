package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data toolalpaca}. */
@Command(
    name = "toolalpaca",
    description = "ToolAlpaca's recorded instances to conversations, as stage 2 writes them.",
    mixinStandardHelpOptions = true)
final class ToolAlpacaCommand extends BatchCommand {
  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      description = "files with Instances, or folders of them")
  private List<String> in = List.of();

  @Option(names = "--out", required = true, description = "file to write")
  private Path out = Path.of("");

  @Override
  void work() throws IOException {
    run(Map.of(), Inputs.find(in), List.of(out), ToolAlpaca::new);
  }
}
