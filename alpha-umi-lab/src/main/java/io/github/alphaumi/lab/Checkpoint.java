package io.github.alphaumi.lab;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a command came, so that a killed one goes on instead of starting again.
 *
 * @param work identifies command, settings and inputs; of other work a checkpoint says nothing
 * @param file index of the input at work
 * @param position bytes of it that are done
 * @param index records of it that are done
 * @param outputs length of each output so far
 * @param state what the work itself has to remember
 */
record Checkpoint(
    String work,
    int file,
    long position,
    long index,
    List<Length> outputs,
    Tally tally,
    @Nullable String state) {

  static final String ENDING = ".checkpoint.json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .build();

  /** Of an output. */
  record Length(long records, long bytes) {}

  static Path path(Path output) {
    return output.resolveSibling(output.getFileName() + ENDING);
  }

  /** Replaces the file in one move, so that there is never half a checkpoint. */
  void save(Path path) throws IOException {
    Path next = path.resolveSibling(path.getFileName() + ".next");
    Files.write(next, MAPPER.writeValueAsBytes(this));
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The checkpoint of this very work; empty if there is none that can be read. */
  static Optional<Checkpoint> load(Path path, String work) {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      Checkpoint checkpoint = MAPPER.readValue(path.toFile(), Checkpoint.class);
      return checkpoint.work.equals(work) ? Optional.of(checkpoint) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
