package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data trajectories}. */
@Command(
    name = "trajectories",
    description =
        "Conversations to one row each, the whole run as the target (the form of MultiAgentLLM):"
            + " train_global.json and train_global_planner.json.",
    mixinStandardHelpOptions = true)
final class TrajectoriesCommand extends BatchCommand {
  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      description = "files of stage 2, or folders of them")
  private List<String> in = List.of();

  @Option(names = "--out-dir", required = true, description = "folder to write to")
  private Path outDir = Path.of("");

  @Override
  void work() throws IOException {
    run(
        Map.of(),
        Inputs.find(in),
        TrajectoryRows.FILES.stream().map(outDir::resolve).toList(),
        TrajectoryRows::new);
  }
}
