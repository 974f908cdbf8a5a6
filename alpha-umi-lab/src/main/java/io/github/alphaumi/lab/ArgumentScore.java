package io.github.alphaumi.lab;

import java.util.Map;
import java.util.Optional;

/** How well predicted arguments fit the reference's: a value that differs counts half. */
final class ArgumentScore {
  /** What the published code adds to denominators. */
  private static final double EPSILON = 1e-30;

  private ArgumentScore() {}

  /** F1 of two texts; 0 if either is no object. */
  static double of(String reference, String prediction) {
    return object(reference).map(map -> of(map, prediction)).orElse(0.0);
  }

  /** Whether two texts are objects of the same members with equal values. */
  static boolean isExact(String reference, String prediction) {
    Optional<Map<?, ?>> right = object(reference);
    Optional<Map<?, ?>> predicted = object(prediction);
    return right.isPresent()
        && predicted.isPresent()
        && right.get().size() == predicted.get().size()
        && of(right.get(), predicted.get()) == 1;
  }

  /** F1 of a text; 0 if it is no object. */
  static double of(Map<?, ?> reference, String prediction) {
    return object(prediction).map(predicted -> of(reference, predicted)).orElse(0.0);
  }

  private static Optional<Map<?, ?>> object(String json) {
    return PythonValue.parse(json)
        .map(PythonValue::value)
        .filter(Map.class::isInstance)
        .map(value -> (Map<?, ?>) value);
  }

  static double of(Map<?, ?> reference, Map<?, ?> predicted) {
    if (reference.isEmpty()) {
      return predicted.isEmpty() ? 1 : 0;
    }
    double matched = 0;
    for (Map.Entry<?, ?> entry : reference.entrySet()) {
      if (predicted.containsKey(entry.getKey())) {
        matched += PythonValue.equal(entry.getValue(), predicted.get(entry.getKey())) ? 1 : 0.5;
      }
    }
    if (matched == 0) {
      return 0;
    }
    double recall = matched / (reference.size() + EPSILON);
    double precision = matched / (predicted.size() + EPSILON);
    return 2 * recall * precision / (recall + precision);
  }
}
