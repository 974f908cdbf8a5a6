package io.github.alphaumi.lab;

import io.github.alphaumi.lab.train.AdapterAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code umi train average}. */
@Command(
    name = "average",
    description =
        "Averages adapters of one descent, such as one and the one that its training went on from,"
            + " value by value (a model soup, arXiv 2203.05482).",
    mixinStandardHelpOptions = true)
final class TrainAverageCommand extends LabCommand {
  @Parameters(
      arity = "2..*",
      paramLabel = "ADAPTER",
      description = "folders of adapters in PEFT's form, of one rank and one model")
  private List<Path> adapters = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "folder of the new adapter; not there yet")
  private Path out = Path.of("");

  @Override
  void work() throws IOException {
    AdapterAverage.write(adapters, out);
    console().out().println("wrote " + out);
  }
}
