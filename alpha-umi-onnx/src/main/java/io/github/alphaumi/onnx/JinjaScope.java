package io.github.alphaumi.onnx;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Variables that end with a block. Reading looks outwards; writing stays here, which is why a
 * {@code set} in a loop is forgotten after each turn. Not thread-safe.
 */
final class JinjaScope {
  private final Map<String, Object> variables = new HashMap<>();
  private final @Nullable JinjaScope outer;

  JinjaScope(@Nullable JinjaScope outer) {
    this.outer = outer;
  }

  Object get(String name) {
    for (JinjaScope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return JinjaUndefined.name(name);
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }
}
