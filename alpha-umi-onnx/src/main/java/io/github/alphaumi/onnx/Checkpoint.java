package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model as it came: a Hugging Face folder or one GGUF file, seen alike. Tensors go by their
 * Hugging Face names and their rows are in Hugging Face order.
 *
 * <p>Converters of the llama architecture permute the rows of q and k in GGUF files, so that
 * rotation works on neighbours: row {@code 2i + j} of a head is row {@code j * headSize / 2 + i}
 * there. {@link #rowInFile} undoes it.
 */
final class Checkpoint implements AutoCloseable {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String HEAD = "lm_head.weight";
  static final String FINAL_NORM = "model.norm.weight";

  private final Path path;
  private final ModelConfig config;
  private final TensorSource tensors;
  private final @Nullable GgufFile gguf;

  private Checkpoint(Path path, ModelConfig config, TensorSource tensors, @Nullable GgufFile gguf) {
    this.path = path;
    this.config = config;
    this.tensors = tensors;
    this.gguf = gguf;
  }

  /**
   * @throws ModelFileException if there is no model at the path, or none that is supported
   */
  static Checkpoint open(Path path) {
    if (!Files.exists(path)) {
      throw new ModelFileException(
          path,
          "does not exist; name a Hugging Face folder (config.json, *.safetensors,"
              + " tokenizer.json) or a .gguf file");
    }
    return Files.isDirectory(path) ? openFolder(path) : openGguf(path);
  }

  private static Checkpoint openFolder(Path folder) {
    Path configFile = folder.resolve("config.json");
    if (!Files.exists(configFile)) {
      List<Path> files = ggufFiles(folder);
      if (files.size() == 1) {
        return openGguf(files.get(0));
      }
      throw new ModelFileException(
          folder, "has neither config.json nor exactly one .gguf file; it is not a model folder");
    }
    Path generationFile = folder.resolve("generation_config.json");
    JsonNode generation = Files.exists(generationFile) ? readJson(generationFile) : null;
    ModelConfig config = ModelConfig.fromHuggingFace(readJson(configFile), generation, configFile);
    return new Checkpoint(folder, config, SafetensorsFiles.open(folder), null);
  }

  static List<Path> ggufFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().endsWith(".gguf")).toList();
    } catch (IOException e) {
      throw new ModelFileException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static Checkpoint openGguf(Path file) {
    GgufFile gguf = GgufFile.open(file);
    try {
      return new Checkpoint(file, ModelConfig.fromGguf(gguf, file), gguf, gguf);
    } catch (RuntimeException e) {
      gguf.close();
      throw e;
    }
  }

  static JsonNode readJson(Path file) {
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      if (json == null || !json.isObject()) {
        throw new ModelFileException(file, "does not hold a JSON object");
      }
      return json;
    } catch (JacksonException e) {
      throw new ModelFileException(file, "is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  ModelConfig config() {
    return config;
  }

  /** The files whose content is the model's weights. */
  List<Path> weightFiles() {
    return tensors.files();
  }

  TensorData tensor(String name) {
    return tensors.tensor(gguf == null ? name : GgufNames.of(name));
  }

  /**
   * A tensor that must be a matrix of this shape.
   *
   * @throws ModelFileException if it is not
   */
  TensorData matrix(String name, int rows, int columns) {
    TensorData tensor = tensor(name);
    long[] expected = {rows, columns};
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw tensor.broken(
          "has the shape "
              + Arrays.toString(tensor.shape())
              + ", but the model's configuration asks for "
              + Arrays.toString(expected));
    }
    return tensor;
  }

  /**
   * @throws ModelFileException if a file with weights is not what it was when this was opened
   */
  void requireUnchanged() {
    tensors.requireUnchanged();
  }

  /** Whether the file has the rows of the tensor of this name in another order. */
  boolean hasOtherRowOrder(String name) {
    return gguf != null
        && config.architecture() == Architecture.LLAMA
        && (name.endsWith("q_proj.weight") || name.endsWith("k_proj.weight"));
  }

  /** Where the row of this name and number stands in the file. */
  long rowInFile(String name, long row) {
    if (!hasOtherRowOrder(name)) {
      return row;
    }
    int headSize = config.headSize();
    long inHead = row % headSize;
    long half = headSize / 2;
    return row - inHead + 2 * (inHead % half) + inHead / half;
  }

  /** The tokenizer that belongs to the model, if it brings one. The caller closes it. */
  Optional<Tokenizer> tokenizer() {
    if (gguf != null) {
      return gguf.metadata().containsKey("tokenizer.ggml.tokens")
          ? Optional.of(Tokenizer.fromGguf(gguf.metadata()))
          : Optional.empty();
    }
    Path file = path.resolve("tokenizer.json");
    return Files.exists(file) ? Optional.of(Tokenizer.fromHuggingFace(file)) : Optional.empty();
  }

  /** The source of the chat template that belongs to the model, if it brings one. */
  Optional<String> chatTemplate() {
    ChatFiles files = gguf == null ? ChatFiles.ofFolder(path) : ChatFiles.ofGguf(gguf.metadata());
    return Optional.ofNullable(files.template());
  }

  /** What the files say of the model, for people. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", path.toString());
    facts.put("architecture", config.architecture().toString().toLowerCase(Locale.ROOT));
    facts.put("layers", Integer.toString(config.layers()));
    facts.put("hidden size", Integer.toString(config.hiddenSize()));
    facts.put("intermediate size", Integer.toString(config.intermediateSize()));
    facts.put(
        "heads",
        config.heads() + ", key/value " + config.keyValueHeads() + " of " + config.headSize());
    facts.put("vocabulary", Integer.toString(config.vocabularySize()));
    facts.put("head tied to embedding", Boolean.toString(config.tiedHead()));
    facts.put("positions", Integer.toString(config.maxPositions()));
    ModelConfig.LayerShape first = config.layerShapes().get(0);
    facts.put("rotated of a head", Integer.toString(first.rope().dimensions()));
    facts.put(
        "attention window",
        first.window() == ModelConfig.LayerShape.EVERYTHING
            ? "everything before"
            : Integer.toString(first.window()));
    facts.put("end tokens", config.endTokens().toString());
    parameters(facts);
    facts.put("chat template", chatTemplate().isPresent() ? "yes" : "no");
    if (gguf != null) {
      facts.put("gguf version", Integer.toString(gguf.version()));
      gguf.metadata().forEach((key, value) -> facts.put(key, shortened(value)));
    }
    return facts;
  }

  private void parameters(Map<String, String> facts) {
    Map<TensorType, long[]> counts = new EnumMap<>(TensorType.class);
    long parameters = 0;
    for (String name : tensors.names()) {
      TensorData tensor = tensors.tensor(name);
      long[] count = counts.computeIfAbsent(tensor.type(), type -> new long[2]);
      count[0]++;
      count[1] += tensor.elements();
      parameters += tensor.elements();
    }
    facts.put("parameters", String.format(Locale.ROOT, "%,d", parameters));
    counts.forEach(
        (type, count) ->
            facts.put(
                "tensors of " + type,
                String.format(Locale.ROOT, "%d with %,d parameters", count[0], count[1])));
  }

  private static String shortened(Object value) {
    if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
      return "(a list)";
    }
    String text = value.toString().replace("\n", "\\n");
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
