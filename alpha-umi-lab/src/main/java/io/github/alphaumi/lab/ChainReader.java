package io.github.alphaumi.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the messages of a chain one by one and makes turns of them. */
interface ChainReader {

  /** A message of the search: other attempts failed, be different. */
  void user(String text);

  /** A message without a call. */
  void thought(@Nullable String thought);

  void call(@Nullable String thought, String name, String arguments);

  /**
   * The end of the chain.
   *
   * @param arguments how it ended, JSON or nearly
   */
  void finish(@Nullable String thought, String arguments) throws BadRecordException;

  /** A tool's answer. */
  void observation(String content) throws BadRecordException;

  List<Turn> turns();
}
