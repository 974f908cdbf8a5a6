package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a finished stage leaves in its folder.
 *
 * @param identity of settings, data and what it went on from
 * @param model folder of the adapter or model that was made
 * @param heldOut its last counts on held-out data, by role; empty without such data
 */
record StageResult(String identity, Path model, SortedMap<String, Evaluation.Counts> heldOut) {
  private static final String FILE = "stage.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** As it is written: the folder may be moved. */
  private record Text(
      String identity, String model, SortedMap<String, Evaluation.Counts> heldOut) {}

  static Optional<StageResult> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Text text = JSON.readValue(Files.readString(file), Text.class);
      return Optional.of(new StageResult(text.identity, folder.resolve(text.model), text.heldOut));
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException(
          file + " is broken: delete it, and the stage is finished again: " + e.getMessage(), e);
    }
  }

  /** In one move: it is there, or it is not. */
  void write(Path folder) throws IOException {
    Text text = new Text(identity, folder.relativize(model).toString(), heldOut);
    Path next = folder.resolve(FILE + ".next");
    Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(text) + "\n");
    Files.move(
        next,
        folder.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
