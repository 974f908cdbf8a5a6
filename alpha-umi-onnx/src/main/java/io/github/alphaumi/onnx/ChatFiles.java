package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model's files say of conversations. Immutable.
 *
 * @param template the source of its chat template; null if it has none
 * @param specialTokens {@code bos_token} and {@code eos_token}, as templates call them, as far as
 *     the files name them
 */
record ChatFiles(@Nullable String template, Map<String, String> specialTokens) {

  ChatFiles {
    specialTokens = Map.copyOf(specialTokens);
  }

  /**
   * Of a folder with {@code chat_template.jinja} or {@code tokenizer_config.json} or exactly one
   * .gguf file, of a .gguf file, or of a template's own file.
   *
   * @throws ModelFileException if there is nothing at the path, or it cannot be read
   */
  static ChatFiles of(Path path) {
    if (Files.isDirectory(path)) {
      return ofFolder(path);
    }
    String name = String.valueOf(path.getFileName());
    if (name.endsWith(".jinja")) {
      return new ChatFiles(read(path), Map.of());
    }
    if (!Files.exists(path)) {
      throw new ModelFileException(
          path, "does not exist; name a model's folder, a .gguf file or a .jinja file");
    }
    try (GgufFile gguf = GgufFile.open(path)) {
      return ofGguf(gguf.metadata());
    }
  }

  static ChatFiles ofGguf(Map<String, Object> metadata) {
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String end : List.of("bos", "eos")) {
      Object id = metadata.get("tokenizer.ggml." + end + "_token_id");
      Object texts = metadata.get("tokenizer.ggml.tokens");
      if (id instanceof Number number && texts instanceof List<?> list) {
        int at = number.intValue();
        if (at >= 0 && at < list.size()) {
          tokens.put(end + "_token", String.valueOf(list.get(at)));
        }
      }
    }
    return new ChatFiles((String) metadata.get("tokenizer.chat_template"), tokens);
  }

  /** Of a Hugging Face folder, or of one that holds a .gguf file. */
  static ChatFiles ofFolder(Path folder) {
    Path jinja = folder.resolve("chat_template.jinja");
    Path config = folder.resolve("tokenizer_config.json");
    if (!Files.exists(jinja) && !Files.exists(config)) {
      List<Path> files = Checkpoint.ggufFiles(folder);
      return files.size() == 1 ? of(files.get(0)) : new ChatFiles(null, Map.of());
    }
    Map<String, String> tokens = new LinkedHashMap<>();
    String template = null;
    if (Files.exists(config)) {
      JsonNode json = Checkpoint.readJson(config);
      template = template(json.path("chat_template"));
      for (String name : List.of("bos_token", "eos_token")) {
        JsonNode token = json.path(name);
        JsonNode text = token.isObject() ? token.path("content") : token;
        if (text.isTextual()) {
          tokens.put(name, text.asText());
        }
      }
    }
    return new ChatFiles(Files.exists(jinja) ? read(jinja) : template, tokens);
  }

  /** Some files have several by name; the one that is meant where none is named is "default". */
  private static @Nullable String template(JsonNode value) {
    if (value.isTextual()) {
      return value.asText();
    }
    for (JsonNode named : value) {
      if (named.path("name").asText().equals("default")) {
        return named.path("template").asText(null);
      }
    }
    return null;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ModelFileException(file, "cannot be read: " + e, e);
    }
  }
}
