package io.github.alphaumi.lab;

import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * A figure over steps: the mean of a value over those steps that it is about.
 *
 * @param about which steps are in the denominator; depends on the reference alone where the figure
 *     is to compare models
 */
record Ratio(String name, Predicate<StepOutcome> about, ToDoubleFunction<StepOutcome> value) {

  static Ratio share(String name, Predicate<StepOutcome> about, Predicate<StepOutcome> counted) {
    return new Ratio(name, about, outcome -> counted.test(outcome) ? 1 : 0);
  }
}
