package io.github.alphaumi.core;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Python's {@code json.dumps} writes it, which is what the models were trained on: {@code
 * ", "} between members, {@code ": "} after keys, floats as Python's {@code repr}.
 *
 * <p>Two differences on purpose: what is not a number becomes null, because {@code NaN} is not
 * JSON; and a decimal with more digits than a float can hold keeps them, because these may be an
 * amount of money.
 */
public final class PythonJson {
  /** Enough digits to tell any two doubles apart. */
  private static final int DOUBLE_DIGITS = 17;

  /** Python's repr uses an exponent below and from these powers of ten. */
  private static final int SMALLEST_PLAIN = -4;

  private static final int SMALLEST_SCIENTIFIC = 16;

  private final StringBuilder out = new StringBuilder();
  private final boolean asciiOnly;
  private final int indent;

  /** Spaces before the members at work; only counted where there is an indent. */
  private int depth;

  private PythonJson(boolean asciiOnly, int indent) {
    this.asciiOnly = asciiOnly;
    this.indent = indent;
  }

  /** Like {@code json.dumps(value, ensure_ascii=False)}. */
  public static String write(@Nullable Object value) {
    return new PythonJson(false, 0).value(value).out.toString();
  }

  /** Like {@code json.dumps(value)}: other characters than ASCII are escaped. */
  public static String writeAscii(@Nullable Object value) {
    return new PythonJson(true, 0).value(value).out.toString();
  }

  /**
   * Like {@code json.dumps(value, indent=indent)}.
   *
   * @param indent spaces for each level, more than 0
   */
  public static String writeAscii(@Nullable Object value, int indent) {
    if (indent < 1) {
      throw new IllegalArgumentException("indent: " + indent + " is less than 1");
    }
    return new PythonJson(true, indent).value(value).out.toString();
  }

  private PythonJson value(@Nullable Object value) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof List<?> list) {
      array(list);
    } else if (value instanceof Double number) {
      out.append(number(number));
    } else if (value instanceof Float number) {
      // By its text: widening would show digits that nobody wrote (0.1f is 0.10000000149011612).
      out.append(number(Double.parseDouble(number.toString())));
    } else if (value instanceof BigDecimal decimal) {
      out.append(number(decimal));
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      string(value.toString());
    }
    return this;
  }

  private void object(Map<?, ?> map) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    boolean first = true;
    out.append('{');
    depth += indent;
    for (Map.Entry<?, ?> member : map.entrySet()) {
      separate(first);
      string(String.valueOf(member.getKey()));
      out.append(": ");
      value(member.getValue());
      first = false;
    }
    close('}');
  }

  private void array(List<?> list) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    boolean first = true;
    out.append('[');
    depth += indent;
    for (Object item : list) {
      separate(first);
      value(item);
      first = false;
    }
    close(']');
  }

  private void separate(boolean first) {
    if (indent == 0) {
      out.append(first ? "" : ", ");
    } else {
      out.append(first ? "\n" : ",\n").append(" ".repeat(depth));
    }
  }

  private void close(char bracket) {
    depth -= indent;
    if (indent > 0) {
      out.append('\n').append(" ".repeat(depth));
    }
    out.append(bracket);
  }

  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "null";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    return repr(shortest(value));
  }

  /**
   * A decimal is what JSON text was read into: one with a point or an exponent is a float to
   * Python, one without is an integer.
   */
  private static String number(BigDecimal value) {
    if (value.scale() == 0) {
      return value.toString();
    }
    double nearest = value.doubleValue();
    boolean isDouble =
        !Double.isInfinite(nearest)
            && (nearest == 0 ? value.signum() == 0 : shortest(nearest).compareTo(value) == 0);
    // Never toPlainString: an exponent of a few characters would become gigabytes of zeros.
    return isDouble ? number(nearest) : value.toString();
  }

  /**
   * The fewest digits that read back as this double, the nearest of these; {@link Double#toString}
   * gives more than needed before JDK 19.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < DOUBLE_DIGITS; digits++) {
      for (RoundingMode rounding :
          List.of(RoundingMode.HALF_EVEN, RoundingMode.CEILING, RoundingMode.FLOOR)) {
        BigDecimal rounded = exact.round(new MathContext(digits, rounding));
        if (rounded.doubleValue() == value) {
          return rounded;
        }
      }
    }
    return exact.round(new MathContext(DOUBLE_DIGITS, RoundingMode.HALF_EVEN));
  }

  private static String repr(BigDecimal value) {
    BigDecimal digits = value.stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= SMALLEST_PLAIN && exponent < SMALLEST_SCIENTIFIC) {
      String plain = digits.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String all = digits.unscaledValue().abs().toString();
    return (digits.signum() < 0 ? "-" : "")
        + all.charAt(0)
        + (all.length() > 1 ? "." + all.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
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
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
