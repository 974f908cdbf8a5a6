package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that takes records from files to files. */
abstract class BatchCommand extends LabCommand {
  private static final int INDENT = 2;

  @Option(
      names = "--checkpoint-megabytes",
      defaultValue = "64",
      description =
          "input that is read from checkpoint to checkpoint, or by one task of Spark; default ${DEFAULT-VALUE}")
  private int checkpointMegabytes;

  @Option(
      names = "--spark",
      paramLabel = "MASTER",
      description =
          "do it on Apache Spark, for example local[4] or spark://host:7077, with the same output;"
              + " call by spark-submit --class io.github.alphaumi.lab.Umi umi.jar data ...")
  private @Nullable String spark;

  /** Runs the work and prints what was counted. */
  final void run(
      Map<String, Object> settings, List<Path> inputs, List<Path> outputs, StepSource step)
      throws IOException {
    Console console = console();
    BatchFiles files = new BatchFiles(name(), settings, inputs, outputs);
    long bytes = (long) checkpointMegabytes << 20;
    Tally tally =
        spark == null
            ? new Batch(console, files, INDENT, bytes).run(step.open())
            : onSpark(files, bytes, spark, step);
    tally.counts.forEach((counted, n) -> console.out().printf("%,12d  %s%n", n, counted));
    console.out().printf("%,12d  records skipped%n", tally.skipped);
    outputs.forEach(output -> console.out().println("wrote " + output));
  }

  private Tally onSpark(BatchFiles files, long bytes, String master, StepSource step)
      throws IOException {
    try {
      return new SparkBatch(console(), files, INDENT, bytes, master).run(step);
    } catch (NoClassDefFoundError e) {
      throw new AlphaUmiException(
          "Spark is not on the class path ("
              + e.getMessage()
              + "); call this by spark-submit --class io.github.alphaumi.lab.Umi umi.jar, with Spark"
              + " 4 for Scala 2.13",
          e);
    }
  }
}
