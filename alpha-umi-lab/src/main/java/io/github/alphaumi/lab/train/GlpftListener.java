package io.github.alphaumi.lab.train;

/** Hears how the work goes, in the thread that does it. */
public interface GlpftListener {

  /** Data are read for the first time, to find what there is to learn. */
  void reads(String file, long record, long of);

  /**
   * A stage is trained.
   *
   * @param says loss, speed, time left and the newest evaluation
   */
  void trains(String stage, long tokens, long of, String says);

  /** A line of the report. */
  void says(String line);
}
