package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code umi evaluate roles}. */
@Command(
    name = "roles",
    description =
        "Scores each role by itself on recorded steps: the planner after the steps that were really"
            + " taken, the caller with the plan that was right.",
    mixinStandardHelpOptions = true)
final class EvaluateRolesCommand extends LabCommand {

  @Option(
      names = "--data",
      required = true,
      description =
          "conversations, as stage 2 and 'umi data world --format conversations' have them")
  private Path data = Path.of("");

  @Mixin private ModelOptions models = new ModelOptions();

  @Option(
      names = "--sample",
      description =
          "ask for so many steps, drawn with the seed; all by default. A larger sample has the"
              + " smaller one in it, and goes on with its answers")
  private int sample = Integer.MAX_VALUE;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "seed of the sample; default ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--out", required = true, description = "file for the figures")
  private Path out = Path.of("");

  @Override
  void work() throws IOException {
    if (Files.exists(out)) {
      throw new AlphaUmiException("output " + out + " exists; delete it or choose another name");
    }
    List<StaticInference.Asked> all = new ArrayList<>();
    long skipped =
        Records.read(
            data,
            console(),
            (index, record) ->
                all.addAll(StaticInference.Asked.of(all.size(), Conversation.read(record))));
    List<StaticInference.Asked> steps = Draw.some(all, sample, seed);
    if (steps.isEmpty()) {
      throw new AlphaUmiException(
          data + " holds no step; write conversations by 'umi data world --format conversations'");
    }
    String sha256 = new HashedFile(data).sha256();
    RoleMetrics metrics = new RoleMetrics();
    try (RoleModels opened = models.open();
        Answers answers =
            new Answers(
                out.resolveSibling(out.getFileName() + ".answers.jsonl"),
                "roles " + List.of(sha256, models));
        Progress progress = new Progress(console(), name(), steps.size() * 2L, "", 1)) {
      new RoleInference(opened.roles(), answers, progress, models.atOnce()).ask(steps);
      for (StaticInference.Asked step : steps) {
        metrics.add(
            step,
            answers.get(RoleInference.planKey(step)).orElseThrow(),
            answers.get(RoleInference.callKey(step)).orElse(Map.of()));
      }
    } catch (BadRecordException e) {
      throw new AlphaUmiException(data + ": " + e.getMessage(), e);
    }
    metrics.lines().forEach(console().out()::println);
    Files.writeString(out, PythonJson.writeAscii(metrics.result(), 2) + "\n");
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("data", data.toString());
    settings.put("model", models.toString());
    settings.put("sample", sample);
    settings.put("seed", seed);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("sha256", sha256);
    details.put("steps", all.size());
    details.put("skipped", skipped);
    Manifest.write(out, name(), settings, details);
    console().out().println("wrote " + out);
  }
}
