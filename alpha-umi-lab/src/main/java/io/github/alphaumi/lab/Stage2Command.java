package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data stage2}. */
@Command(
    name = "stage2",
    description = "Records of stage 1 to conversations of planner, caller and summarizer.",
    mixinStandardHelpOptions = true)
final class Stage2Command extends BatchCommand {
  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      description = "files of stage 1, or folders of them")
  private List<String> in = List.of();

  @Option(names = "--out", required = true, description = "file to write")
  private Path out = Path.of("");

  @Option(names = "--as-published", description = "by the published code's rules, faults included")
  private boolean published;

  @Override
  void work() throws IOException {
    run(Map.of("asPublished", published), Inputs.find(in), List.of(out), step(published));
  }

  private static StepSource step(boolean published) {
    return () -> new Stage2(published);
  }
}
