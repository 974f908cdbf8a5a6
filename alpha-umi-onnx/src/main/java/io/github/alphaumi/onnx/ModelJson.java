package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Streams the JSON objects of a checkpoint with limits that no hostile file gets around: nesting,
 * lengths of names, strings and numbers, no member twice. Stateless, safe for concurrent use.
 */
final class ModelJson {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Names of tensors are no small set worth keeping in tables that outlive the parser.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxNameLength(4096)
                  .maxStringLength(1 << 24)
                  .maxNumberLength(20)
                  .build())
          .build();

  private ModelJson() {}

  /** Takes one member of the object; the parser stands at its value and is left at its end. */
  @FunctionalInterface
  interface MemberReader {
    void read(String name, JsonParser in) throws IOException;
  }

  /**
   * Hands every member of the object that {@code json} consists of to a reader.
   *
   * @throws ModelFileException naming {@code file} if this is not one valid JSON object
   */
  static void readObject(Path file, byte[] json, MemberReader reader) {
    try (JsonParser in = JSON.createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new ModelFileException(file, "its JSON is not an object");
      }
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        reader.read(name, in);
      }
      if (in.nextToken() != null) {
        throw new ModelFileException(file, "has text after its JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new ModelFileException(file, "its JSON is not valid: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFileException(file, "its JSON is not valid: " + e.getMessage(), e);
    }
  }
}
