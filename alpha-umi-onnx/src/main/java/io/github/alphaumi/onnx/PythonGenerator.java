package io.github.alphaumi.onnx;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Python's generator, which filters such as {@code map} and {@code selectattr} give: lazy, always
 * true, without a length, and empty after it was read once. Not thread-safe.
 */
final class PythonGenerator implements Iterator<Object> {
  private final JinjaBudget budget;
  private final Iterator<Object> source;
  private final Predicate<Object> condition;
  private final Function<Object, Object> function;
  private @Nullable Object ahead;

  private PythonGenerator(
      JinjaBudget budget,
      Iterator<Object> source,
      Predicate<Object> condition,
      Function<Object, Object> function) {
    this.budget = budget;
    this.source = source;
    this.condition = condition;
    this.function = function;
  }

  static PythonGenerator of(JinjaBudget budget, Iterator<Object> source) {
    return new PythonGenerator(budget, source, value -> true, value -> value);
  }

  static PythonGenerator map(
      JinjaBudget budget, Iterator<Object> source, Function<Object, Object> function) {
    return new PythonGenerator(budget, source, value -> true, function);
  }

  static PythonGenerator select(
      JinjaBudget budget, Iterator<Object> source, Predicate<Object> condition) {
    return new PythonGenerator(budget, source, condition, value -> value);
  }

  @Override
  public boolean hasNext() {
    if (ahead == null) {
      ahead = advance();
    }
    return ahead != null;
  }

  private @Nullable Object advance() {
    // A template can stack generators upon generators; the budget keeps that off our stack.
    budget.enter();
    @Nullable Object found = null;
    while (found == null && source.hasNext()) {
      budget.step();
      Object value = source.next();
      if (condition.test(value)) {
        found = function.apply(value);
      }
    }
    budget.leave();
    return found;
  }

  @Override
  public Object next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    Object value = ahead;
    ahead = null;
    return value;
  }
}
