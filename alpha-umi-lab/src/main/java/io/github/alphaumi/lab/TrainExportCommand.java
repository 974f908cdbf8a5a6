package io.github.alphaumi.lab;

import com.google.common.io.Resources;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.onnx.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi train export}. */
@Command(
    name = "export",
    description = {
      "Writes what trains role models outside of the JVM: the data as token ids, the paper's",
      "settings for both stages, and a script for torchrun (PyTorch, FSDP)."
    },
    mixinStandardHelpOptions = true)
final class TrainExportCommand extends LabCommand {
  private static final List<String> COPIED = List.of("train.py", "README.md", "requirements.txt");
  private static final long CHECKPOINT_BYTES = 64 << 20;

  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      paramLabel = "FILE|FOLDER",
      description =
          "conversations (of data stage2, or data world --format conversations), or role samples"
              + " (of data roles or data chat, in files whose names tell the role)")
  private List<String> in = List.of();

  @Option(names = "--out-dir", required = true, description = "folder to write to")
  private Path outDir = Path.of("");

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FOLDER|FILE",
      description = "the model to be trained, or only its tokenizer.json")
  private Path model = Path.of("");

  @Option(
      names = "--base",
      paramLabel = "NAME",
      description =
          "what the script loads: a folder, a .gguf file or a name on the Hugging Face hub; default"
              + " is --model")
  private @Nullable String base;

  @Option(names = "--format", defaultValue = "alpha-umi", description = Formats.DESCRIPTION)
  private String format = "alpha-umi";

  @Option(
      names = "--recipe",
      defaultValue = "glpft",
      description =
          "${COMPLETION-CANDIDATES}: a backbone and from it the roles, the roles from the base, the"
              + " backbone alone, or one model for all roles; default ${DEFAULT-VALUE}")
  private ExportRecipe recipe = ExportRecipe.glpft;

  @Option(
      names = "--without-reuse",
      description = "each conversation is learnt either by the backbone or by the roles")
  private boolean withoutReuse;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      defaultValue = "4096",
      description = "tokens of a sample; default ${DEFAULT-VALUE}")
  private int maxLength;

  @Option(
      names = "--too-long",
      defaultValue = "leave-out",
      description =
          "samples of more tokens: leave-out, or cut, which loses the beginning as the published"
              + " code does; default ${DEFAULT-VALUE}")
  private String tooLong = "leave-out";

  @Option(
      names = "--held-out",
      paramLabel = "PERCENT",
      defaultValue = "2",
      description = "tasks that are kept for evaluation; default ${DEFAULT-VALUE}")
  private int heldOut;

  @Option(
      names = "--lora",
      paramLabel = "RANK",
      defaultValue = "0",
      description = "train adapters of this rank on all linear layers, not the whole model")
  private int lora;

  @Override
  void work() throws IOException {
    check();
    PromptFormat prompts = Formats.of(format);
    List<Path> inputs = Inputs.find(in);
    List<Path> outputs = ExportedSamples.files(outDir.resolve("data"));
    Tally tally;
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      SampleIds ids = new SampleIds(tokenizer, prompts.ending(), maxLength, tooLong.equals("cut"));
      if (ids.endingTokens() > 1) {
        console()
            .err()
            .println(
                "note: the model has no token for the end of a turn, '"
                    + prompts.ending()
                    + "'; it learns to write it as text");
      }
      tally =
          new Batch(
                  console(),
                  new BatchFiles(name(), settings(), inputs, outputs),
                  0,
                  CHECKPOINT_BYTES)
              .run(new ExportedSamples(prompts, !withoutReuse, ids, heldOut));
    }
    List<ExportedRun> runs = recipe.runs();
    writeRuns(runs);
    report(tally, outputs);
    for (ExportedRun run : runs) {
      if (run.data().stream()
          .allMatch(role -> isEmpty(outputs.get(ExportedSamples.file(role, false))))) {
        throw new AlphaUmiException(
            outDir
                + " has nothing to learn for the run '"
                + run.name()
                + "'; see the counts above");
      }
    }
    console().out().println("wrote " + outDir + "; its README.md tells how to train");
  }

  private void check() {
    if (maxLength < 1) {
      throw new AlphaUmiException("--max-length " + maxLength + " must be at least 1");
    }
    if (heldOut < 0 || heldOut > 50) {
      throw new AlphaUmiException("--held-out " + heldOut + " is no percentage from 0 to 50");
    }
    if (lora < 0) {
      throw new AlphaUmiException("--lora " + lora + " is no rank: it is 1 or more");
    }
    if (!List.of("leave-out", "cut").contains(tooLong)) {
      throw new AlphaUmiException("--too-long " + tooLong + " is neither leave-out nor cut");
    }
    if (base == null && String.valueOf(model.getFileName()).endsWith(".json")) {
      throw new AlphaUmiException(
          "--model " + model + " is a tokenizer only; say what the script loads by --base NAME");
    }
  }

  private Map<String, Object> settings() throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("format", format);
    settings.put("model", model.toString());
    settings.put("maxLength", maxLength);
    settings.put("tooLong", tooLong);
    settings.put("heldOut", heldOut);
    settings.put("withoutReuse", withoutReuse);
    return settings;
  }

  private void writeRuns(List<ExportedRun> runs) throws IOException {
    Path folder = Files.createDirectories(outDir.resolve("runs"));
    ExportedRun.Common common =
        new ExportedRun.Common(base == null ? model.toString() : base, maxLength, lora);
    for (ExportedRun run : runs) {
      Files.writeString(
          folder.resolve(run.name() + ".json"), PythonJson.writeAscii(run.json(common), 2) + "\n");
    }
    for (String file : COPIED) {
      Files.writeString(outDir.resolve(file), resource(file));
    }
    Path script = outDir.resolve("run.sh");
    String names = runs.stream().map(ExportedRun::name).collect(Collectors.joining(" "));
    Files.writeString(script, resource("run.sh").replace("{runs}", names));
    if (!script.toFile().setExecutable(true)) {
      console().err().println("note: " + script + " could not be made executable; call it by sh");
    }
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(
        Resources.getResource(TrainExportCommand.class, "export/" + name), StandardCharsets.UTF_8);
  }

  private static boolean isEmpty(Path file) {
    try {
      return Files.size(file) == 0;
    } catch (IOException e) {
      throw new AlphaUmiException(file + " cannot be read: " + e, e);
    }
  }

  private void report(Tally tally, List<Path> outputs) throws IOException {
    List<SampleLengths> all = new ArrayList<>();
    for (Path output : outputs) {
      all.add(SampleLengths.of(output, maxLength));
    }
    console().out().println(SampleLengths.HEADER);
    all.forEach(lengths -> console().out().println(lengths.line()));
    tally.counts.forEach((counted, n) -> console().out().printf("%,12d  %s%n", n, counted));
    console().out().printf("%,12d  records skipped%n", tally.skipped);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("recipe", recipe.name());
    details.put("lengths", all.stream().map(SampleLengths::json).toList());
    details.putAll(tally.report());
    Manifest.write(outDir.resolve("export"), name(), settings(), details);
  }
}
