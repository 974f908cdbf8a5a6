package io.github.alphaumi.onnx;

import java.util.List;

/** Python's {@code str.format}, with the sandbox's view of attributes. One per formatting. */
final class PythonBraceFormat {
  private static final int MAX_NESTING = 2;

  private final JinjaRuntime runtime;
  private final JinjaArguments arguments;
  private int automatic;

  private PythonBraceFormat(JinjaRuntime runtime, JinjaArguments arguments) {
    this.runtime = runtime;
    this.arguments = arguments;
  }

  static String format(JinjaRuntime runtime, String format, JinjaArguments arguments) {
    return new PythonBraceFormat(runtime, arguments).run(format, 0);
  }

  private String run(String format, int nesting) {
    if (nesting >= MAX_NESTING) {
      throw new JinjaFault("Max string recursion exceeded");
    }
    BoundedText out = new BoundedText(runtime.budget());
    int position = 0;
    while (position < format.length()) {
      char c = format.charAt(position);
      if (c != '{' && c != '}') {
        int end = position;
        while (end < format.length() && format.charAt(end) != '{' && format.charAt(end) != '}') {
          end++;
        }
        out.append(format.substring(position, end));
        position = end;
      } else if (format.startsWith(c == '{' ? "{{" : "}}", position)) {
        out.append(c);
        position += 2;
      } else if (c == '}') {
        throw new JinjaFault("Single '}' encountered in format string");
      } else {
        int close = close(format, position);
        out.append(field(format.substring(position + 1, close), nesting));
        position = close + 1;
      }
    }
    return out.toString();
  }

  private static int close(String format, int open) {
    int depth = 0;
    for (int i = open; i < format.length(); i++) {
      if (format.charAt(i) == '{') {
        depth++;
      } else if (format.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    throw new JinjaFault("expected '}' before end of string");
  }

  private String field(String field, int nesting) {
    int colon = field.indexOf(':');
    String name = colon < 0 ? field : field.substring(0, colon);
    int bang = name.indexOf('!');
    // The value comes first: both take automatic numbers.
    Object value = lookup(bang < 0 ? name : name.substring(0, bang));
    String spec = colon < 0 ? "" : run(field.substring(colon + 1), nesting + 1);
    if (bang >= 0) {
      boolean plain = name.substring(bang).equals("!s");
      value = plain ? runtime.text().str(value) : runtime.text().repr(value);
    }
    return spec.isEmpty() ? runtime.text().str(value) : write(value, spec);
  }

  private Object lookup(String path) {
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Object value = argument(path.substring(0, end));
    while (end < path.length()) {
      int begin = end + 1;
      if (path.charAt(end) == '[') {
        int close = path.indexOf(']', begin);
        if (close < 0) {
          throw new JinjaFault("Missing ']' in format string");
        }
        String key = path.substring(begin, close);
        value = runtime.item(value, isDigits(key) ? (Object) (long) number(key) : key);
        end = close + 1;
      } else {
        end = begin;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        value = runtime.attribute(value, path.substring(begin, end));
      }
    }
    return value;
  }

  private Object argument(String name) {
    if (!name.isEmpty() && !isDigits(name)) {
      Object value = arguments.named().get(name);
      if (value == null) {
        throw new JinjaFault("KeyError: '" + name + "'");
      }
      return value;
    }
    List<Object> positional = arguments.positional();
    int index = name.isEmpty() ? automatic++ : number(name);
    if (index >= positional.size()) {
      throw new JinjaFault(
          "Replacement index " + index + " out of range for positional args tuple");
    }
    return positional.get(index);
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static int number(String digits) {
    return PythonPercentFormat.smallNumber(digits);
  }

  private String write(Object value, String spec) {
    int i = 0;
    int fill = ' ';
    char align = ' ';
    int first = Character.charCount(spec.codePointAt(0));
    if (spec.length() > first && "<>=^".indexOf(spec.charAt(first)) >= 0) {
      fill = spec.codePointAt(0);
      align = spec.charAt(first);
      i = first + 1;
    } else if ("<>=^".indexOf(spec.charAt(0)) >= 0) {
      align = spec.charAt(i++);
    }
    char sign = '-';
    if (i < spec.length() && "+- ".indexOf(spec.charAt(i)) >= 0) {
      sign = spec.charAt(i++);
    }
    boolean alternate = i < spec.length() && spec.charAt(i) == '#';
    i += alternate ? 1 : 0;
    if (i < spec.length() && spec.charAt(i) == '0') {
      fill = align == ' ' ? '0' : fill;
      align = align == ' ' ? '=' : align;
      i++;
    }
    int digits = digitsEnd(spec, i);
    int width = digits > i ? number(spec.substring(i, digits)) : 0;
    i = digits;
    char grouping =
        i < spec.length() && ",_".indexOf(spec.charAt(i)) >= 0 ? spec.charAt(i++) : '\0';
    int precision = -1;
    if (i < spec.length() && spec.charAt(i) == '.') {
      int end = digitsEnd(spec, i + 1);
      if (end == i + 1) {
        throw new JinjaFault("Format specifier missing precision");
      }
      precision = number(spec.substring(i + 1, end));
      i = end;
    }
    char type = i < spec.length() ? spec.charAt(i++) : '\0';
    if (i < spec.length()) {
      throw new JinjaFault("Invalid format specifier '" + spec + "'");
    }
    PythonFormatSpec format =
        new PythonFormatSpec(fill, align, sign, alternate, width, grouping, precision, type);
    return write(value, format);
  }

  private String write(Object value, PythonFormatSpec format) {
    if (PythonNumbers.isNumber(value) && !(value instanceof Boolean && format.type() == '\0')) {
      return format.number(value, runtime.budget());
    }
    if (format.type() != '\0' && format.type() != 's') {
      throw new JinjaFault(
          "Unknown format code '"
              + format.type()
              + "' for object of type '"
              + PythonValues.type(value)
              + "'");
    }
    return format.text(runtime.text().str(value), runtime.budget());
  }

  private static int digitsEnd(String spec, int from) {
    int end = from;
    while (end < spec.length() && spec.charAt(end) >= '0' && spec.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
