package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Metadata of GGUF files for tests: read from a file, or made from a tokenizer.json. */
final class GgufMetadata {

  private GgufMetadata() {}

  /** The metadata as a converter would write it for a byte-level tokenizer.json. */
  static Map<String, Object> byteLevel(JsonNode json, String pre) {
    Map<String, Object> metadata = tokens(json);
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", pre);
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : json.path("model").path("merges")) {
      merges.add(
          merge.isTextual() ? merge.asText() : merge.get(0).asText() + " " + merge.get(1).asText());
    }
    metadata.put("tokenizer.ggml.merges", merges);
    if (pre.startsWith("llama")) {
      List<?> tokens = (List<?>) metadata.get("tokenizer.ggml.tokens");
      metadata.put("tokenizer.ggml.bos_token_id", (long) tokens.indexOf("<|begin_of_text|>"));
    }
    return metadata;
  }

  /** The metadata for a SentencePiece-like tokenizer.json; later pieces have lower scores. */
  static Map<String, Object> sentencePiece(JsonNode json) {
    Map<String, Object> metadata = tokens(json);
    metadata.put("tokenizer.ggml.model", "llama");
    List<?> tokens = (List<?>) metadata.get("tokenizer.ggml.tokens");
    int[] types = (int[]) metadata.get("tokenizer.ggml.token_type");
    float[] scores = new float[types.length];
    for (int id = 0; id < types.length; id++) {
      scores[id] = -id;
      if (((String) tokens.get(id)).matches("<0x[0-9A-F]{2}>")) {
        types[id] = 6;
      }
    }
    types[tokens.indexOf("<unk>")] = 2;
    metadata.put("tokenizer.ggml.scores", scores);
    metadata.put("tokenizer.ggml.bos_token_id", (long) tokens.indexOf("<s>"));
    metadata.put("tokenizer.ggml.unknown_token_id", (long) tokens.indexOf("<unk>"));
    return metadata;
  }

  /** Added tokens with flags that GGUF metadata cannot express. */
  static List<String> flagged(JsonNode json) {
    List<String> flagged = new ArrayList<>();
    for (JsonNode token : json.path("added_tokens")) {
      for (String flag : List.of("lstrip", "rstrip", "single_word", "normalized")) {
        if (token.path(flag).asBoolean()) {
          flagged.add(token.path("content").asText());
        }
      }
    }
    return flagged;
  }

  private static Map<String, Object> tokens(JsonNode json) {
    Map<Integer, String> byId = new HashMap<>();
    json.path("model")
        .path("vocab")
        .properties()
        .forEach(token -> byId.put(token.getValue().asInt(), token.getKey()));
    json.path("added_tokens")
        .forEach(token -> byId.put(token.path("id").asInt(), token.path("content").asText()));
    String[] tokens = new String[byId.size()];
    byId.forEach((id, token) -> tokens[id] = token);
    int[] types = new int[tokens.length];
    Arrays.fill(types, 1);
    json.path("added_tokens")
        .forEach(
            token -> types[token.path("id").asInt()] = token.path("special").asBoolean() ? 3 : 4);
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.tokens", List.of(tokens));
    metadata.put("tokenizer.ggml.token_type", types);
    return metadata;
  }

  /** Reads the metadata at the head of a file, as far as tokenizers need it. */
  static Map<String, Object> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer in =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      in.position(16);
      long keys = in.getLong();
      Map<String, Object> metadata = new HashMap<>();
      for (long i = 0; i < keys; i++) {
        metadata.put(string(in), value(in, in.getInt()));
      }
      return metadata;
    }
  }

  private static String string(ByteBuffer in) {
    byte[] bytes = new byte[(int) in.getLong()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Object value(ByteBuffer in, int type) {
    return switch (type) {
      case 0, 1 -> in.get();
      case 2, 3 -> in.getShort();
      case 4 -> Integer.toUnsignedLong(in.getInt());
      case 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() != 0;
      case 8 -> string(in);
      case 9 -> array(in, in.getInt(), (int) in.getLong());
      case 10, 11 -> in.getLong();
      case 12 -> in.getDouble();
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static Object array(ByteBuffer in, int type, int length) {
    List<Object> values = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      values.add(value(in, type));
    }
    return switch (type) {
      case 5 -> values.stream().mapToInt(v -> (Integer) v).toArray();
      case 6 -> {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
          floats[i] = (Float) values.get(i);
        }
        yield floats;
      }
      default -> values;
    };
  }
}
