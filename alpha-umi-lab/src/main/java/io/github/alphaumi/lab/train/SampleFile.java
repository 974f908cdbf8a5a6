package io.github.alphaumi.lab.train;

import java.io.IOException;
import java.util.List;

/** A file of training data, record by record. Used by several threads at once. */
public interface SampleFile {

  /** What it is called in messages. */
  String name();

  /** A hash of its bytes. */
  String sha256();

  /** How many records it has. */
  int size();

  /**
   * The steps that a record teaches: those of a set of tools, of a conversation, or one step.
   *
   * @param record from 0
   * @throws io.github.alphaumi.core.AlphaUmiException if the record is not what it should be, which
   *     names file and record
   */
  List<Sample> read(int record) throws IOException;
}
