package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** A command that takes records from files to files. */
abstract class BatchCommand extends LabCommand {
  @Option(
      names = "--checkpoint-megabytes",
      defaultValue = "64",
      description = "input that is read from checkpoint to checkpoint; default ${DEFAULT-VALUE}")
  private int checkpointMegabytes;

  /** Runs the work and prints what was counted. */
  final void run(
      Map<String, Object> settings, List<Path> inputs, List<Path> outputs, RecordStep step)
      throws IOException {
    Console console = console();
    Tally tally =
        new Batch(console, name(), settings, inputs, outputs, 2, (long) checkpointMegabytes << 20)
            .run(step);
    tally.counts.forEach((counted, n) -> console.out().printf("%,12d  %s%n", n, counted));
    console.out().printf("%,12d  records skipped%n", tally.skipped);
    outputs.forEach(output -> console.out().println("wrote " + output));
  }
}
