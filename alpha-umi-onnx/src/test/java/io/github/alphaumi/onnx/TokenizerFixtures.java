package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Tokenizers and results of the Hugging Face library; tests that need them are skipped without. */
final class TokenizerFixtures {

  static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerFixtures() {}

  static byte[] tokenizerJson(String name) throws IOException {
    Path folder = Shared.path("fixtures/tokenizer/" + name);
    Path packed = folder.resolve("tokenizer.json.gz");
    if (!Files.exists(packed)) {
      return Files.readAllBytes(folder.resolve("tokenizer.json"));
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  static JsonNode expected(String name) throws IOException {
    return JSON.readTree(Shared.path("fixtures/tokenizer/" + name + "/expected.json").toFile());
  }

  static Tokenizer load(String name) throws IOException {
    return Tokenizer.fromJson(tokenizerJson(name), name);
  }

  static int[] ids(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }

  static List<String> texts(JsonNode expected) {
    List<String> texts = new ArrayList<>();
    expected.path("cases").forEach(c -> texts.add(c.path("text").asText()));
    return texts;
  }
}
