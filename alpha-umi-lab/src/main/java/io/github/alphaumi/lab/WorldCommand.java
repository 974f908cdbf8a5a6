package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.lab.world.Split;
import io.github.alphaumi.lab.world.ToolSet;
import io.github.alphaumi.lab.world.ToolWorld;
import io.github.alphaumi.lab.world.WorldTask;
import io.github.alphaumi.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code umi data world}. */
@Command(
    name = "world",
    description =
        "Generates tool-use trajectories over simulated tools of many domains; the same seed gives"
            + " the same file.",
    mixinStandardHelpOptions = true)
final class WorldCommand extends LabCommand {

  /** What is written. */
  private enum Form {
    /** One record a set: tools and trajectories. */
    sets,
    /** One record a task, as stage 2 writes them. */
    conversations,
    /** One case file. */
    cases
  }

  @Option(
      names = "--split",
      defaultValue = "train",
      description = "part of the world: train or held-out; default ${DEFAULT-VALUE}")
  private String split = "train";

  @Option(names = "--seed", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--sets",
      paramLabel = "N",
      defaultValue = "1000",
      description = "sets of tools; default ${DEFAULT-VALUE}")
  private int sets;

  @Option(
      names = "--per-set",
      paramLabel = "N",
      defaultValue = "4",
      description = "tasks for each set; default ${DEFAULT-VALUE}")
  private int perSet;

  @Option(names = "--out", description = "file to write; lines if it ends in .jsonl")
  private @Nullable Path out;

  @Option(
      names = "--format",
      defaultValue = "sets",
      description =
          "${COMPLETION-CANDIDATES}: a record a set for training, a record a task as data roles and"
              + " data chat read them, or a case file for evaluate tasks; default ${DEFAULT-VALUE}")
  private Form form = Form.sets;

  @Option(
      names = "--model",
      paramLabel = "FOLDER|FILE",
      description = "count lengths in this model's tokens and not in characters")
  private @Nullable Path model;

  @Option(
      names = "--check",
      description =
          "only count what the files hold, and print what training and held-out part share and"
              + " must not; fails if there is something")
  private boolean check;

  @Override
  void work() throws IOException {
    if (check) {
      check();
      return;
    }
    Path file = out;
    if (file == null) {
      throw new AlphaUmiException("no output: give --out FILE, or --check");
    }
    if (sets < 1 || perSet < 1) {
      throw new AlphaUmiException(
          "--sets " + sets + " and --per-set " + perSet + " must be at least 1");
    }
    if (Files.exists(file)) {
      throw new AlphaUmiException("output " + file + " exists; delete it or choose another name");
    }
    if (model == null) {
      generate(file, new WorldStatistics("characters", String::length));
    } else {
      try (OnnxModel opened = OnnxModel.load(model)) {
        generate(
            file,
            new WorldStatistics(
                "tokens", text -> opened.tokenizer().encodeWithSpecialTokens(text).length));
      }
    }
  }

  private Split part() {
    for (Split part : Split.values()) {
      if (part.toString().equals(split)) {
        return part;
      }
    }
    throw new AlphaUmiException("--split " + split + " is none of " + List.of(Split.values()));
  }

  private void check() {
    for (Split part : Split.values()) {
      ToolWorld.load(part)
          .counts()
          .forEach((what, n) -> console().out().printf("%-10s %,8d  %s%n", part, n, what));
    }
    List<String> overlaps = ToolWorld.overlaps();
    overlaps.forEach(console().out()::println);
    if (!overlaps.isEmpty()) {
      throw new AlphaUmiException(
          overlaps.size()
              + " things are in both parts, so that the held-out one tests nothing new");
    }
  }

  private void generate(Path file, WorldStatistics statistics) throws IOException {
    ToolWorld world = ToolWorld.load(part());
    WorldCases cases = new WorldCases();
    RecordWriter writer = form == Form.cases ? null : new RecordWriter(file, 2, 0, 0);
    try (Progress progress = new Progress(console(), name(), sets, " sets", 1)) {
      for (int i = 0; i < sets; i++) {
        ToolSet set = world.set(seed, i, perSet);
        statistics.add(set);
        if (writer == null) {
          cases.add(set);
        } else {
          write(set, writer);
        }
        progress.at(i + 1L);
      }
      if (writer != null) {
        writer.end();
      }
    } finally {
      if (writer != null) {
        writer.close();
      }
    }
    Path part = RecordWriter.part(file);
    if (writer == null) {
      Files.writeString(part, PythonJson.writeAscii(cases.json(), 2) + "\n");
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    report(file, world, statistics);
  }

  private void write(ToolSet set, RecordWriter writer) throws IOException {
    if (form == Form.sets) {
      writer.write(WorldRecords.set(set));
      return;
    }
    for (WorldTask task : set.tasks()) {
      if (task.earlier().isEmpty()) { // A record of stage 2 has no place for an earlier task.
        writer.write(WorldRecords.conversation(set, task).json());
      }
    }
  }

  private void report(Path file, ToolWorld world, WorldStatistics statistics) throws IOException {
    statistics.lines().forEach(console().out()::println);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("split", split);
    settings.put("seed", seed);
    settings.put("sets", sets);
    settings.put("per set", perSet);
    settings.put("format", form.name());
    settings.put("model", String.valueOf(model));
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("world", world.counts());
    details.put("statistics", statistics.json());
    details.put(
        "output",
        Map.of(
            "file", String.valueOf(file.getFileName()), "sha256", new HashedFile(file).sha256()));
    Manifest.write(file, name(), settings, details);
    console().out().println("wrote " + file);
  }
}
