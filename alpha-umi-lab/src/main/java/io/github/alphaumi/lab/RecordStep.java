package io.github.alphaumi.lab;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command does with each record. */
interface RecordStep {

  /**
   * @param source the file the record is from
   * @param record empty where the record is the whole file
   * @param sink takes what comes of it; nothing is written if this throws
   * @throws BadRecordException if the record cannot be used
   */
  void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException;

  /**
   * Whether there is a state: what some record of all that were read last left behind, which {@link
   * #apply} replaces or leaves alone.
   */
  default boolean hasState() {
    return false;
  }

  /** What later records need of earlier ones; null if nothing. */
  default @Nullable String state() {
    return null;
  }

  /** Goes on where a killed run was. */
  default void restore(@Nullable String state) {}

  /** Takes results. */
  interface Sink {

    /** Adds a record to the output of that index. */
    void write(int output, Object record);

    /** Adds one to a count of the manifest. */
    void count(String name);
  }
}
