package io.github.alphaumi.core;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Hears every event of a run, on the thread where it happens, in order. Thread-safe if its agent is
 * used by several threads. What it throws is logged and does not disturb the run.
 */
@FunctionalInterface
public interface RunListener {

  void on(RunEvent event);

  /**
   * Does a piece of work of a role or a tool, on the thread that does it, which may not be the
   * run's: for listeners that keep something about a thread, such as the trace it works for. One
   * that overrides it returns what the work returns and throws what it throws.
   */
  default <T> T during(RunContext context, Supplier<T> work) {
    return work.get();
  }

  /**
   * Writes one run for people: a line for each plan, call, observation and the answer, with
   * milliseconds and tokens. For one run at a time.
   *
   * @param line takes each line, without its line end
   */
  static RunListener transcript(Consumer<String> line) {
    return new Transcript(line);
  }

  /**
   * Makes a report of each run, with the prompts, when the run ends. For any number of runs at
   * once; until its end a run's prompts stay in memory. Runs of agents that a run asks are part of
   * its report.
   *
   * @param report takes each report, on the thread on which its run ended
   */
  static RunListener reports(Consumer<RunReport> report) {
    return new ReportRecorder(report);
  }
}
