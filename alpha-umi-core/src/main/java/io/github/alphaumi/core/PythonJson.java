package io.github.alphaumi.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Python's {@code json.dumps} writes it, which is what the models were trained on: {@code
 * ", "} between members, {@code ": "} after keys.
 */
final class PythonJson {
  private final StringBuilder out = new StringBuilder();
  private final boolean asciiOnly;

  private PythonJson(boolean asciiOnly) {
    this.asciiOnly = asciiOnly;
  }

  /** Like {@code json.dumps(value, ensure_ascii=False)}. */
  static String write(@Nullable Object value) {
    return new PythonJson(false).value(value).out.toString();
  }

  /** Like {@code json.dumps(value)}: other characters than ASCII are escaped. */
  static String writeAscii(@Nullable Object value) {
    return new PythonJson(true).value(value).out.toString();
  }

  private PythonJson value(@Nullable Object value) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof List<?> list) {
      array(list);
    } else if (value instanceof Double || value instanceof Float) {
      out.append(number(((Number) value).doubleValue()));
    } else if (value instanceof BigDecimal decimal) {
      out.append(decimal.toPlainString());
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      string(value.toString());
    }
    return this;
  }

  private void object(Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(separator);
      string(String.valueOf(member.getKey()));
      out.append(": ");
      value(member.getValue());
      separator = ", ";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private void array(List<?> list) {
    String separator = "[";
    for (Object item : list) {
      out.append(separator);
      value(item);
      separator = ", ";
    }
    out.append(list.isEmpty() ? "[]" : "]");
  }

  /** Whole numbers below 10^16 keep one decimal, as Python's repr of a float. */
  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "null";
    }
    String plain = BigDecimal.valueOf(value).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || (asciiOnly && c > 0x7e)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
