package io.github.alphaumi.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that are named in options of model commands. */
final class ModelFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private ModelFile() {}

  /**
   * @throws AlphaUmiException that names the option and the file
   */
  static String text(String option, Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new AlphaUmiException(option + ": there is no file " + file, e);
    } catch (IOException e) {
      throw new AlphaUmiException(option + ": " + file + " cannot be read as UTF-8 text: " + e, e);
    }
  }

  /**
   * @throws AlphaUmiException that names the option, the file and the place in it
   */
  static JsonNode json(String option, Path file) {
    return json(option + ": " + file, text(option, file));
  }

  /** One JSON value; {@code source} names it in messages. */
  static JsonNode json(String source, String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.isMissingNode()) {
        throw new AlphaUmiException(source + " is empty where JSON is wanted");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException(
          source
              + " is not JSON: "
              + e.getOriginalMessage()
              + " at line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr(),
          e);
    }
  }
}
