package io.github.alphaumi.onnx;

import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr} of values, within a budget. */
final class PythonText {
  private final JinjaBudget budget;

  PythonText(JinjaBudget budget) {
    this.budget = budget;
  }

  String str(Object value) {
    if (value instanceof String text) {
      return text;
    }
    return value instanceof JinjaUndefined ? "" : repr(value);
  }

  String repr(Object value) {
    BoundedText out = new BoundedText(budget);
    repr(value, out);
    return out.toString();
  }

  private void repr(Object value, BoundedText out) {
    budget.enter();
    if (value instanceof String text) {
      quote(text, out);
    } else if (value instanceof PythonRange) {
      out.append(value.toString());
    } else if (value instanceof PythonTuple tuple) {
      elements(tuple, "(", tuple.size() == 1 ? ",)" : ")", out);
    } else if (value instanceof List<?> list) {
      elements(list, "[", "]", out);
    } else if (value instanceof PythonView view) {
      elements(view.elements(), view.type() + "([", "])", out);
    } else if (value instanceof Map<?, ?> map) {
      dict(map, out);
    } else {
      out.append(atom(value));
    }
    budget.leave();
  }

  private void elements(List<?> elements, String begin, String end, BoundedText out) {
    String separator = begin;
    for (Object element : elements) {
      out.append(separator);
      repr(element, out);
      separator = ", ";
    }
    out.append(elements.isEmpty() ? begin + end : end);
  }

  private void dict(Map<?, ?> map, BoundedText out) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      repr(entry.getKey(), out);
      out.append(": ");
      repr(entry.getValue(), out);
      separator = ", ";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static String atom(Object value) {
    if (value == PythonNone.NONE) {
      return "None";
    }
    if (value instanceof Boolean bool) {
      return bool ? "True" : "False";
    }
    if (value instanceof Double real) {
      return PythonNumbers.text(real);
    }
    if (value instanceof Number) {
      return value.toString();
    }
    return value instanceof JinjaUndefined
        ? "Undefined"
        : "<" + PythonValues.type(value) + " object>";
  }

  private static void quote(String text, BoundedText out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder quoted = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints().forEach(point -> escape(point, quote, quoted));
    out.append(quoted.append(quote).toString());
  }

  private static void escape(int point, char quote, StringBuilder out) {
    switch (point) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (point == quote) {
          out.append('\\').append(quote);
        } else if (isPrintable(point)) {
          out.appendCodePoint(point);
        } else if (point < 0x100) {
          out.append(String.format("\\x%02x", point));
        } else {
          out.append(String.format(point < 0x10000 ? "\\u%04x" : "\\U%08x", point));
        }
      }
    }
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }
}
