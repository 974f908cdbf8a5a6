package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.List;

/** The {@code attribute='a.b.0'} of filters: a way from a value to what it should be judged by. */
final class JinjaAttributePath {
  private final JinjaRuntime runtime;
  private final List<Object> steps = new ArrayList<>();

  /** {@code attribute} is a dotted text, an index, or None for the value itself. */
  JinjaAttributePath(JinjaRuntime runtime, Object attribute) {
    this.runtime = runtime;
    if (attribute instanceof String path) {
      for (String step : PythonStrings.split(path, ".", -1)) {
        boolean index = !step.isEmpty() && step.chars().allMatch(c -> c >= '0' && c <= '9');
        steps.add(index ? (Object) (long) PythonPercentFormat.smallNumber(step) : step);
      }
    } else if (attribute != PythonNone.NONE) {
      steps.add(attribute);
    }
  }

  Object of(Object value) {
    Object result = value;
    for (Object step : steps) {
      result = runtime.item(result, step);
    }
    return result;
  }
}
