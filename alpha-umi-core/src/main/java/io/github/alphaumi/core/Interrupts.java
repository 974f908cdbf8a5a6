package io.github.alphaumi.core;

import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Interrupts that came as a cause of something else. */
final class Interrupts {
  /** Exceptions can be caused by each other in a circle. */
  private static final int DEEPEST = 32;

  private Interrupts() {}

  /**
   * Sets this thread's flag again if the exception hides that it was interrupted: HTTP clients wrap
   * the checked exception and lose the flag. What another thread died of does not count.
   */
  static void keep(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; i < DEEPEST && cause != null; i++) {
      if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
        Thread.currentThread().interrupt();
        return;
      }
      if (cause instanceof ExecutionException || cause instanceof CompletionException) {
        return;
      }
      cause = cause.getCause();
    }
  }
}
