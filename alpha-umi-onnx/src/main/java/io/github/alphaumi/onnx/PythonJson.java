package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Python's {@code json.dumps}, which transformers puts in the place of Jinja2's {@code tojson}: no
 * HTML escapes, blanks after separators, members in their order.
 */
final class PythonJson {
  private final JinjaBudget budget;
  private final BoundedText out;
  private final boolean ascii;
  private final boolean sorted;
  private final boolean indented;
  private final String indent;
  private final String itemSeparator;
  private final String keySeparator;

  private PythonJson(JinjaBudget budget, JinjaArguments.Bound options) {
    this.budget = budget;
    this.out = new BoundedText(budget);
    this.ascii = options.truth(0, false);
    Object width = options.or(1, PythonNone.NONE);
    this.indented = width != PythonNone.NONE;
    this.indent = indent(width, options);
    Object separators = options.or(2, PythonNone.NONE);
    if (separators instanceof List<?> pair
        && pair.size() == 2
        && pair.get(0) instanceof String item
        && pair.get(1) instanceof String key) {
      this.itemSeparator = item;
      this.keySeparator = key;
    } else if (separators == PythonNone.NONE) {
      this.itemSeparator = indented ? "," : ", ";
      this.keySeparator = ": ";
    } else {
      throw new JinjaFault("tojson() argument 'separators' must be two strings");
    }
    this.sorted = options.truth(3, false);
  }

  private static String indent(Object width, JinjaArguments.Bound options) {
    if (width instanceof String text) {
      return text;
    }
    int blanks = options.integer(1, 0);
    if (blanks > JinjaBudget.MAX_TEXT_CHARS) {
      throw new JinjaFault("tojson() argument 'indent' is too large: " + blanks);
    }
    return " ".repeat(Math.max(0, blanks));
  }

  static String write(JinjaBudget budget, Object value, JinjaArguments arguments) {
    PythonJson json =
        new PythonJson(
            budget,
            arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys"));
    json.value(value, 1);
    return json.out.toString();
  }

  private void value(Object value, int depth) {
    budget.enter();
    if (value instanceof String text) {
      string(text);
    } else if (value instanceof List<?> list && !(value instanceof PythonRange)) {
      list(list, depth);
    } else if (value instanceof Map<?, ?> map) {
      dict(map, depth);
    } else {
      out.append(atom(value));
    }
    budget.leave();
  }

  private void list(List<?> list, int depth) {
    out.append('[');
    boolean first = true;
    for (Object element : list) {
      separate(first, depth);
      value(element, depth + 1);
      first = false;
    }
    close(list.isEmpty(), depth, ']');
  }

  private void dict(Map<?, ?> map, int depth) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : entries(map)) {
      separate(first, depth);
      Object key = entry.getKey();
      string(key instanceof String text ? text : key(key));
      out.append(keySeparator);
      value(entry.getValue(), depth + 1);
      first = false;
    }
    close(map.isEmpty(), depth, '}');
  }

  private List<Map.Entry<?, ?>> entries(Map<?, ?> map) {
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sorted) {
      PythonOperators operators = new PythonOperators(budget);
      entries.sort((a, b) -> operators.compare("<", a.getKey(), b.getKey()));
    }
    return entries;
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(itemSeparator);
    }
    if (indented) {
      line(depth);
    }
  }

  private void close(boolean empty, int depth, char bracket) {
    if (indented && !empty) {
      line(depth - 1);
    }
    out.append(bracket);
  }

  private void line(int depth) {
    out.append('\n');
    for (int i = 0; i < depth; i++) {
      out.append(indent);
    }
  }

  private static String key(Object key) {
    if (key == PythonNone.NONE || PythonNumbers.isNumber(key)) {
      return atom(key);
    }
    throw new JinjaFault(
        "keys must be str, int, float, bool or None, not " + PythonValues.type(key));
  }

  private static String atom(Object value) {
    if (value == PythonNone.NONE) {
      return "null";
    }
    if (value instanceof Boolean bool) {
      return bool ? "true" : "false";
    }
    if (value instanceof Double real) {
      return real.isNaN()
          ? "NaN"
          : real.isInfinite() ? (real > 0 ? "Infinity" : "-Infinity") : PythonNumbers.text(real);
    }
    if (value instanceof Number) {
      return value.toString();
    }
    throw new JinjaFault(
        "Object of type " + PythonValues.type(value) + " is not JSON serializable");
  }

  private void string(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i), quoted);
    }
    out.append(quoted.append('"').toString());
  }

  private void escape(char c, StringBuilder quoted) {
    switch (c) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      default -> {
        if (c < ' ' || (ascii && c > '~')) {
          quoted.append(String.format("\\u%04x", (int) c));
        } else {
          quoted.append(c);
        }
      }
    }
  }
}
