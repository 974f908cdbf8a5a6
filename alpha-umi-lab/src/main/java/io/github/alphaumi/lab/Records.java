package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads all records of one file; bad ones are reported and skipped. */
final class Records {
  private static final int LIMIT = 64 << 20;

  private Records() {}

  /** What is done with each record. */
  interface Use {

    /**
     * @param index of the record in the file, from 0
     */
    void of(long index, Map<String, @Nullable Object> record) throws BadRecordException;
  }

  /**
   * @return how many records were skipped
   * @throws AlphaUmiException if the file changes while it is read
   */
  static long read(Path file, Console console, Use use) throws IOException {
    long skipped = 0;
    String stamp = BatchFiles.stamp(file);
    try (RecordReader reader =
        new RecordReader(new HashedFile(file).content(), Inputs.form(file), LIMIT)) {
      long index = 0;
      for (RecordReader.Raw raw = reader.next(); raw != null; raw = reader.next()) {
        try {
          use.of(index, Fields.parse(raw.bytes()));
        } catch (BadRecordException e) {
          skipped++;
          console.err().println("skipped " + file + ", record " + index + ": " + e.getMessage());
        }
        index++;
      }
    }
    if (!BatchFiles.stamp(file).equals(stamp)) {
      throw new AlphaUmiException("input " + file + " changed while it was read; run again");
    }
    return skipped;
  }
}
