package io.github.alphaumi.onnx;

import java.util.HashMap;
import java.util.Map;

/** The filters by name. */
final class JinjaFilters {
  private static final Map<String, JinjaFilter> FILTERS = filters();

  private JinjaFilters() {}

  private static Map<String, JinjaFilter> filters() {
    Map<String, JinjaFilter> filters = new HashMap<>();
    filters.putAll(JinjaTextFilters.FILTERS);
    filters.putAll(JinjaNumberFilters.FILTERS);
    filters.putAll(JinjaSequenceFilters.FILTERS);
    filters.putAll(JinjaSelectionFilters.FILTERS);
    filters.put("default", JinjaFilters::orDefault);
    filters.put("d", JinjaFilters::orDefault);
    filters.put(
        "attr",
        (runtime, value, arguments) ->
            runtime.ownAttribute(value, arguments.bind("attr", 1, "name").text(0)));
    return Map.copyOf(filters);
  }

  static boolean exists(String name) {
    return FILTERS.containsKey(name);
  }

  static JinjaFilter find(String name) {
    JinjaFilter filter = FILTERS.get(name);
    if (filter == null) {
      throw new JinjaFault("No filter named '" + name + "'");
    }
    return filter;
  }

  private static Object orDefault(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("default", 0, "default_value", "boolean");
    boolean missing =
        value instanceof JinjaUndefined || (bound.truth(1, false) && !PythonValues.truth(value));
    return missing ? bound.or(0, "") : value;
  }
}
