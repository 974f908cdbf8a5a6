package io.github.alphaumi.onnx;

import java.util.List;
import java.util.function.Consumer;

/**
 * Passes a growing text on, up to the first stop string. Text that may be the beginning of one is
 * held back until it is clear. Not thread-safe.
 */
final class StopScanner {
  private final List<String> stops;
  private final Consumer<String> out;
  private final StringBuilder text = new StringBuilder();
  private int passed;
  private boolean stopped;

  StopScanner(List<String> stops, Consumer<String> out) {
    this.stops = stops;
    this.out = out;
  }

  /** Adds text; returns whether a stop string is complete. What comes after it is dropped. */
  boolean add(String more) {
    if (stopped || more.isEmpty()) {
      return stopped;
    }
    int from = passed;
    text.append(more);
    int end = -1;
    for (String stop : stops) {
      int at = text.indexOf(stop, from);
      end = at >= 0 && (end < 0 || at < end) ? at : end;
    }
    if (end >= 0) {
      stopped = true;
      text.setLength(end);
      pass(end);
    } else {
      pass(text.length() - heldBack());
    }
    return stopped;
  }

  /** Characters at the end that begin a stop string. */
  private int heldBack() {
    int longest = 0;
    for (String stop : stops) {
      int length = Math.min(stop.length() - 1, text.length() - passed);
      while (length > longest && !stop.startsWith(text.substring(text.length() - length))) {
        length--;
      }
      longest = Math.max(longest, length);
    }
    return longest;
  }

  private void pass(int to) {
    if (to > passed) {
      out.accept(text.substring(passed, to));
      passed = to;
    }
  }

  /** Passes on what was held back and returns the whole text. */
  String finish() {
    pass(text.length());
    return text.toString();
  }
}
