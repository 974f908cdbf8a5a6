package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi evaluate static}. */
@Command(
    name = "static",
    description =
        "Scores each step of recorded runs, every step after the steps that were really taken"
            + " (arXiv 2401.07324, section 4).",
    mixinStandardHelpOptions = true)
final class StaticCommand extends LabCommand {
  @Option(
      names = "--predictions",
      required = true,
      description = "prediction file in the published form")
  private @Nullable Path predictions;

  @Option(names = "--out", required = true, description = "file for the metrics")
  private Path out = Path.of("");

  @Option(
      names = "--as-published",
      description = "write the published metrics alone, under the published keys")
  private boolean published;

  @Option(
      names = "--resamples",
      defaultValue = "1000",
      description = "bootstrap resamples for the intervals; default ${DEFAULT-VALUE}")
  private int resamples;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "seed of the bootstrap; default ${DEFAULT-VALUE}")
  private long seed;

  @Override
  void work() throws IOException {
    if (Files.exists(out)) {
      throw new AlphaUmiException("output " + out + " exists; delete it or choose another name");
    }
    score(java.util.Objects.requireNonNull(predictions));
  }

  private void score(Path file) throws IOException {
    PublishedMetrics publishedMetrics = new PublishedMetrics();
    HonestMetrics honestMetrics = new HonestMetrics();
    long skipped =
        Records.read(
            file,
            console(),
            (index, record) -> {
              Prediction sample = Prediction.read(record);
              publishedMetrics.add(sample);
              honestMetrics.add(sample);
            });
    Map<String, Object> asPublished = publishedMetrics.result();
    Map<String, Object> honest = honestMetrics.result(resamples, seed);
    asPublished.forEach((name, value) -> console().out().printf("%-32s %s%n", name, value));
    HonestMetrics.lines(honest).forEach(console().out()::println);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("published", asPublished);
    all.put("honest", honest);
    all.put("skippedRecords", skipped);
    // The published file ends without a line break.
    Files.writeString(out, PythonJson.writeAscii(published ? asPublished : all, 2));
    console().out().println("wrote " + out);
  }
}
