package io.github.alphaumi.onnx;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions every template has. */
final class JinjaGlobals {
  private JinjaGlobals() {}

  static JinjaScope scope(JinjaRuntime runtime) {
    JinjaScope scope = new JinjaScope(null);
    define(scope, "range", arguments -> range(arguments));
    define(scope, "dict", arguments -> dict(runtime, arguments));
    define(scope, "namespace", arguments -> namespace(runtime, arguments));
    define(scope, "joiner", JinjaGlobals::joiner);
    define(scope, "cycler", JinjaCycler::new);
    define(
        scope,
        "raise_exception",
        arguments -> {
          Object message = arguments.bind("raise_exception", 1, "message").get(0);
          throw JinjaFault.raised(runtime.text().str(message));
        });
    define(
        scope,
        "strftime_now",
        arguments -> {
          String format = arguments.bind("strftime_now", 1, "format").text(0);
          return PythonDate.format(LocalDateTime.now(runtime.clock()), format, runtime.budget());
        });
    return scope;
  }

  private static void define(JinjaScope scope, String name, JinjaFunction function) {
    scope.set(name, function);
  }

  private static Object range(JinjaArguments arguments) {
    List<Object> bounds = arguments.positional();
    arguments.bind("range", 1, "start", "stop", "step");
    return bounds.size() == 1
        ? new PythonRange(0, integer(bounds, 0), 1)
        : new PythonRange(
            integer(bounds, 0), integer(bounds, 1), bounds.size() < 3 ? 1 : integer(bounds, 2));
  }

  private static long integer(List<Object> bounds, int index) {
    Object value = index < bounds.size() ? bounds.get(index) : PythonNone.NONE;
    if (value instanceof Long || value instanceof Boolean) {
      return PythonNumbers.big(value).longValue();
    }
    if (value instanceof JinjaUndefined undefined) {
      throw undefined.fault();
    }
    throw new JinjaFault(
        "range() takes integers of at most 64 bits, not " + PythonValues.type(value));
  }

  private static Map<Object, Object> dict(JinjaRuntime runtime, JinjaArguments arguments) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    Object source =
        new JinjaArguments(arguments.positional(), Map.of())
            .bind("dict", 0, "source")
            .or(0, Map.of());
    if (source instanceof Map<?, ?> map) {
      dict.putAll(map);
    } else {
      for (Object pair : runtime.elements(source)) {
        List<Object> parts = runtime.elements(pair);
        if (parts.size() != 2) {
          throw new JinjaFault("dict() takes a mapping or pairs");
        }
        PythonDicts.put(dict, parts.get(0), parts.get(1));
      }
    }
    dict.putAll(arguments.named());
    return dict;
  }

  private static JinjaNamespace namespace(JinjaRuntime runtime, JinjaArguments arguments) {
    JinjaNamespace namespace = new JinjaNamespace();
    dict(runtime, arguments)
        .forEach((name, value) -> namespace.set(runtime.text().str(name), value));
    return namespace;
  }

  /** A function that is empty at its first call and a separator afterwards. */
  private static JinjaFunction joiner(JinjaArguments arguments) {
    Object separator = arguments.bind("joiner", 0, "sep").or(0, ", ");
    List<Object> calls = new ArrayList<>();
    return call -> {
      if (calls.isEmpty()) {
        calls.add(call);
        return "";
      }
      return separator;
    };
  }
}
