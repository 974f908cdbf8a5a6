package io.github.alphaumi.onnx;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * How one value is written: what {@code %05.1f} and {@code {:>10,.2f}} have in common.
 *
 * @param align {@code <}, {@code >}, {@code ^}, {@code =} or blank for the type's own
 * @param sign {@code +}, blank or {@code -}
 * @param grouping thousands separator, or NUL for none
 * @param precision digits or characters, -1 if not given
 * @param type the presentation type, or NUL for the value's own
 */
record PythonFormatSpec(
    int fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char grouping,
    int precision,
    char type) {
  private static final int MAX_PRECISION = 1000;
  private static final int DEFAULT_PRECISION = 6;

  String text(String text, JinjaBudget budget) {
    String cut =
        precision >= 0 && precision < PythonStrings.length(text)
            ? PythonStrings.substring(text, 0, precision)
            : text;
    return pad("", cut, align == ' ' ? '<' : align, budget);
  }

  String number(Object number, JinjaBudget budget) {
    if (precision > MAX_PRECISION) {
      throw new JinjaFault("precision " + precision + " is more than " + MAX_PRECISION);
    }
    boolean real = number instanceof Double || "eEfFgG%".indexOf(type) >= 0;
    String digits = real ? real(PythonNumbers.real(number)) : integer(number);
    boolean negative = digits.startsWith("-");
    String prefix = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    if (alternate && !real && "xXob".indexOf(type) >= 0) {
      prefix += "0" + type;
    }
    String body = negative ? digits.substring(1) : digits;
    if (grouping != '\0') {
      body = grouped(body);
    }
    return pad(prefix, body, align == ' ' ? '>' : align, budget);
  }

  private String pad(String prefix, String body, char alignment, JinjaBudget budget) {
    int missing = width - PythonStrings.length(body) - prefix.length();
    if (missing <= 0) {
      return prefix + body;
    }
    budget.text(width);
    String filling = Character.toString(fill);
    return switch (alignment) {
      case '=' -> prefix + filling.repeat(missing) + body;
      case '>' -> filling.repeat(missing) + prefix + body;
      case '^' ->
          filling.repeat(missing / 2) + prefix + body + filling.repeat(missing - missing / 2);
      default -> prefix + body + filling.repeat(missing);
    };
  }

  private String integer(Object number) {
    return switch (type) {
      case 'x' -> PythonNumbers.big(number).toString(16);
      case 'X' -> PythonNumbers.big(number).toString(16).toUpperCase(Locale.ROOT);
      case 'o' -> PythonNumbers.big(number).toString(8);
      case 'b' -> PythonNumbers.big(number).toString(2);
      case 'd', 'n', '\0' -> PythonNumbers.big(number).toString();
      default ->
          throw new JinjaFault("Unknown format code '" + type + "' for object of type 'int'");
    };
  }

  private String real(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return PythonNumbers.text(value);
    }
    int digits = precision < 0 ? DEFAULT_PRECISION : precision;
    String minus = value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
    BigDecimal size = new BigDecimal(Math.abs(value));
    return minus
        + switch (type) {
          case 'f', 'F' -> fixed(size, digits);
          case '%' -> fixed(new BigDecimal(Math.abs(value * 100)), digits) + "%";
          case 'e' -> scientific(size, digits);
          case 'E' -> scientific(size, digits).toUpperCase(Locale.ROOT);
          case 'G' -> general(size, digits).toUpperCase(Locale.ROOT);
          case 'g', 'n' -> general(size, digits);
          case '\0' -> precision < 0 ? PythonNumbers.text(Math.abs(value)) : general(size, digits);
          default ->
              throw new JinjaFault("Unknown format code '" + type + "' for object of type 'float'");
        };
  }

  private static String fixed(BigDecimal value, int digits) {
    return value.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String scientific(BigDecimal value, int digits) {
    BigDecimal rounded = value.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String mantissa = fixed(rounded.movePointLeft(exponent), digits);
    String size = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
  }

  private static String general(BigDecimal value, int digits) {
    int significant = Math.max(1, digits);
    BigDecimal rounded = value.round(new MathContext(significant, RoundingMode.HALF_EVEN));
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent < -4 || exponent >= significant) {
      String text = scientific(value, significant - 1);
      int e = text.indexOf('e');
      return withoutZeros(text.substring(0, e)) + text.substring(e);
    }
    return withoutZeros(fixed(rounded, Math.max(0, significant - 1 - exponent)));
  }

  private static String withoutZeros(String number) {
    return number.indexOf('.') < 0 ? number : number.replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  private String grouped(String body) {
    int end = 0;
    while (end < body.length() && Character.isDigit(body.charAt(end))) {
      end++;
    }
    StringBuilder grouped = new StringBuilder(body);
    for (int i = end - 3; i > 0; i -= 3) {
      grouped.insert(i, grouping);
    }
    return grouped.toString();
  }
}
