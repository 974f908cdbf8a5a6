package io.github.alphaumi.lab;

/** A record that cannot be used; it is reported and skipped, and the work goes on. */
final class BadRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  BadRecordException(String problem) {
    super(problem);
  }
}
