package io.github.alphaumi.onnx;

import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What evaluating needs beside the template: budget, clock and the ways to look at values. */
final class JinjaRuntime {
  private final JinjaBudget budget = new JinjaBudget();
  private final PythonText text = new PythonText(budget);
  private final PythonOperators operators = new PythonOperators(budget);
  private final PythonAttributes attributes = new PythonAttributes(this);
  private final Clock clock;

  JinjaRuntime(Clock clock) {
    this.clock = clock;
  }

  JinjaBudget budget() {
    return budget;
  }

  Clock clock() {
    return clock;
  }

  PythonText text() {
    return text;
  }

  PythonOperators operators() {
    return operators;
  }

  PythonView items(Map<Object, Object> dict) {
    return attributes.items(dict);
  }

  Object attribute(Object target, String name) {
    return attributes.attribute(target, name);
  }

  Object ownAttribute(Object target, String name) {
    return attributes.ownAttribute(target, name);
  }

  Object item(Object target, Object key) {
    return attributes.item(target, key);
  }

  Object call(Object callee, JinjaArguments arguments) {
    if (callee instanceof JinjaFunction function) {
      arguments.positional().forEach(this::look);
      budget.enter();
      Object result = made(function.call(arguments));
      budget.leave();
      return result;
    }
    if (callee instanceof JinjaUndefined undefined) {
      throw undefined.fault();
    }
    throw new JinjaFault("'" + PythonValues.type(callee) + "' object is not callable");
  }

  Object filter(String name, Object value, JinjaArguments arguments) {
    JinjaFilter filter = JinjaFilters.find(name);
    look(value);
    return made(filter.apply(this, value, arguments));
  }

  boolean test(String name, Object value, JinjaArguments arguments) {
    budget.step();
    look(value);
    return JinjaTests.find(name).test(this, value, arguments);
  }

  /** All elements of an iterable. A text becomes one element per character, so it is charged. */
  List<Object> elements(Object value) {
    int size = PythonValues.sizeOrMinusOne(value);
    if (size >= 0 && !(value instanceof List<?> || value instanceof PythonView)) {
      budget.elements(size);
    }
    return PythonValues.elements(value);
  }

  /** The elements of an iterable, one at a time. */
  Iterator<Object> iterate(Object value) {
    return value instanceof PythonGenerator generator ? generator : elements(value).iterator();
  }

  /** Whatever works on a value is taken to read all of it. */
  private void look(Object value) {
    budget.work(Math.max(0, PythonValues.sizeOrMinusOne(value)));
  }

  private Object made(Object value) {
    if (value instanceof String made) {
      budget.text(made.length());
    } else {
      budget.elements(Math.max(0, PythonValues.sizeOrMinusOne(value)));
    }
    return value;
  }
}
