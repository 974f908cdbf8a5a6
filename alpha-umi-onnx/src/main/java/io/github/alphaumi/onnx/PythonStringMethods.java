package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class PythonStringMethods {
  private interface Method {
    Object call(JinjaRuntime runtime, String self, JinjaArguments arguments);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          Map.entry("upper", (r, s, a) -> s.toUpperCase(Locale.ROOT)),
          Map.entry("lower", (r, s, a) -> s.toLowerCase(Locale.ROOT)),
          Map.entry("casefold", (r, s, a) -> s.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)),
          Map.entry("capitalize", (r, s, a) -> PythonCase.capitalize(s)),
          Map.entry("title", (r, s, a) -> PythonCase.title(s)),
          Map.entry("swapcase", (r, s, a) -> PythonCase.swap(s)),
          Map.entry("strip", (r, s, a) -> strip("strip", s, a)),
          Map.entry("lstrip", (r, s, a) -> strip("lstrip", s, a)),
          Map.entry("rstrip", (r, s, a) -> strip("rstrip", s, a)),
          Map.entry("split", PythonStringMethods::split),
          Map.entry("rsplit", PythonStringMethods::splitFromEnd),
          Map.entry("splitlines", PythonStringMethods::lines),
          Map.entry("partition", (r, s, a) -> partition(s, a, false)),
          Map.entry("rpartition", (r, s, a) -> partition(s, a, true)),
          Map.entry("join", PythonStringMethods::join),
          Map.entry("replace", PythonStringMethods::replace),
          Map.entry("startswith", (r, s, a) -> affix("startswith", s, a, String::startsWith)),
          Map.entry("endswith", (r, s, a) -> affix("endswith", s, a, String::endsWith)),
          Map.entry("removeprefix", (r, s, a) -> removePrefix(s, a)),
          Map.entry("removesuffix", (r, s, a) -> removeSuffix(s, a)),
          Map.entry("find", (r, s, a) -> (long) find("find", s, a, false)),
          Map.entry("rfind", (r, s, a) -> (long) find("rfind", s, a, true)),
          Map.entry("index", (r, s, a) -> index("index", s, a, false)),
          Map.entry("rindex", (r, s, a) -> index("rindex", s, a, true)),
          Map.entry("count", (r, s, a) -> count(s, a)),
          Map.entry("zfill", PythonStringMethods::zeroFill),
          Map.entry("center", (r, s, a) -> pad("center", '^', r, s, a)),
          Map.entry("ljust", (r, s, a) -> pad("ljust", '<', r, s, a)),
          Map.entry("rjust", (r, s, a) -> pad("rjust", '>', r, s, a)),
          Map.entry("expandtabs", PythonStringMethods::expandTabs),
          Map.entry("format", PythonBraceFormat::format),
          Map.entry("isspace", (r, s, a) -> all(s, PythonStrings::isSpace)),
          Map.entry("isalpha", (r, s, a) -> all(s, Character::isLetter)),
          Map.entry("isdigit", (r, s, a) -> all(s, Character::isDigit)),
          Map.entry("isdecimal", (r, s, a) -> all(s, Character::isDigit)),
          Map.entry("isnumeric", (r, s, a) -> all(s, PythonStringMethods::isNumeric)),
          Map.entry("isalnum", (r, s, a) -> all(s, p -> Character.isLetter(p) || isNumeric(p))),
          Map.entry("isascii", (r, s, a) -> s.chars().allMatch(c -> c < 128)),
          Map.entry("isupper", (r, s, a) -> PythonCase.isUpper(s)),
          Map.entry("islower", (r, s, a) -> PythonCase.isLower(s)),
          Map.entry("istitle", (r, s, a) -> PythonCase.isTitle(s)),
          Map.entry("isidentifier", (r, s, a) -> isIdentifier(s)));

  private PythonStringMethods() {}

  static @Nullable JinjaFunction find(JinjaRuntime runtime, String self, String name) {
    Method method = METHODS.get(name);
    return method == null ? null : arguments -> method.call(runtime, self, arguments);
  }

  private static boolean all(String text, IntPredicate condition) {
    return !text.isEmpty() && text.codePoints().allMatch(condition);
  }

  private static boolean isNumeric(int point) {
    int type = Character.getType(point);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && (text.charAt(0) == '_' || Character.isUnicodeIdentifierStart(text.codePointAt(0)))
        && text.codePoints().allMatch(p -> p == '_' || Character.isUnicodeIdentifierPart(p));
  }

  private static String strip(String method, String self, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind(method, 0, "chars");
    boolean begin = !method.equals("rstrip");
    boolean end = !method.equals("lstrip");
    if (bound.or(0, PythonNone.NONE) != PythonNone.NONE) {
      return PythonStrings.strip(self, bound.text(0), begin, end);
    }
    String text = begin ? PythonStrings.stripBegin(self) : self;
    return end ? PythonStrings.stripEnd(text) : text;
  }

  private static Object split(JinjaRuntime runtime, String self, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("split", 0, "sep", "maxsplit");
    int limit = bound.integer(1, -1);
    List<String> parts =
        bound.or(0, PythonNone.NONE) == PythonNone.NONE
            ? PythonStrings.splitSpace(self, limit)
            : PythonStrings.split(self, bound.text(0), limit);
    return new ArrayList<Object>(parts);
  }

  private static Object splitFromEnd(JinjaRuntime runtime, String self, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("rsplit", 0, "sep", "maxsplit");
    int limit = bound.integer(1, -1);
    boolean bySpace = bound.or(0, PythonNone.NONE) == PythonNone.NONE;
    // Splitting the mirror image from its begin is splitting from the end.
    String mirrored = PythonStrings.reverse(self);
    List<String> parts =
        bySpace
            ? PythonStrings.splitSpace(mirrored, limit)
            : PythonStrings.split(mirrored, PythonStrings.reverse(bound.text(0)), limit);
    List<Object> result = new ArrayList<>(parts.size());
    for (int i = parts.size() - 1; i >= 0; i--) {
      result.add(PythonStrings.reverse(parts.get(i)));
    }
    return result;
  }

  private static Object lines(JinjaRuntime runtime, String self, JinjaArguments arguments) {
    boolean keepEnds = arguments.bind("splitlines", 0, "keepends").truth(0, false);
    return new ArrayList<Object>(PythonStrings.lines(self, keepEnds));
  }

  private static Object partition(String self, JinjaArguments arguments, boolean last) {
    String separator = arguments.bind("partition", 1, "sep").text(0);
    if (separator.isEmpty()) {
      throw new JinjaFault("empty separator");
    }
    int cut = last ? self.lastIndexOf(separator) : self.indexOf(separator);
    if (cut < 0) {
      return last ? PythonTuple.of("", "", self) : PythonTuple.of(self, "", "");
    }
    return PythonTuple.of(
        self.substring(0, cut), separator, self.substring(cut + separator.length()));
  }

  private static Object join(JinjaRuntime runtime, String self, JinjaArguments arguments) {
    BoundedText out = new BoundedText(runtime.budget());
    String separator = "";
    int index = 0;
    for (Object element : PythonValues.elements(arguments.bind("join", 1, "iterable").get(0))) {
      if (!(element instanceof String text)) {
        throw new JinjaFault(
            "sequence item "
                + index
                + ": expected str instance, "
                + PythonValues.type(element)
                + " found");
      }
      out.append(separator).append(text);
      separator = self;
      index++;
    }
    return out.toString();
  }

  private static Object replace(JinjaRuntime runtime, String self, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
    return replace(runtime, self, bound.text(0), bound.text(1), bound.integer(2, -1));
  }

  static String replace(JinjaRuntime runtime, String self, String old, String with, int count) {
    BoundedText out = new BoundedText(runtime.budget());
    int position = 0;
    int done = 0;
    while (count < 0 || done < count) {
      int found = old.isEmpty() && done == 0 ? 0 : nextMatch(self, old, position);
      if (found < 0) {
        break;
      }
      out.append(self.substring(position, found)).append(with);
      position = found + old.length();
      done++;
    }
    return out.append(self.substring(position)).toString();
  }

  /** The empty text is found after every character, so that each match moves on. */
  private static int nextMatch(String self, String old, int position) {
    if (!old.isEmpty()) {
      return self.indexOf(old, position);
    }
    return position < self.length()
        ? position + Character.charCount(self.codePointAt(position))
        : -1;
  }

  private static boolean affix(
      String method, String self, JinjaArguments arguments, BiPredicate<String, String> test) {
    JinjaArguments.Bound bound = arguments.bind(method, 1, "prefix", "start", "end");
    String text = self;
    if (bound.has(1)) {
      PythonSlice slice =
          new PythonSlice(bound.get(1), bound.or(2, PythonNone.NONE), PythonNone.NONE);
      text = String.valueOf(slice.of(self));
    }
    if (!(bound.get(0) instanceof PythonTuple affixes)) {
      return test.test(text, bound.text(0));
    }
    for (Object affix : affixes) {
      if (affix instanceof String candidate && test.test(text, candidate)) {
        return true;
      }
    }
    return false;
  }

  private static String removePrefix(String self, JinjaArguments arguments) {
    String prefix = arguments.bind("removeprefix", 1, "prefix").text(0);
    return self.startsWith(prefix) ? self.substring(prefix.length()) : self;
  }

  private static String removeSuffix(String self, JinjaArguments arguments) {
    String suffix = arguments.bind("removesuffix", 1, "suffix").text(0);
    return self.endsWith(suffix) ? self.substring(0, self.length() - suffix.length()) : self;
  }

  private static Object index(String method, String self, JinjaArguments arguments, boolean last) {
    int found = find(method, self, arguments, last);
    if (found < 0) {
      throw new JinjaFault("substring not found");
    }
    return (long) found;
  }

  private static int find(String method, String self, JinjaArguments arguments, boolean last) {
    JinjaArguments.Bound bound = arguments.bind(method, 1, "sub", "start", "end");
    String part = bound.text(0);
    int length = PythonStrings.length(self);
    int from = bound(bound.integer(1, 0), length);
    int to = bound(bound.integer(2, length), length);
    if (from > to) {
      return -1;
    }
    String range = PythonStrings.substring(self, from, to);
    int found = last ? range.lastIndexOf(part) : range.indexOf(part);
    return found < 0 ? -1 : from + range.codePointCount(0, found);
  }

  private static int bound(int index, int length) {
    return Math.max(0, Math.min(index < 0 ? index + length : index, length));
  }

  private static Object count(String self, JinjaArguments arguments) {
    String part = arguments.bind("count", 1, "sub").text(0);
    return part.isEmpty()
        ? (long) PythonStrings.length(self) + 1
        : (long) PythonStrings.split(self, part, -1).size() - 1;
  }

  private static Object zeroFill(JinjaRuntime runtime, String self, JinjaArguments arguments) {
    int width = arguments.bind("zfill", 1, "width").integer(0, 0);
    String sign = self.startsWith("-") || self.startsWith("+") ? self.substring(0, 1) : "";
    int missing = width - PythonStrings.length(self);
    runtime.budget().text(Math.max(0, missing));
    return sign + "0".repeat(Math.max(0, missing)) + self.substring(sign.length());
  }

  private static Object pad(
      String method, char align, JinjaRuntime runtime, String self, JinjaArguments arguments) {
    JinjaArguments.Bound bound = arguments.bind(method, 1, "width", "fillchar");
    String fill = bound.text(1, " ");
    if (PythonStrings.length(fill) != 1) {
      throw new JinjaFault("The fill character must be exactly one character long");
    }
    return pad(runtime, self, bound.integer(0, 0), fill, align);
  }

  static String pad(JinjaRuntime runtime, String text, int width, String fill, char align) {
    int missing = Math.max(0, width - PythonStrings.length(text));
    runtime.budget().text((long) fill.length() * missing);
    // Where the blanks cannot be shared evenly, Python decides by the parity of the width.
    int left =
        switch (align) {
          case '<' -> 0;
          case '>' -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }

  private static Object expandTabs(JinjaRuntime runtime, String self, JinjaArguments arguments) {
    int size = Math.max(0, arguments.bind("expandtabs", 0, "tabsize").integer(0, 8));
    BoundedText out = new BoundedText(runtime.budget());
    int column = 0;
    for (int point : self.codePoints().toArray()) {
      if (point == '\t') {
        int blanks = size == 0 ? 0 : size - column % size;
        runtime.budget().text(blanks);
        out.append(" ".repeat(blanks));
        column += blanks;
      } else {
        out.append(Character.toString(point));
        column = point == '\n' || point == '\r' ? 0 : column + 1;
      }
    }
    return out.toString();
  }
}
