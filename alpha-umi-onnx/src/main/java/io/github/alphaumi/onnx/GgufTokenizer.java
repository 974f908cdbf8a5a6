package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tokenizer in a GGUF file's metadata as the tokenizer.json that encodes alike.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF, section
 *     Tokenizer</a>
 */
final class GgufTokenizer {

  private static final String PREFIX = "tokenizer.ggml.";

  /** Values of {@code tokenizer.ggml.token_type}. */
  static final int NORMAL = 1;

  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNKNOWN = 2;

  private final Map<String, Object> metadata;
  private final List<?> tokens;
  private final int[] types;

  GgufTokenizer(Map<String, Object> metadata) {
    this.metadata = metadata;
    this.tokens = require("tokens", List.class);
    this.types = types();
  }

  /** The UTF-8 text of the tokenizer.json. */
  byte[] toJson() {
    String model = require("model", String.class);
    switch (model) {
      case "gpt2":
        return write(this::byteLevel);
      case "llama":
        return write(this::sentencePiece);
      default:
        throw unsupported("model", model, "gpt2 and llama");
    }
  }

  private interface Part {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Part content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("version", "1.0");
      content.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private void byteLevel(JsonGenerator json) throws IOException {
    GgufPreTokenizer pre = preTokenizer();
    writeAddedTokens(json);
    writeRaw(json, "normalizer", pre.normalizer());
    writeRaw(json, "pre_tokenizer", pre.json());
    writePostProcessor(json, pre.addsBos());
    writeRaw(
        json,
        "decoder",
        "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}");
    json.writeObjectFieldStart("model");
    json.writeStringField("type", "BPE");
    json.writeBooleanField("ignore_merges", pre.ignoresMerges());
    writeVocab(json);
    json.writeArrayFieldStart("merges");
    for (Object merge : require("merges", List.class)) {
      String pair = (String) merge;
      int blank = pair.indexOf(' ', 1);
      if (blank < 0) {
        throw new ModelFileException(PREFIX + "merges: '" + pair + "' is not a pair of tokens");
      }
      writePair(json, pair.substring(0, blank), pair.substring(blank + 1));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void sentencePiece(JsonGenerator json) throws IOException {
    float[] scores = require("scores", float[].class);
    requireLength("scores", scores.length);
    boolean spacePrefix = flag("add_space_prefix", true);
    writeAddedTokens(json);
    String blanks = "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}";
    String prefix = spacePrefix ? "{\"type\":\"Prepend\",\"prepend\":\"\u2581\"}," : "";
    writeRaw(
        json, "normalizer", "{\"type\":\"Sequence\",\"normalizers\":[" + prefix + blanks + "]}");
    writePostProcessor(json, true);
    String strip =
        spacePrefix ? ",{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}" : "";
    writeRaw(
        json,
        "decoder",
        "{\"type\":\"Sequence\",\"decoders\":["
            + "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\u2581\"},\"content\":\" \"},"
            + "{\"type\":\"ByteFallback\"},{\"type\":\"Fuse\"}"
            + strip
            + "]}");
    json.writeObjectFieldStart("model");
    json.writeStringField("type", "BPE");
    json.writeStringField("unk_token", unknownToken());
    json.writeBooleanField("fuse_unk", true);
    json.writeBooleanField("byte_fallback", true);
    writeVocab(json);
    json.writeArrayFieldStart("merges");
    for (ScoredMerges.Merge merge : ScoredMerges.of(tokens, types, scores)) {
      writePair(json, merge.left(), merge.right());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private GgufPreTokenizer preTokenizer() {
    Object pre = metadata.get(PREFIX + "pre");
    GgufPreTokenizer known = pre instanceof String name ? GgufPreTokenizer.of(name) : null;
    if (known == null) {
      throw unsupported("pre", pre, GgufPreTokenizer.supported());
    }
    return known;
  }

  private void writeAddedTokens(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("added_tokens");
    for (int id = 0; id < types.length; id++) {
      boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
      if (special || types[id] == USER_DEFINED) {
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeStringField("content", token(id));
        json.writeBooleanField("single_word", false);
        json.writeBooleanField("lstrip", false);
        json.writeBooleanField("rstrip", false);
        json.writeBooleanField("normalized", false);
        json.writeBooleanField("special", special);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private void writeVocab(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("vocab");
    for (int id = 0; id < types.length; id++) {
      json.writeNumberField(token(id), id);
    }
    json.writeEndObject();
  }

  private void writePostProcessor(JsonGenerator json, boolean bosByDefault) throws IOException {
    String bos = flag("add_bos_token", bosByDefault) ? boundary("bos_token_id") : null;
    String eos = flag("add_eos_token", false) ? boundary("eos_token_id") : null;
    if (bos == null && eos == null) {
      return;
    }
    json.writeObjectFieldStart("post_processor");
    json.writeStringField("type", "TemplateProcessing");
    json.writeArrayFieldStart("single");
    writeTemplate(json, bos, "A", 0, eos);
    json.writeEndArray();
    json.writeArrayFieldStart("pair");
    writeTemplate(json, bos, "A", 0, eos);
    writeTemplate(json, bos, "B", 1, eos);
    json.writeEndArray();
    json.writeObjectFieldStart("special_tokens");
    writeSpecial(json, bos, "bos_token_id");
    if (eos != null && !eos.equals(bos)) {
      writeSpecial(json, eos, "eos_token_id");
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeTemplate(
      JsonGenerator json, @Nullable String bos, String sequence, int type, @Nullable String eos)
      throws IOException {
    writePiece(json, "SpecialToken", bos, type);
    writePiece(json, "Sequence", sequence, type);
    writePiece(json, "SpecialToken", eos, type);
  }

  private static void writePiece(JsonGenerator json, String kind, @Nullable String id, int type)
      throws IOException {
    if (id != null) {
      json.writeStartObject();
      json.writeObjectFieldStart(kind);
      json.writeStringField("id", id);
      json.writeNumberField("type_id", type);
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  private void writeSpecial(JsonGenerator json, @Nullable String token, String key)
      throws IOException {
    if (token != null) {
      json.writeObjectFieldStart(token);
      json.writeStringField("id", token);
      json.writeArrayFieldStart("ids");
      json.writeNumber(tokenId(key));
      json.writeEndArray();
      json.writeArrayFieldStart("tokens");
      json.writeString(token);
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void writePair(JsonGenerator json, String left, String right) throws IOException {
    json.writeStartArray();
    json.writeString(left);
    json.writeString(right);
    json.writeEndArray();
  }

  private static void writeRaw(JsonGenerator json, String field, String value) throws IOException {
    json.writeFieldName(field);
    json.writeRawValue(value);
  }

  private String unknownToken() {
    if (metadata.containsKey(PREFIX + "unknown_token_id")) {
      return boundary("unknown_token_id");
    }
    for (int id = 0; id < types.length; id++) {
      if (types[id] == UNKNOWN) {
        return token(id);
      }
    }
    return token(0);
  }

  private String token(int id) {
    return (String) tokens.get(id);
  }

  private String boundary(String key) {
    return token(tokenId(key));
  }

  private int tokenId(String key) {
    int id = require(key, Number.class).intValue();
    if (id < 0 || id >= types.length) {
      throw unsupported(key, id, "ids 0 to " + (types.length - 1));
    }
    return id;
  }

  private boolean flag(String key, boolean otherwise) {
    return metadata.containsKey(PREFIX + key) ? require(key, Boolean.class) : otherwise;
  }

  private int[] types() {
    if (!metadata.containsKey(PREFIX + "token_type")) {
      int[] normal = new int[tokens.size()];
      Arrays.fill(normal, NORMAL);
      return normal;
    }
    int[] values = require("token_type", int[].class);
    requireLength("token_type", values.length);
    return values;
  }

  private void requireLength(String key, int length) {
    if (length != tokens.size()) {
      throw new ModelFileException(
          PREFIX + key + " has " + length + " values for " + tokens.size() + " tokens");
    }
  }

  private <T> T require(String key, Class<T> type) {
    Object value = metadata.get(PREFIX + key);
    if (!type.isInstance(value)) {
      throw new ModelFileException(
          PREFIX
              + key
              + (value == null ? " is absent" : " is a " + value.getClass().getSimpleName())
              + "; expected is a "
              + type.getSimpleName());
    }
    return type.cast(value);
  }

  private static ModelFileException unsupported(
      String key, @Nullable Object value, String supported) {
    return new ModelFileException(
        PREFIX
            + key
            + (value == null ? " is absent" : " '" + value + "' is not supported")
            + "; supported are "
            + supported);
  }
}
