package io.github.alphaumi.core;

import java.util.function.Consumer;

/**
 * Hears every event of a run, on the thread where it happens, in order. Thread-safe if its agent is
 * used by several threads. What it throws is logged and does not disturb the run.
 */
@FunctionalInterface
public interface RunListener {

  void on(RunEvent event);

  /**
   * Writes one run for people: a line for each plan, call, observation and the answer, with
   * milliseconds and tokens. For one run at a time.
   *
   * @param line takes each line, without its line end
   */
  static RunListener transcript(Consumer<String> line) {
    return new Transcript(line);
  }
}
