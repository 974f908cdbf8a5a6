package io.github.alphaumi.onnx;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters that make numbers. */
final class JinjaNumberFilters {
  private static final int MAX_PRECISION = 1000;

  static final Map<String, JinjaFilter> FILTERS =
      Map.of(
          "int", (r, v, a) -> integer(v, a),
          "float", (r, v, a) -> real(v, a),
          "round", (r, v, a) -> round(v, a),
          "abs", (r, v, a) -> PythonNumbers.absolute(number(v)),
          "length", (r, v, a) -> PythonValues.length(v),
          "count", (r, v, a) -> PythonValues.length(v));

  private JinjaNumberFilters() {}

  private static Object integer(Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("int", 0, "default", "base");
    refuseUndefined(value);
    Object result = null;
    if (value instanceof String text) {
      result = PythonNumbers.parseInteger(text, bound.integer(1, 10));
      Double real = result == null ? PythonNumbers.parseReal(text) : null;
      result = real == null || isSpecial(real) ? result : PythonNumbers.truncate(real);
    } else if (PythonNumbers.isNumber(value) && !isSpecial(value)) {
      result = PythonNumbers.truncate(value);
    }
    return result == null ? bound.or(0, 0L) : result;
  }

  private static Object real(Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("float", 0, "default");
    refuseUndefined(value);
    @Nullable Object result = null;
    if (value instanceof String text) {
      result = PythonNumbers.parseReal(text);
    } else if (PythonNumbers.isNumber(value)) {
      result = PythonNumbers.real(value);
    }
    return result == null ? bound.or(0, 0.0) : result;
  }

  private static boolean isSpecial(Object value) {
    return value instanceof Double real && (real.isNaN() || real.isInfinite());
  }

  private static Object round(Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("round", 0, "precision", "method");
    int precision = Math.max(-MAX_PRECISION, Math.min(bound.integer(0, 0), MAX_PRECISION));
    RoundingMode mode =
        switch (bound.text(1, "common")) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new JinjaFault("method must be common, ceil or floor");
        };
    Object number = number(value);
    boolean common = mode == RoundingMode.HALF_EVEN;
    if (!(number instanceof Double) && common) {
      BigDecimal exact = new BigDecimal(PythonNumbers.big(number));
      return PythonNumbers.integer(exact.setScale(Math.min(0, precision), mode).toBigInteger());
    }
    double real = PythonNumbers.real(number);
    if (isSpecial(real)) {
      return real;
    }
    if (common) {
      return new BigDecimal(real).setScale(precision, mode).doubleValue();
    }
    double scale = Math.pow(10, precision);
    double scaled = real * scale;
    return (mode == RoundingMode.CEILING ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
  }

  private static Object number(Object value) {
    refuseUndefined(value);
    if (!PythonNumbers.isNumber(value)) {
      throw new JinjaFault("a number is required, not " + PythonValues.type(value));
    }
    return value;
  }

  private static void refuseUndefined(Object value) {
    if (value instanceof JinjaUndefined undefined) {
      throw undefined.fault();
    }
  }
}
