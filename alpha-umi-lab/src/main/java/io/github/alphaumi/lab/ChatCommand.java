package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data chat}. */
@Command(
    name = "chat",
    description =
        "Conversations, or the samples of a role, to what other trainers read; one record a line"
            + " if the output's name ends in .jsonl.",
    mixinStandardHelpOptions = true)
final class ChatCommand extends BatchCommand {
  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      description = "files of stage 2 or role files, or folders of them")
  private List<String> in = List.of();

  @Option(names = "--out", required = true, description = "file to write")
  private Path out = Path.of("");

  @Option(
      names = "--spans",
      description = "role samples as one text with the span to learn, instead of two messages")
  private boolean spans;

  @Override
  void work() throws IOException {
    run(Map.of("spans", spans), Inputs.find(in), List.of(out), step(spans));
  }

  private static StepSource step(boolean spans) {
    return () -> new ChatLines(spans);
  }
}
