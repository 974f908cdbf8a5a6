package io.github.alphaumi.onnx;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters that make text. Whatever they are given they first turn into text, as Jinja2 does. */
final class JinjaTextFilters {
  static final Map<String, JinjaFilter> FILTERS =
      Map.ofEntries(
          Map.entry("string", (r, v, a) -> r.text().str(v)),
          Map.entry("upper", (r, v, a) -> r.text().str(v).toUpperCase(Locale.ROOT)),
          Map.entry("lower", (r, v, a) -> r.text().str(v).toLowerCase(Locale.ROOT)),
          Map.entry("capitalize", (r, v, a) -> PythonCase.capitalize(r.text().str(v))),
          Map.entry("title", (r, v, a) -> title(r.text().str(v))),
          Map.entry("trim", JinjaTextFilters::trim),
          Map.entry("replace", JinjaTextFilters::replace),
          Map.entry("indent", JinjaTextFilters::indent),
          Map.entry("center", JinjaTextFilters::center),
          Map.entry("truncate", JinjaTextFilters::truncate),
          Map.entry("wordcount", (r, v, a) -> (long) words(r.text().str(v))),
          Map.entry("format", JinjaTextFilters::format),
          Map.entry("escape", (r, v, a) -> escape(r, v)),
          Map.entry("e", (r, v, a) -> escape(r, v)),
          Map.entry("forceescape", (r, v, a) -> escape(r, v)),
          Map.entry("safe", (r, v, a) -> r.text().str(v)),
          Map.entry("striptags", (r, v, a) -> withoutTags(r.text().str(v))),
          Map.entry("urlencode", (r, v, a) -> urlEncode(r.text().str(v))),
          Map.entry("tojson", (r, v, a) -> PythonJson.write(r.budget(), v, a)));

  private JinjaTextFilters() {}

  private static Object trim(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("trim", 0, "chars");
    String text = runtime.text().str(value);
    return bound.or(0, PythonNone.NONE) == PythonNone.NONE
        ? PythonStrings.strip(text)
        : PythonStrings.strip(text, bound.text(0), true, true);
  }

  private static Object replace(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
    return PythonStringMethods.replace(
        runtime,
        runtime.text().str(value),
        runtime.text().str(bound.get(0)),
        runtime.text().str(bound.get(1)),
        bound.integer(2, -1));
  }

  /**
   * Words begin after white space, hyphens and opening brackets: not what {@code str.title} does.
   */
  private static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    boolean inWord = false;
    for (int point : text.codePoints().toArray()) {
      boolean separates = "-({[<".indexOf(point) >= 0 || PythonStrings.isSpace(point);
      title.append(
          inWord
              ? Character.toString(point).toLowerCase(Locale.ROOT)
              : Character.toString(point).toUpperCase(Locale.ROOT));
      inWord = !separates;
    }
    return title.toString();
  }

  private static Object indent(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("indent", 0, "width", "first", "blank");
    String margin;
    if (bound.or(0, 4L) instanceof String text) {
      margin = text;
    } else {
      int width = Math.max(0, bound.integer(0, 4));
      runtime.budget().text(width);
      margin = " ".repeat(width);
    }
    boolean blank = bound.truth(2, false);
    BoundedText out = new BoundedText(runtime.budget());
    boolean first = true;
    // A line break is put at the end so that the last line is seen even if it is empty.
    for (String line : PythonStrings.lines(runtime.text().str(value) + "\n", false)) {
      if (!first) {
        out.append('\n');
      }
      boolean indented = first ? bound.truth(1, false) : blank || !line.isEmpty();
      out.append(indented ? margin + line : line);
      first = false;
    }
    return out.toString();
  }

  private static Object center(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    int width = arguments.bind("center", 0, "width").integer(0, 80);
    return PythonStringMethods.pad(runtime, runtime.text().str(value), width, " ", '^');
  }

  private static Object truncate(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    JinjaArguments.Bound bound =
        arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
    int length = bound.integer(0, 255);
    String end = bound.text(2, "...");
    int endLength = PythonStrings.length(end);
    String text = runtime.text().str(value);
    if (length < endLength) {
      throw new JinjaFault("truncate() expects a length of at least " + endLength);
    }
    if (PythonStrings.length(text) <= (long) length + bound.integer(3, 5)) {
      return text;
    }
    String cut = PythonStrings.substring(text, 0, length - endLength);
    int lastSpace = bound.truth(1, false) ? -1 : cut.lastIndexOf(' ');
    return (lastSpace < 0 ? cut : cut.substring(0, lastSpace)) + end;
  }

  private static int words(String text) {
    int words = 0;
    boolean inWord = false;
    for (int point : text.codePoints().toArray()) {
      boolean letter = point == '_' || Character.isLetterOrDigit(point);
      words += letter && !inWord ? 1 : 0;
      inWord = letter;
    }
    return words;
  }

  private static Object format(JinjaRuntime runtime, Object value, JinjaArguments arguments) {
    Object values =
        arguments.named().isEmpty()
            ? PythonTuple.copyOf(arguments.positional())
            : Map.copyOf(arguments.named());
    return PythonPercentFormat.format(runtime.text().str(value), values, runtime.budget());
  }

  private static String escape(JinjaRuntime runtime, Object value) {
    String text = runtime.text().str(value);
    runtime.budget().text(6L * text.length());
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static String withoutTags(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int position = 0;
    while (position < text.length()) {
      int open = text.indexOf('<', position);
      int close = open < 0 ? -1 : text.indexOf('>', open);
      if (close < 0) {
        break;
      }
      plain.append(text, position, open);
      position = close + 1;
    }
    String rest = plain.append(text.substring(position)).toString();
    List<String> words = new ArrayList<>(PythonStrings.splitSpace(rest, -1));
    return String.join(" ", words);
  }

  private static String urlEncode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }
}
