package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tokens become text: the {@code decoder} of a tokenizer.json, in Java. Decoding token by token
 * is the only form there is, so that a streamed text and a whole one cannot differ. Thread-safe.
 */
interface TextDecoder {

  /** The bytes that a token adds in the middle of a text. */
  byte[] bytes(String token);

  /** Begins a text. */
  Session begin();

  /** Begins in the middle of a text: a leading blank belongs to it. */
  Session proceed();

  /** One text in progress. Not thread-safe. */
  interface Session {

    /** Takes the next token and appends what is certain of the text so far. */
    void push(String token, StringBuilder out);

    /** Takes text that no token was written for, whole characters where the tokens so far end. */
    void push(byte[] utf8, StringBuilder out);

    /** Appends what was held back; nothing may be pushed afterwards. */
    void end(StringBuilder out);
  }

  /**
   * The decoder that a tokenizer.json describes.
   *
   * @throws ModelFileException when it is not one of the supported kinds
   */
  static TextDecoder of(@Nullable JsonNode json, String source) {
    String type = json == null ? "" : json.path("type").asText();
    if (json != null && type.equals("ByteLevel")) {
      return new ByteLevelDecoder();
    }
    if (json != null && type.equals("Metaspace")) {
      return metaspace(json);
    }
    if (json != null && type.equals("Sequence")) {
      return sequence(json, source);
    }
    throw unsupported(json, source);
  }

  private static TextDecoder metaspace(JsonNode json) {
    String replacement = json.path("replacement").asText("\u2581");
    boolean prepended =
        json.has("prepend_scheme")
            ? !json.path("prepend_scheme").asText().equals("never")
            : json.path("add_prefix_space").asBoolean(true);
    return new MetaspaceDecoder(replacement, prepended);
  }

  private static TextDecoder sequence(JsonNode json, String source) {
    List<SentencePieceDecoder.Replacement> replacements = new ArrayList<>();
    boolean byteFallback = false;
    int strip = 0;
    for (JsonNode step : json.path("decoders")) {
      switch (step.path("type").asText()) {
        case "Replace" -> {
          JsonNode pattern = step.path("pattern").path("String");
          // After the byte fallback a replacement would see text instead of tokens.
          if (!pattern.isTextual() || byteFallback) {
            throw unsupported(json, source);
          }
          replacements.add(
              new SentencePieceDecoder.Replacement(
                  pattern.asText(), step.path("content").asText()));
        }
        case "ByteFallback" -> byteFallback = true;
        case "Fuse" -> {
          // Text is appended to one builder: it is fused already.
        }
        case "Strip" -> {
          if (!step.path("content").asText().equals(" ") || step.path("stop").asInt() != 0) {
            throw unsupported(json, source);
          }
          strip = step.path("start").asInt();
        }
        default -> throw unsupported(json, source);
      }
    }
    return new SentencePieceDecoder(replacements, byteFallback, strip);
  }

  private static ModelFileException unsupported(@Nullable JsonNode json, String source) {
    return new ModelFileException(
        source
            + ": decoder "
            + (json == null ? "is absent" : json + " is not supported")
            + "; supported are ByteLevel, Metaspace and Sequence of Replace (of a string),"
            + " ByteFallback, Fuse and Strip (of leading blanks)");
  }
}
