package io.github.alphaumi.onnx;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's rules for the keys of a dict: {@code 1}, {@code 1.0} and {@code True} are one key. */
final class PythonDicts {
  private PythonDicts() {}

  static boolean isHashable(Object key) {
    return !(key instanceof Map<?, ?>) && (!(key instanceof List<?>) || key instanceof PythonTuple);
  }

  static @Nullable Object find(Map<?, ?> dict, Object key) {
    Object found = dict.get(key);
    if (found != null || !PythonNumbers.isNumber(key)) {
      return found;
    }
    for (Object twin : twins(key)) {
      found = dict.get(twin);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Keeps the first form of a key, as Python does. */
  static void put(Map<Object, Object> dict, Object key, Object value) {
    if (!isHashable(key)) {
      throw new JinjaFault("unhashable type: '" + PythonValues.type(key) + "'");
    }
    if (PythonNumbers.isNumber(key)) {
      for (Object twin : twins(key)) {
        if (dict.containsKey(twin)) {
          dict.put(twin, value);
          return;
        }
      }
    }
    dict.put(key, value);
  }

  /** The other forms in which an equal number may be stored. */
  private static List<Object> twins(Object key) {
    double real = key instanceof Double exact ? exact : PythonNumbers.big(key).doubleValue();
    boolean whole = real == Math.rint(real) && Math.abs(real) <= 1L << 53;
    if (!whole) {
      return List.of();
    }
    return real == 0 || real == 1
        ? List.of((long) real, real, real == 1)
        : List.of((long) real, real);
  }
}
