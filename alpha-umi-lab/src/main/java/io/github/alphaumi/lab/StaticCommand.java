package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  /** Ours have it; the published form does not. */
  private static final String INDEX = "index";

  @Option(
      names = "--predictions",
      description = "prediction file in the published form, instead of data and a model")
  private @Nullable Path predictions;

  @Option(
      names = "--data",
      description =
          "conversations, as stage 2 and the published test sets have them; with --backbone the"
              + " train_backbone.json that 'umi data roles' makes of them")
  private @Nullable Path data;

  @Mixin private ModelOptions models = new ModelOptions();

  @Option(
      names = "--backbone",
      description = "a single model that plays all roles, and its predictions, are scored")
  private boolean backbone;

  @Option(
      names = "--sample",
      description =
          "ask for so many steps, drawn with the seed; all by default. A larger sample has the"
              + " smaller one in it, and goes on with its answers")
  private int sample = Integer.MAX_VALUE;

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
    boolean asks = data != null && models.given();
    if (asks == (predictions != null)) {
      throw new AlphaUmiException("give either --predictions FILE, or --data FILE and --model");
    }
    for (Path output : List.of(out, inventions())) {
      if (Files.exists(output)) {
        throw new AlphaUmiException(
            "output " + output + " exists; delete it or choose another name");
      }
    }
    Path file = data == null ? Objects.requireNonNull(predictions) : predict(data);
    long skipped = score(file);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("asPublished", published);
    settings.put("backbone", backbone);
    settings.put("resamples", resamples);
    settings.put("seed", seed);
    if (data != null) {
      settings.put("data", data.toString());
      settings.put("model", models.toString());
      settings.put("sample", sample);
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("predictions", file.toString());
    details.put("sha256", new HashedFile(file).sha256());
    details.put("skipped", skipped);
    Manifest.write(out, name(), settings, details);
  }

  /** Where steps go that call a tool which is not on offer; published is a name in the folder. */
  private Path inventions() {
    String name = "hallu_cases.json";
    return out.resolveSibling(published ? name : out.getFileName() + "." + name);
  }

  /** Asks the model, and keeps what it wrote beside the metrics. */
  private Path predict(Path file) throws IOException {
    Path written = out.resolveSibling(out.getFileName() + ".predictions.json");
    Files.deleteIfExists(written);
    // A larger sample goes on with the answers of a smaller one.
    String work = "static " + List.of(file, models, backbone ? "backbone" : "roles");
    try (Answers answers =
            new Answers(out.resolveSibling(out.getFileName() + ".answers.jsonl"), work);
        RecordWriter writer = new RecordWriter(written, INDENT, 0, 0)) {
      List<Map<String, Object>> made =
          backbone ? askBackbone(file, answers) : askRoles(file, answers);
      for (Map<String, Object> prediction : published ? grouped(made) : made) {
        writer.write(prediction);
      }
      writer.end();
    } catch (BadRecordException e) {
      throw new AlphaUmiException(file + ": " + e.getMessage(), e);
    }
    Files.move(RecordWriter.part(written), written);
    return written;
  }

  private List<Map<String, Object>> askRoles(Path file, Answers answers)
      throws IOException, BadRecordException {
    List<StaticInference.Asked> steps = new ArrayList<>();
    Records.read(
        file,
        console(),
        (index, record) ->
            steps.addAll(StaticInference.Asked.of(steps.size(), Conversation.read(record))));
    List<StaticInference.Asked> drawn = Draw.some(steps, sample, seed);
    try (RoleModels opened = models.open();
        Progress progress = new Progress(console(), name(), drawn.size() * 2L, "", 1)) {
      return new StaticInference(opened.roles(), answers, progress, models.atOnce()).predict(drawn);
    }
  }

  private List<Map<String, Object>> askBackbone(Path file, Answers answers)
      throws IOException, BadRecordException {
    List<BackboneInference.Asked> steps = new ArrayList<>();
    Records.read(
        file,
        console(),
        (index, record) -> steps.add(BackboneInference.Asked.of(steps.size(), record)));
    List<BackboneInference.Asked> drawn = Draw.some(steps, sample, seed);
    try (BackboneModel opened = models.openBackbone();
        Progress progress = new Progress(console(), name(), drawn.size(), "", 1)) {
      return new BackboneInference(opened, answers, progress, models.atOnce()).predict(drawn);
    }
  }

  /** The published order: calls, then give-ups, then conclusions. */
  private List<Map<String, Object>> grouped(List<Map<String, Object>> predictions) {
    List<String> order = List.of(JoinedStep.CALL, JoinedStep.GIVE_UP, JoinedStep.CONCLUDE);
    return predictions.stream()
        .sorted(
            Comparator.comparingInt(
                prediction ->
                    order.indexOf(
                        form()
                            .joined(String.valueOf(prediction.get(Prediction.PREDICTIONS)))
                            .decision())))
        .toList();
  }

  private StepForm form() {
    return backbone ? StepForm.BACKBONE : StepForm.ROLES;
  }

  /**
   * @return how many records were skipped
   */
  private long score(Path file) throws IOException {
    PublishedMetrics publishedMetrics = new PublishedMetrics();
    HonestMetrics honestMetrics = new HonestMetrics();
    List<Map<String, @Nullable Object>> invented = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    long skipped =
        Records.read(
            file,
            console(),
            (index, record) -> {
              Prediction step = Prediction.read(form(), record);
              if (record.containsKey(INDEX) && !seen.add(String.valueOf(record.get(INDEX)))) {
                throw new BadRecordException("step " + record.get(INDEX) + " stands here twice");
              }
              publishedMetrics.add(step);
              honestMetrics.add(step);
              if (step.invented() != null) {
                invented.add(record);
              }
            });
    try (RecordWriter writer = new RecordWriter(inventions(), INDENT, 0, 0)) {
      for (Map<String, @Nullable Object> record : invented) {
        writer.write(record);
      }
      writer.end();
    }
    Files.move(RecordWriter.part(inventions()), inventions());
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
