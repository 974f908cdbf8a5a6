package io.github.alphaumi.onnx;

import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;

/** Filters that pick or transform each element: lazily, as Jinja2 does. */
final class JinjaSelectionFilters {
  static final Map<String, JinjaFilter> FILTERS =
      Map.of(
          "map", JinjaSelectionFilters::map,
          "select", (r, v, a) -> select(r, v, a, false, true),
          "reject", (r, v, a) -> select(r, v, a, false, false),
          "selectattr", (r, v, a) -> select(r, v, a, true, true),
          "rejectattr", (r, v, a) -> select(r, v, a, true, false));

  private JinjaSelectionFilters() {}

  private static Object map(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    Iterator<Object> source = runtime.iterate(value);
    if (!arguments.positional().isEmpty()) {
      String filter = name("map", arguments.positional().get(0));
      JinjaArguments rest = arguments.tail();
      return PythonGenerator.map(
          runtime.budget(), source, element -> runtime.filter(filter, element, rest));
    }
    JinjaArguments.Bound bound = arguments.bind("map", 1, "attribute", "default");
    JinjaAttributePath path = new JinjaAttributePath(runtime, bound.get(0));
    return PythonGenerator.map(
        runtime.budget(),
        source,
        element -> {
          Object found = path.of(element);
          return found instanceof JinjaUndefined ? bound.or(1, found) : found;
        });
  }

  private static Object select(
      JinjaRuntime runtime,
      Object value,
      JinjaArguments arguments,
      boolean byAttribute,
      boolean wanted) {
    JinjaArguments rest = arguments;
    JinjaAttributePath path = new JinjaAttributePath(runtime, PythonNone.NONE);
    if (byAttribute) {
      if (arguments.positional().isEmpty()) {
        throw new JinjaFault("missing the name of the attribute to select by");
      }
      path = new JinjaAttributePath(runtime, arguments.positional().get(0));
      rest = arguments.tail();
    }
    JinjaAttributePath judged = path;
    Predicate<Object> test = test(runtime, rest);
    return PythonGenerator.select(
        runtime.budget(),
        runtime.iterate(value),
        element -> test.test(judged.of(element)) == wanted);
  }

  private static Predicate<Object> test(JinjaRuntime runtime, JinjaArguments arguments) {
    if (arguments.positional().isEmpty()) {
      return PythonValues::truth;
    }
    String test = name("select", arguments.positional().get(0));
    JinjaArguments rest = arguments.tail();
    return element -> runtime.test(test, element, rest);
  }

  private static String name(String function, Object value) {
    return JinjaArguments.of(value).bind(function, 1, "name").text(0);
  }
}
