package io.github.alphaumi.lab.train;

import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.onnx.ModelWeights;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What was made, in the form that {@link io.github.alphaumi.onnx.OnnxRoles} loads: base and
 * adapters in one folder, or with full weights a model's folder for each.
 */
final class ModelLayout {
  private static final String MODEL = "model";
  private static final String ONE_ADAPTER = "model-one-adapter";

  private final GlpftConfig config;
  private final PromptFormat format;

  ModelLayout(GlpftConfig config, PromptFormat format) {
    this.config = config;
    this.format = format;
  }

  /**
   * @return what to do with it, for people
   */
  List<String> write(Map<String, StageResult> results) throws IOException {
    boolean roles = GlpftConfig.ROLES.stream().allMatch(results::containsKey);
    boolean adapters = config.stage1().lora() != null;
    if (!adapters) {
      return roles ? wholeRoles(results) : run(wholeSingle(results));
    }
    if (!roles) {
      return run(oneAdapter(results, MODEL));
    }
    Path folder = folder(MODEL);
    for (String role : GlpftConfig.ROLES) {
      adapter(result(results, role), folder.resolve("adapters").resolve(role));
    }
    List<String> lines = new ArrayList<>(run(folder));
    if (results.containsKey(Stage.FIRST) && config.backbone() == GlpftConfig.Backbone.TURNS) {
      lines.add("stage 1 alone, one adapter for all roles: " + oneAdapter(results, ONE_ADAPTER));
    }
    return lines;
  }

  private Path oneAdapter(Map<String, StageResult> results, String name) throws IOException {
    Path folder = folder(name);
    adapter(result(results, Stage.FIRST), folder.resolve("adapter"));
    return folder;
  }

  /** A folder with base and format. */
  private Path folder(String name) throws IOException {
    Path folder = Files.createDirectories(config.out().resolve(name));
    base(folder);
    format(folder);
    return folder;
  }

  private List<String> run(Path folder) {
    return config.backbone() == GlpftConfig.Backbone.JOINED
            && config.method() == GlpftConfig.Method.SINGLE
        ? List.of(
            "model: " + folder,
            "measure it: umi evaluate static --backbone " + folder + " (see --help)")
        : List.of(
            "model: " + folder, "run it: umi run --model " + folder + " --tools CLASS QUESTION");
  }

  private Path wholeSingle(Map<String, StageResult> results) throws IOException {
    Path made = result(results, Stage.FIRST);
    format(made);
    return made;
  }

  /** One agent of three models: each is loaded on its own. */
  private List<String> wholeRoles(Map<String, StageResult> results) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String role : GlpftConfig.ROLES) {
      Path made = result(results, role);
      format(made);
      lines.add("model of the " + role + ": " + made);
    }
    return lines;
  }

  private static Path result(Map<String, StageResult> results, String stage) {
    return Objects.requireNonNull(results.get(stage), stage).model();
  }

  private void format(Path folder) throws IOException {
    if (!format.toString().equals(PromptFormat.compact().toString())) {
      Files.writeString(folder.resolve("format.json"), format.toJson());
    }
  }

  /** The base is not copied where the file system can have one file in two places. */
  private void base(Path folder) throws IOException {
    if (!Files.isDirectory(config.base())) {
      link(config.base(), folder);
      return;
    }
    try (Stream<Path> files = Files.list(config.base())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        link(file, folder);
      }
    }
  }

  private static void link(Path file, Path folder) throws IOException {
    Path place = folder.resolve(file.getFileName());
    Files.deleteIfExists(place);
    try {
      Files.createLink(place, file.toRealPath());
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.copy(file, place);
    }
  }

  /** An adapter in half precision, which is enough for its use; stages go on from the other. */
  private static void adapter(Path from, Path to) throws IOException {
    Map<String, ModelWeights.Tensor> tensors = ModelWeights.adapter(from);
    LoraAdapter.writeHalves(from, tensors, name -> tensors.get(name).values(), to);
  }
}
