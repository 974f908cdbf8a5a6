package io.github.alphaumi.onnx;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's numbers: bool and int of any size, and float with its shortest representation. */
final class PythonNumbers {
  private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int DOUBLE_DIGITS = 17;
  private static final int MAX_LITERAL_CHARS = JinjaBudget.MAX_INTEGER_BITS / 3;
  private static final Pattern FLOAT =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,9})?");

  private PythonNumbers() {}

  static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static boolean isInteger(Object value) {
    return isNumber(value) && !(value instanceof Double);
  }

  /** The integer in its one form: Long where it fits. */
  static Object integer(BigInteger value) {
    if (value.bitLength() > JinjaBudget.MAX_INTEGER_BITS) {
      throw new JinjaFault("an integer needs more than " + JinjaBudget.MAX_INTEGER_BITS + " bits");
    }
    if (value.compareTo(MIN_LONG) >= 0 && value.compareTo(MAX_LONG) <= 0) {
      return value.longValue();
    }
    return value;
  }

  static BigInteger big(Object integer) {
    if (integer instanceof BigInteger big) {
      return big;
    }
    if (integer instanceof Boolean bool) {
      return bool ? BigInteger.ONE : BigInteger.ZERO;
    }
    return BigInteger.valueOf(((Number) integer).longValue());
  }

  static double real(Object number) {
    if (number instanceof Double real) {
      return real;
    }
    double real = big(number).doubleValue();
    if (Double.isInfinite(real)) {
      throw new JinjaFault("int too large to convert to float");
    }
    return real;
  }

  static int clampedInt(Object integer) {
    BigInteger value = big(integer);
    if (value.bitLength() < Integer.SIZE) {
      return value.intValue();
    }
    return value.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
  }

  static int compare(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (left instanceof Double || right instanceof Double) {
      double a = left instanceof Double real ? real : big(left).doubleValue();
      double b = right instanceof Double real ? real : big(right).doubleValue();
      boolean exact = Double.isInfinite(a) || Double.isInfinite(b) || a != b;
      return exact ? Double.compare(a, b) : exact(left).compareTo(exact(right));
    }
    return big(left).compareTo(big(right));
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(big(number));
  }

  static boolean isNaN(Object value) {
    return value instanceof Double real && real.isNaN();
  }

  static Object negate(Object number) {
    return number instanceof Double real ? (Object) (-real) : integer(big(number).negate());
  }

  static Object absolute(Object number) {
    return number instanceof Double real ? (Object) Math.abs(real) : integer(big(number).abs());
  }

  /** The number without its fraction, as {@code int(x)}. */
  static Object truncate(Object number) {
    if (!(number instanceof Double real)) {
      return integer(big(number));
    }
    if (real.isNaN() || real.isInfinite()) {
      throw new JinjaFault("cannot convert float " + text(real) + " to integer");
    }
    return integer(new BigDecimal(real).toBigInteger());
  }

  /** Python's {@code int(text, base)}, or null where that is a ValueError. */
  static @Nullable Object parseInteger(String text, int base) {
    String digits = PythonStrings.strip(text).replaceAll("(?<=\\w)_(?=\\w)", "");
    boolean prefixed = digits.matches("(?i)[+-]?0[xob]\\w+");
    int prefix = prefixed ? digits.indexOf('0') : -1;
    if (prefixed) {
      int radix =
          switch (Character.toLowerCase(digits.charAt(prefix + 1))) {
            case 'x' -> 16;
            case 'o' -> 8;
            default -> 2;
          };
      if (base == radix || base == 0) {
        return parseInteger(digits.substring(0, prefix) + digits.substring(prefix + 2), radix);
      }
    }
    int radix = base == 0 ? 10 : base;
    if (radix < 2 || radix > 36 || digits.isEmpty() || digits.length() > MAX_LITERAL_CHARS) {
      return null;
    }
    try {
      return integer(new BigInteger(digits, radix));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Python's {@code float(text)}, or null where that is a ValueError. */
  static @Nullable Double parseReal(String text) {
    String digits = PythonStrings.strip(text).replaceAll("(?<=\\d)_(?=\\d)", "");
    if (digits.length() > MAX_LITERAL_CHARS) {
      return null;
    }
    if (FLOAT.matcher(digits).matches()) {
      return Double.valueOf(digits);
    }
    return switch (digits.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      case "nan", "+nan", "-nan" -> Double.NaN;
      default -> null;
    };
  }

  /** Python's representation: the shortest digits that read back as the same number. */
  static String text(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String sign = value < 0 || 1 / value < 0 ? "-" : "";
    if (value == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = shortest(Math.abs(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int point = digits.length() - shortest.scale();
    if (point > -4 && point <= 16) {
      String plain = shortest.toPlainString();
      return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }
    int exponent = point - 1;
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String size = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
  }

  /** Not Double.toString, which gives more digits than needed before JDK 19. */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < DOUBLE_DIGITS; digits++) {
      BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (nearest.doubleValue() == value) {
        return nearest;
      }
      // Next to a power of two the nearest may lie outside the interval and its neighbour inside.
      BigDecimal above = exact.round(new MathContext(digits, RoundingMode.CEILING));
      if (above.doubleValue() == value) {
        return above;
      }
    }
    return exact.round(new MathContext(DOUBLE_DIGITS, RoundingMode.HALF_EVEN));
  }
}
