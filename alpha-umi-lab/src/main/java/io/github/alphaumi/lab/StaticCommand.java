package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.onnx.OnnxRoles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
  private static final int INDENT = 4;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  /** A prediction file, or a model that is asked. */
  private static final class Source {
    @Option(
        names = "--predictions",
        required = true,
        description = "prediction file in the published form")
    private @Nullable Path predictions;

    @ArgGroup(exclusive = false)
    private @Nullable Asked asked;
  }

  /** What is asked of which model. */
  private static final class Asked {
    @Option(
        names = "--data",
        required = true,
        description = "conversations, as stage 2 and the published test sets have them")
    private Path data = Path.of("");

    @Option(names = "--model", required = true, description = "folder of an agent's role models")
    private Path model = Path.of("");

    @Option(
        names = "--sample",
        description = "ask for so many steps, drawn with the seed; all by default")
    private int sample = Integer.MAX_VALUE;
  }

  @Option(names = "--out", required = true, description = "file for the metrics")
  private Path out = Path.of("");

  @Option(
      names = "--as-published",
      description =
          "write the published metrics alone, under the published keys, and predictions in the"
              + " published order")
  private boolean published;

  @Option(
      names = "--resamples",
      defaultValue = "1000",
      description = "bootstrap resamples for the intervals; default ${DEFAULT-VALUE}")
  private int resamples;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "seed of the sample and of the bootstrap; default ${DEFAULT-VALUE}")
  private long seed;

  @Override
  void work() throws IOException {
    if (Files.exists(out)) {
      throw new AlphaUmiException("output " + out + " exists; delete it or choose another name");
    }
    Asked asked = source.asked;
    Path file = asked == null ? Objects.requireNonNull(source.predictions) : predict(asked);
    long skipped = score(file);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("asPublished", published);
    settings.put("resamples", resamples);
    settings.put("seed", seed);
    if (asked != null) {
      settings.put("data", asked.data.toString());
      settings.put("model", asked.model.toString());
      settings.put("sample", asked.sample);
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("predictions", file.toString());
    details.put("sha256", new HashedFile(file).sha256());
    details.put("skipped", skipped);
    Manifest.write(out, name(), settings, details);
  }

  /** Asks the model, and keeps what it wrote beside the metrics. */
  private Path predict(Asked asked) throws IOException {
    List<StaticInference.Asked> steps = new ArrayList<>();
    Records.read(
        asked.data,
        console(),
        (index, record) ->
            steps.addAll(StaticInference.Asked.of(steps.size(), Conversation.read(record))));
    List<StaticInference.Asked> drawn = Draw.some(steps, asked.sample, seed);
    Path predictions = out.resolveSibling(out.getFileName() + ".predictions.json");
    Files.deleteIfExists(predictions);
    String work = "static " + asked.data + " " + asked.model + " " + seed + " " + asked.sample;
    try (OnnxRoles models = OnnxRoles.load(asked.model);
        Answers answers =
            new Answers(out.resolveSibling(out.getFileName() + ".answers.jsonl"), work);
        Progress progress = new Progress(console(), name(), drawn.size() * 2L, "", 1);
        RecordWriter writer = new RecordWriter(predictions, INDENT, 0, 0)) {
      List<Map<String, Object>> made =
          new StaticInference(models.roles(), answers, progress).predict(drawn);
      for (Map<String, Object> prediction : published ? grouped(made) : made) {
        writer.write(prediction);
      }
      writer.end();
    } catch (BadRecordException e) {
      throw new AlphaUmiException(asked.data + ": " + e.getMessage(), e);
    }
    Files.move(RecordWriter.part(predictions), predictions);
    return predictions;
  }

  /** The published order: calls, then give-ups, then conclusions. */
  private static List<Map<String, Object>> grouped(List<Map<String, Object>> predictions) {
    List<String> order = List.of(JoinedStep.CALL, JoinedStep.GIVE_UP, JoinedStep.CONCLUDE);
    return predictions.stream()
        .sorted(
            Comparator.comparingInt(
                prediction ->
                    order.indexOf(
                        JoinedStep.read(String.valueOf(prediction.get(Prediction.PREDICTIONS)))
                            .decision())))
        .toList();
  }

  /**
   * @return how many records were skipped
   */
  private long score(Path file) throws IOException {
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
    return skipped;
  }
}
