package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Java needs to know of a tokenizer.json: the vocabulary and the decoder. Read as a stream,
 * because the merges, the larger part of the file, matter to the native library alone.
 *
 * @param normalized added tokens that are looked for in the normalised text
 */
record TokenizerJson(Vocabulary vocabulary, TextDecoder decoder, List<String> normalized) {

  /** Every token is a field name once: remembering names would only cost time and memory. */
  static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build());

  /**
   * Reads the UTF-8 text of a tokenizer.json.
   *
   * @throws ModelFileException when it is not JSON or describes an unsupported model or decoder
   */
  static TokenizerJson read(byte[] json, String source) {
    try (JsonParser parser = JSON.createParser(json)) {
      return new Reader(parser, source).read();
    } catch (IOException e) {
      throw new ModelFileException(
          source + " is not a readable tokenizer.json: " + e.getMessage(), e);
    }
  }

  private static final class Reader {

    private final JsonParser parser;
    private final String source;
    private final Vocabulary.Builder vocabulary = new Vocabulary.Builder();
    private @Nullable JsonNode addedTokens;
    private @Nullable JsonNode decoder;
    private boolean hasVocabulary;
    private boolean hasType;
    private boolean hasDecoder;

    Reader(JsonParser parser, String source) {
      this.parser = parser;
      this.source = source;
    }

    TokenizerJson read() throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ModelFileException(source + " is not a tokenizer.json: not a JSON object");
      }
      while (!complete() && parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "added_tokens" -> addedTokens = JSON.readTree(parser);
          case "decoder" -> {
            decoder = orNull(JSON.readTree(parser));
            hasDecoder = true;
          }
          case "model" -> model();
          default -> parser.skipChildren();
        }
      }
      if (!hasVocabulary) {
        throw new ModelFileException(source + " is not a tokenizer.json: it has no model.vocab");
      }
      List<String> normalized = new ArrayList<>();
      if (addedTokens != null) {
        for (JsonNode token : addedTokens) {
          String content = token.path("content").asText();
          vocabulary.putAdded(token.path("id").asInt(), content, token.path("special").asBoolean());
          if (token.path("normalized").asBoolean()) {
            normalized.add(content);
          }
        }
      }
      return new TokenizerJson(
          vocabulary.build(), TextDecoder.of(decoder, source), List.copyOf(normalized));
    }

    /**
     * Nearly every file has its merges last. They are half of it, and the native library reads them
     * and says what is wrong with them.
     */
    private boolean complete() {
      return hasVocabulary && hasType && hasDecoder && addedTokens != null;
    }

    private static @Nullable JsonNode orNull(JsonNode node) {
      return node.isNull() ? null : node;
    }

    private void model() throws IOException {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (!complete() && parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("type")) {
          check(parser.getText());
          hasType = true;
        } else if (field.equals("vocab")) {
          vocab();
        } else {
          parser.skipChildren();
        }
      }
    }

    private void check(String type) {
      if (!type.equals("BPE") && !type.equals("Unigram")) {
        throw new ModelFileException(
            source + ": model.type '" + type + "' is not supported; supported are BPE and Unigram");
      }
    }

    private void vocab() throws IOException {
      hasVocabulary = true;
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String token = parser.currentName();
          parser.nextToken();
          vocabulary.put(parser.getIntValue(), token);
        }
      } else {
        for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
          vocabulary.put(id, parser.nextTextValue());
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
          }
        }
      }
    }
  }
}
