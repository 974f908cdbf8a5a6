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

/** {@code umi evaluate calls}. */
@Command(
    name = "calls",
    description = "Scores the first call to queries whose right call is known.",
    mixinStandardHelpOptions = true)
final class CallsCommand extends LabCommand {

  /** Whose test set it is. */
  private enum Format {
    ste,
    toolalpaca
  }

  @Option(
      names = "--format",
      required = true,
      description = "the test set's form: ${COMPLETION-CANDIDATES}")
  private Format format = Format.ste;

  @Option(
      names = "--data",
      required = true,
      description = "tool_test.json of STE, or eval_simulated.json or eval_real.json of ToolAlpaca")
  private Path data = Path.of("");

  @Mixin private ModelOptions models = new ModelOptions();

  @Option(names = "--out", required = true, description = "file for the metrics")
  private Path out = Path.of("");

  @Option(
      names = "--offered",
      defaultValue = "10",
      description = "tools on offer for each query of STE; default ${DEFAULT-VALUE}")
  private int offered;

  @Option(
      names = "--sample",
      description =
          "ask for so many queries, drawn with the seed; all by default. A larger sample has the"
              + " smaller one in it, and goes on with its answers")
  private int sample = Integer.MAX_VALUE;

  @Option(names = "--seed", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
  private long seed;

  @Override
  void work() throws IOException {
    if (Files.exists(out)) {
      throw new AlphaUmiException("output " + out + " exists; delete it or choose another name");
    }
    List<CallTask> tasks = Draw.some(tasks(), sample, seed);
    if (tasks.isEmpty()) {
      throw new AlphaUmiException(data + " holds no query of the form " + format);
    }
    // A larger sample goes on with the answers of a smaller one.
    String work = "calls " + List.of(format, data, models, offered, seed);
    CallMetrics metrics = new CallMetrics();
    try (RoleModels opened = models.open();
        Answers answers =
            new Answers(out.resolveSibling(out.getFileName() + ".answers.jsonl"), work);
        Progress progress = new Progress(console(), name(), tasks.size(), "", 1)) {
      new CallInference(opened.roles(), answers).ask(tasks, progress, models.atOnce());
      tasks.forEach(task -> metrics.add(task, answers.get(task.key()).orElseThrow()));
    } catch (BadRecordException e) {
      throw new AlphaUmiException(data + ": " + e.getMessage(), e);
    }
    Map<String, Object> result = metrics.result();
    result.forEach(
        (name, value) -> {
          if (value instanceof Number) {
            console().out().printf("%-24s %s%n", name, value);
          }
        });
    metrics
        .figures()
        .forEach((name, share) -> console().out().printf("%-24s %s%n", name, share.ofAll()));
    Files.writeString(out, PythonJson.writeAscii(result, 2) + "\n");
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("format", format.name());
    settings.put("model", models.toString());
    settings.put("offered", offered);
    settings.put("sample", sample);
    settings.put("seed", seed);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("data", data.toString());
    details.put("sha256", new HashedFile(data).sha256());
    Manifest.write(out, name(), settings, details);
    console().out().println("wrote " + out);
  }

  private List<CallTask> tasks() throws IOException {
    List<CallTask> tasks = new ArrayList<>();
    Records.read(
        data,
        console(),
        (index, record) ->
            tasks.addAll(
                format == Format.ste
                    ? SteCalls.read(record, offered, seed)
                    : ToolAlpacaCalls.of(record)));
    return tasks;
  }
}
