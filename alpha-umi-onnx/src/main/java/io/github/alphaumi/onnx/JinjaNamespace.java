package io.github.alphaumi.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code namespace(…)} makes: the one value that a template may change. */
final class JinjaNamespace implements JinjaObject {
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  void set(String name, Object value) {
    attributes.put(name, value);
  }

  @Override
  public String type() {
    return "Namespace";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return attributes.get(name);
  }
}
