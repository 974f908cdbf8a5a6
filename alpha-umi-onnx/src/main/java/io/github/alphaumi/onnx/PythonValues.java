package io.github.alphaumi.onnx;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template: None ({@link PythonNone}), bool (Boolean), int (Long, or BigInteger
 * beyond it), float (Double), str (String), list (List), {@link PythonTuple}, {@link PythonRange},
 * dict (Map), {@link PythonView}, {@link PythonGenerator}, {@link JinjaUndefined}, functions and
 * objects. Never Java's null.
 */
final class PythonValues {
  private PythonValues() {}

  /** A deep copy of a caller's value as a template's value. */
  static Object fromJava(@Nullable Object value, JinjaBudget budget) {
    budget.enter();
    Object result = convert(value, budget);
    budget.leave();
    return result;
  }

  private static Object convert(@Nullable Object value, JinjaBudget budget) {
    if (value == null) {
      return PythonNone.NONE;
    }
    if (value instanceof String || value instanceof Boolean || value instanceof Double) {
      return value;
    }
    if (value instanceof BigInteger big) {
      return PythonNumbers.integer(big);
    }
    if (value instanceof Float || value instanceof BigDecimal) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof Number number) {
      return number.longValue();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> dict = new LinkedHashMap<>();
      map.forEach((key, entry) -> dict.put(fromJava(key, budget), fromJava(entry, budget)));
      return dict;
    }
    if (value instanceof Collection<?> collection) {
      List<Object> list = new ArrayList<>(collection.size());
      collection.forEach(element -> list.add(fromJava(element, budget)));
      return list;
    }
    if (value instanceof CharSequence || value instanceof Character || value instanceof Enum<?>) {
      return value.toString();
    }
    throw new IllegalArgumentException(
        "a variable of a chat template holds a "
            + value.getClass().getName()
            + "; pass Map, Collection, String, Number, Boolean or null");
  }

  /** Python's name of the value's type. */
  static String type(Object value) {
    if (value instanceof String) {
      return "str";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (PythonNumbers.isNumber(value)) {
      return value instanceof Double ? "float" : "int";
    }
    if (value instanceof Map<?, ?>) {
      return "dict";
    }
    if (value instanceof List<?>) {
      return value instanceof PythonTuple
          ? "tuple"
          : value instanceof PythonRange ? "range" : "list";
    }
    if (value instanceof PythonView view) {
      return view.type();
    }
    return otherType(value);
  }

  private static String otherType(Object value) {
    if (value == PythonNone.NONE) {
      return "NoneType";
    }
    if (value instanceof JinjaUndefined) {
      return "Undefined";
    }
    if (value instanceof PythonGenerator) {
      return "generator";
    }
    if (value instanceof JinjaObject object) {
      return object.type();
    }
    return value instanceof PythonSlice ? "slice" : "function";
  }

  static boolean truth(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof Long number) {
      return number != 0;
    }
    if (value instanceof Double number) {
      return number != 0;
    }
    if (value == PythonNone.NONE || value instanceof JinjaUndefined) {
      return false;
    }
    int length = sizeOrMinusOne(value);
    return length != 0;
  }

  /** The length as {@code len} sees it. */
  static long length(Object value) {
    if (value instanceof String text) {
      return PythonStrings.length(text);
    }
    if (value instanceof JinjaUndefined) {
      return 0;
    }
    int size = sizeOrMinusOne(value);
    if (size < 0) {
      throw new JinjaFault("object of type '" + type(value) + "' has no len()");
    }
    return size;
  }

  /** Elements of a container or UTF-16 units of a text; -1 for anything else. */
  static int sizeOrMinusOne(Object value) {
    if (value instanceof String text) {
      return text.length();
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    if (value instanceof PythonView view) {
      return view.elements().size();
    }
    return value instanceof JinjaLoop loop ? loop.size() : -1;
  }

  static boolean isIterable(Object value) {
    return value instanceof JinjaUndefined
        || value instanceof PythonGenerator
        || sizeOrMinusOne(value) >= 0 && !(value instanceof JinjaLoop);
  }

  static Iterator<Object> iterate(Object value) {
    return value instanceof PythonGenerator generator ? generator : elements(value).iterator();
  }

  /** All elements; a generator is exhausted by this. */
  static List<Object> elements(Object value) {
    if (value instanceof List<?> list) {
      return list(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof PythonView view) {
      return view.elements();
    }
    if (value instanceof JinjaUndefined) {
      return List.of();
    }
    List<Object> elements = new ArrayList<>();
    if (value instanceof String text) {
      text.codePoints().forEach(point -> elements.add(Character.toString(point)));
      return elements;
    }
    if (value instanceof PythonGenerator generator) {
      generator.forEachRemaining(elements::add);
      return elements;
    }
    throw new JinjaFault("'" + type(value) + "' object is not iterable");
  }

  /** Safe because every container in a template holds only values of a template. */
  @SuppressWarnings("unchecked")
  static List<Object> list(List<?> list) {
    return (List<Object>) list;
  }

  /** Safe for the same reason. */
  @SuppressWarnings("unchecked")
  static Map<Object, Object> dict(Map<?, ?> map) {
    return (Map<Object, Object>) map;
  }
}
