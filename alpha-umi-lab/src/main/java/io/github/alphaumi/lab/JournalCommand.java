package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data journal}. */
@Command(
    name = "journal",
    description =
        "An agent's own runs to conversations, as stage 2 writes them: of each run that was"
            + " answered, the path that led to the answer.",
    mixinStandardHelpOptions = true)
final class JournalCommand extends BatchCommand {
  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      description = "logs of a file journal and reports of runs as JSON, or folders of them")
  private List<String> in = List.of();

  @Option(names = "--out", required = true, description = "file to write")
  private Path out = Path.of("");

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "leave out paths with more steps; the default is to take all")
  private int maxSteps = Integer.MAX_VALUE;

  @Option(
      names = "--flawless",
      description =
          "leave out paths on which a model's text had to be mended, or a call was unreadable,"
              + " repeated or refused, or failed")
  private boolean flawless;

  @Override
  void work() throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("maxSteps", maxSteps);
    settings.put("flawless", flawless);
    run(settings, Inputs.findRuns(in), List.of(out), step(maxSteps, flawless));
  }

  private static StepSource step(int maxSteps, boolean flawless) {
    return () -> new AnsweredRuns(maxSteps, flawless);
  }
}
