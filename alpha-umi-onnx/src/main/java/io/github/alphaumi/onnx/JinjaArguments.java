package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of one call, evaluated. */
record JinjaArguments(List<Object> positional, Map<String, Object> named) {
  static final JinjaArguments NONE = new JinjaArguments(List.of(), Map.of());

  static JinjaArguments of(Object... positional) {
    return new JinjaArguments(List.of(positional), Map.of());
  }

  boolean isEmpty() {
    return positional.isEmpty() && named.isEmpty();
  }

  JinjaArguments withNamed(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(named);
    more.put(name, value);
    return new JinjaArguments(positional, more);
  }

  /** The arguments without the first positional one. */
  JinjaArguments tail() {
    return new JinjaArguments(positional.subList(1, positional.size()), named);
  }

  /**
   * Sorts the arguments by parameter.
   *
   * @param required how many of the parameters must be given
   */
  Bound bind(String function, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new JinjaFault(
          function
              + "() takes at most "
              + parameters.length
              + " arguments ("
              + positional.size()
              + " given)");
    }
    List<@Nullable Object> values = new ArrayList<>(positional);
    while (values.size() < parameters.length) {
      values.add(null);
    }
    named.forEach(
        (name, value) -> {
          int index = Arrays.asList(parameters).indexOf(name);
          if (index < 0) {
            throw new JinjaFault(function + "() got an unexpected keyword argument '" + name + "'");
          }
          if (index < positional.size()) {
            throw new JinjaFault(function + "() got multiple values for argument '" + name + "'");
          }
          values.set(index, value);
        });
    for (int i = 0; i < required; i++) {
      if (values.get(i) == null) {
        throw new JinjaFault(function + "() is missing the argument '" + parameters[i] + "'");
      }
    }
    return new Bound(function, List.of(parameters), values);
  }

  /** Arguments by the index of their parameter. */
  record Bound(String function, List<String> parameters, List<@Nullable Object> values) {
    boolean has(int index) {
      return values.get(index) != null;
    }

    /** A required argument. */
    Object get(int index) {
      return or(index, PythonNone.NONE);
    }

    Object or(int index, Object otherwise) {
      Object value = values.get(index);
      return value == null ? otherwise : value;
    }

    boolean truth(int index, boolean otherwise) {
      Object value = values.get(index);
      return value == null ? otherwise : PythonValues.truth(value);
    }

    /** A text; None and absence are the default. */
    String text(int index, String otherwise) {
      Object value = or(index, PythonNone.NONE);
      if (value == PythonNone.NONE) {
        return otherwise;
      }
      if (value instanceof String text) {
        return text;
      }
      throw wrongType(index, "str", value);
    }

    String text(int index) {
      if (get(index) instanceof String text) {
        return text;
      }
      throw wrongType(index, "str", get(index));
    }

    /** An integer, cut to Java's int; None and absence are the default. */
    int integer(int index, int otherwise) {
      Object value = or(index, PythonNone.NONE);
      if (value == PythonNone.NONE) {
        return otherwise;
      }
      if (PythonNumbers.isInteger(value)) {
        return PythonNumbers.clampedInt(value);
      }
      throw wrongType(index, "int", value);
    }

    private JinjaFault wrongType(int index, String wanted, Object value) {
      if (value instanceof JinjaUndefined undefined) {
        return undefined.fault();
      }
      return new JinjaFault(
          function
              + "() argument '"
              + parameters.get(index)
              + "' must be "
              + wanted
              + ", not "
              + PythonValues.type(value));
    }
  }
}
