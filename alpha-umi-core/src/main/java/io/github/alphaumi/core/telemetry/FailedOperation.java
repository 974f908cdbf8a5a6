package io.github.alphaumi.core.telemetry;

/**
 * What tracers are told of a failure: its kind and nothing else, because messages of exceptions
 * quote prompts and results.
 */
final class FailedOperation extends Exception {
  private static final long serialVersionUID = 1L;

  FailedOperation(String kind) {
    super(kind, null, false, false);
  }
}
