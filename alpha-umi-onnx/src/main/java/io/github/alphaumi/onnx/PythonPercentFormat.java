package io.github.alphaumi.onnx;

import java.util.List;
import java.util.Map;

/** Python's {@code "…%s…" % values}. One per formatting. */
final class PythonPercentFormat {
  private final String format;
  private final Object values;
  private final JinjaBudget budget;
  private final PythonText text;
  private int position;
  private int used;

  private PythonPercentFormat(String format, Object values, JinjaBudget budget) {
    this.format = format;
    this.values = values;
    this.budget = budget;
    this.text = new PythonText(budget);
  }

  static String format(String format, Object values, JinjaBudget budget) {
    return new PythonPercentFormat(format, values, budget).run();
  }

  private String run() {
    BoundedText out = new BoundedText(budget);
    while (position < format.length()) {
      int percent = format.indexOf('%', position);
      if (percent < 0) {
        out.append(format.substring(position));
        break;
      }
      out.append(format.substring(position, percent));
      position = percent + 1;
      out.append(conversion());
    }
    if (values instanceof PythonTuple tuple && used < tuple.size()) {
      throw new JinjaFault("not all arguments converted during string formatting");
    }
    if (!(values instanceof PythonTuple || values instanceof Map || values instanceof List)
        && used == 0) {
      throw new JinjaFault("not all arguments converted during string formatting");
    }
    return out.toString();
  }

  private String conversion() {
    String key = null;
    if (peek() == '(') {
      int close = format.indexOf(')', position);
      if (close < 0) {
        throw new JinjaFault("incomplete format key");
      }
      key = format.substring(position + 1, close);
      position = close + 1;
    }
    String flags = flags();
    int width = number();
    int precision = -1;
    if (peek() == '.') {
      position++;
      precision = Math.max(0, number());
    }
    while ("hlL".indexOf(peek()) >= 0 && peek() != '\0') {
      position++;
    }
    char type = peek();
    position++;
    if (type == '%') {
      return "%";
    }
    Object value = key == null ? next() : member(key);
    return convert(value, flags, Math.max(0, width), precision, type);
  }

  private String convert(Object value, String flags, int width, int precision, char type) {
    boolean left = flags.contains("-");
    boolean zero = flags.contains("0") && !left;
    char sign = flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-';
    char align = left ? '<' : zero ? '=' : '>';
    boolean alternate = flags.contains("#");
    return switch (type) {
      case 's', 'r', 'a' ->
          new PythonFormatSpec(' ', left ? '<' : '>', '-', false, width, '\0', precision, '\0')
              .text(type == 's' ? text.str(value) : text.repr(value), budget);
      case 'c' ->
          new PythonFormatSpec(' ', left ? '<' : '>', '-', false, width, '\0', -1, '\0')
              .text(character(value), budget);
      case 'd', 'i', 'u', 'x', 'X', 'o' -> {
        if (!PythonNumbers.isNumber(value)
            || ("xXo".indexOf(type) >= 0 && value instanceof Double)) {
          throw notANumber(type, value);
        }
        char kind = "diu".indexOf(type) >= 0 ? 'd' : type;
        PythonFormatSpec spec =
            new PythonFormatSpec(zero ? '0' : ' ', align, sign, alternate, width, '\0', -1, kind);
        yield spec.number(PythonNumbers.truncate(value), budget);
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (!PythonNumbers.isNumber(value)) {
          throw notANumber(type, value);
        }
        PythonFormatSpec spec =
            new PythonFormatSpec(
                zero ? '0' : ' ', align, sign, alternate, width, '\0', precision, type);
        yield spec.number(PythonNumbers.real(value), budget);
      }
      default -> throw new JinjaFault("unsupported format character '" + type + "'");
    };
  }

  private static String character(Object value) {
    if (value instanceof String text && PythonStrings.length(text) == 1) {
      return text;
    }
    if (value instanceof Long point && Character.isValidCodePoint(point.intValue())) {
      return Character.toString(point.intValue());
    }
    throw new JinjaFault("%c requires int or char");
  }

  private static JinjaFault notANumber(char type, Object value) {
    return new JinjaFault(
        "%" + type + " format: a real number is required, not " + PythonValues.type(value));
  }

  private String flags() {
    int begin = position;
    while (peek() != '\0' && "-+ #0".indexOf(peek()) >= 0) {
      position++;
    }
    return format.substring(begin, position);
  }

  /** Digits or a star; -1 if there is neither. */
  private int number() {
    if (peek() == '*') {
      position++;
      Object value = next();
      if (!PythonNumbers.isInteger(value)) {
        throw new JinjaFault("* wants int");
      }
      return PythonNumbers.clampedInt(value);
    }
    int begin = position;
    while (peek() >= '0' && peek() <= '9') {
      position++;
    }
    return begin == position ? -1 : smallNumber(format.substring(begin, position));
  }

  static int smallNumber(String digits) {
    if (digits.length() > 9) {
      throw new JinjaFault("too many digits in a format: " + digits.length());
    }
    return Integer.parseInt(digits);
  }

  private Object next() {
    if (values instanceof PythonTuple tuple) {
      if (used < tuple.size()) {
        return tuple.get(used++);
      }
    } else if (used++ == 0) {
      return values;
    }
    throw new JinjaFault("not enough arguments for format string");
  }

  private Object member(String key) {
    if (!(values instanceof Map<?, ?> map)) {
      throw new JinjaFault("format requires a mapping");
    }
    used++;
    Object value = map.get(key);
    if (value == null) {
      throw new JinjaFault("KeyError: '" + key + "'");
    }
    return value;
  }

  private char peek() {
    return position < format.length() ? format.charAt(position) : '\0';
  }
}
