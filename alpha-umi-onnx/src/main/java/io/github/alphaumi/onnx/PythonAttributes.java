package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attributes and elements of values. As Jinja2's immutable sandbox has it: what would change a list
 * or dict, and Python's internals, are there but must not be used.
 */
final class PythonAttributes {
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private final JinjaRuntime runtime;

  PythonAttributes(JinjaRuntime runtime) {
    this.runtime = runtime;
  }

  /** {@code target.name}: an attribute, else an element of that name. */
  Object attribute(Object target, String name) {
    refuseUndefined(target);
    Object attribute = find(target, name);
    if (attribute != null) {
      return attribute;
    }
    Object element = target instanceof Map<?, ?> map ? map.get(name) : null;
    return element != null ? element : JinjaUndefined.attribute(target, name);
  }

  /** {@code target|attr(name)}: an attribute and never an element. */
  Object ownAttribute(Object target, String name) {
    refuseUndefined(target);
    Object attribute = find(target, name);
    return attribute != null ? attribute : JinjaUndefined.attribute(target, name);
  }

  /** {@code target[key]}: an element, else an attribute of that name. */
  Object item(Object target, Object key) {
    refuseUndefined(target);
    Object element = element(target, key);
    if (element != null) {
      return element;
    }
    if (key instanceof String name) {
      Object attribute = find(target, name);
      return attribute != null ? attribute : JinjaUndefined.attribute(target, name);
    }
    return JinjaUndefined.element(target, runtime.text().repr(key));
  }

  private static void refuseUndefined(Object target) {
    if (target instanceof JinjaUndefined undefined) {
      throw undefined.fault();
    }
  }

  private static @Nullable Object element(Object target, Object key) {
    if (key instanceof PythonSlice slice) {
      return slice.of(target);
    }
    if (target instanceof Map<?, ?> map) {
      return PythonDicts.isHashable(key) ? PythonDicts.find(map, key) : null;
    }
    if (!PythonNumbers.isInteger(key)) {
      return null;
    }
    int index = PythonNumbers.clampedInt(key);
    if (target instanceof List<?> list) {
      int at = index < 0 ? index + list.size() : index;
      return at >= 0 && at < list.size() ? list.get(at) : null;
    }
    if (target instanceof String text) {
      int length = PythonStrings.length(text);
      int at = index < 0 ? index + length : index;
      return at >= 0 && at < length ? PythonStrings.substring(text, at, at + 1) : null;
    }
    return null;
  }

  private @Nullable Object find(Object target, String name) {
    if (name.startsWith("__") && name.endsWith("__") && name.length() > 4) {
      return JinjaUndefined.forbidden(target, name);
    }
    if (target instanceof String text) {
      return PythonStringMethods.find(runtime, text, name);
    }
    if (target instanceof Map<?, ?> map) {
      return DICT_CHANGES.contains(name)
          ? JinjaUndefined.forbidden(target, name)
          : dictMethod(PythonValues.dict(map), name);
    }
    if (target instanceof PythonTuple tuple && tuple.names().contains(name)) {
      return tuple.get(tuple.names().indexOf(name));
    }
    if (target instanceof List<?> list) {
      boolean changes = LIST_CHANGES.contains(name) && PythonValues.type(list).equals("list");
      return changes
          ? JinjaUndefined.forbidden(target, name)
          : listMethod(PythonValues.list(list), name);
    }
    return target instanceof JinjaObject object ? object.attribute(name) : null;
  }

  private @Nullable JinjaFunction dictMethod(Map<Object, Object> dict, String name) {
    return switch (name) {
      case "keys" -> view("dict_keys", dict, dict.keySet());
      case "values" -> view("dict_values", dict, dict.values());
      case "items" -> arguments -> items(dict);
      case "copy" ->
          arguments -> {
            runtime.budget().elements(dict.size());
            return new LinkedHashMap<>(dict);
          };
      case "get" ->
          arguments -> {
            JinjaArguments.Bound bound = arguments.bind("get", 1, "key", "default");
            if (!PythonDicts.isHashable(bound.get(0))) {
              throw new JinjaFault("unhashable type: '" + PythonValues.type(bound.get(0)) + "'");
            }
            Object value = PythonDicts.find(dict, bound.get(0));
            return value != null ? value : bound.or(1, PythonNone.NONE);
          };
      default -> null;
    };
  }

  private JinjaFunction view(String type, Map<Object, Object> dict, Iterable<Object> elements) {
    return arguments -> {
      runtime.budget().elements(dict.size());
      List<Object> list = new ArrayList<>(dict.size());
      elements.forEach(list::add);
      return new PythonView(type, list);
    };
  }

  PythonView items(Map<Object, Object> dict) {
    runtime.budget().elements(2L * dict.size());
    List<Object> pairs = new ArrayList<>(dict.size());
    dict.forEach((key, value) -> pairs.add(PythonTuple.of(key, value)));
    return new PythonView("dict_items", pairs);
  }

  private @Nullable JinjaFunction listMethod(List<Object> list, String name) {
    return switch (name) {
      case "copy" ->
          arguments -> {
            runtime.budget().elements(list.size());
            return new ArrayList<>(list);
          };
      case "count" ->
          arguments -> {
            Object wanted = arguments.bind("count", 1, "value").get(0);
            return list.stream().filter(e -> runtime.operators().equal(e, wanted)).count();
          };
      case "index" ->
          arguments -> {
            Object wanted = arguments.bind("index", 1, "value").get(0);
            for (int i = 0; i < list.size(); i++) {
              if (runtime.operators().equal(list.get(i), wanted)) {
                return (long) i;
              }
            }
            throw new JinjaFault(runtime.text().repr(wanted) + " is not in list");
          };
      default -> null;
    };
  }
}
