package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Python's view of text: characters are code points, white space is Unicode's. */
final class PythonStrings {
  private PythonStrings() {}

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The characters from one code point index to another. */
  static String substring(String text, int from, int to) {
    if (from >= to) {
      return "";
    }
    int begin = text.offsetByCodePoints(0, from);
    return text.substring(begin, text.offsetByCodePoints(begin, to - from));
  }

  /** What {@code str.isspace} accepts. */
  static boolean isSpace(int codePoint) {
    return codePoint <= ' '
        ? codePoint == ' ' || (codePoint >= 9 && codePoint <= 13) || codePoint >= 0x1c
        : codePoint == 0x85 || codePoint >= 0xa0 && Character.isSpaceChar(codePoint);
  }

  static boolean isBlank(String text) {
    return skipSpace(text, 0) == text.length();
  }

  static int skipSpace(String text, int from) {
    int end = from;
    while (end < text.length() && isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  static String strip(String text) {
    return stripEnd(stripBegin(text));
  }

  static String stripBegin(String text) {
    return text.substring(skipSpace(text, 0));
  }

  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Removes any of the characters from the begin, the end or both. */
  static String strip(String text, String characters, boolean begin, boolean end) {
    IntPredicate unwanted = point -> characters.indexOf(point) >= 0;
    int from = 0;
    while (begin && from < text.length() && unwanted.test(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    int to = text.length();
    while (end && to > from && unwanted.test(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  /** The order of Python, which is that of code points and not of UTF-16 units. */
  static int compare(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean onlyOneSurrogate = Character.isSurrogate(a) != Character.isSurrogate(b);
        return onlyOneSurrogate ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** The parts between white space, at most {@code limit} cuts if that is not negative. */
  static List<String> splitSpace(String text, int limit) {
    List<String> parts = new ArrayList<>();
    int position = skipSpace(text, 0);
    while (position < text.length()) {
      if (limit >= 0 && parts.size() == limit) {
        parts.add(text.substring(position));
        return parts;
      }
      int end = position;
      while (end < text.length() && !isSpace(text.charAt(end))) {
        end++;
      }
      parts.add(text.substring(position, end));
      position = skipSpace(text, end);
    }
    return parts;
  }

  static List<String> split(String text, String separator, int limit) {
    if (separator.isEmpty()) {
      throw new JinjaFault("empty separator");
    }
    List<String> parts = new ArrayList<>();
    int position = 0;
    int cut = text.indexOf(separator);
    while (cut >= 0 && (limit < 0 || parts.size() < limit)) {
      parts.add(text.substring(position, cut));
      position = cut + separator.length();
      cut = text.indexOf(separator, position);
    }
    parts.add(text.substring(position));
    return parts;
  }

  /** Lines by all of Unicode's line breaks, as {@code str.splitlines} counts them. */
  static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(text.charAt(i)) < 0) {
        continue;
      }
      int next = text.startsWith("\r\n", i) ? i + 2 : i + 1;
      lines.add(text.substring(begin, keepEnds ? next : i));
      begin = next;
      i = next - 1;
    }
    if (begin < text.length()) {
      lines.add(text.substring(begin));
    }
    return lines;
  }

  /** Decodes the escapes of a string literal; unknown ones stay as they are. */
  static String unescape(String literal) {
    StringBuilder text = new StringBuilder(literal.length());
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i++);
      if (c != '\\' || i == literal.length()) {
        text.append(c);
        continue;
      }
      char kind = literal.charAt(i++);
      int simple = "abfnrtv\\'\"".indexOf(kind);
      if (simple >= 0) {
        text.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(simple));
      } else if (kind >= '0' && kind <= '7') {
        int end = i;
        while (end < Math.min(literal.length(), i + 2)
            && Character.digit(literal.charAt(end), 8) >= 0) {
          end++;
        }
        text.append((char) Integer.parseInt(literal.substring(i - 1, end), 8));
        i = end;
      } else if ("xuU".indexOf(kind) >= 0) {
        int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
        text.append(hexadecimal(literal, i, digits));
        i += digits;
      } else if (kind != '\n') {
        text.append('\\').append(kind);
      }
    }
    return text.toString();
  }

  private static String hexadecimal(String literal, int from, int digits) {
    int end = Math.min(literal.length(), from + digits);
    String hex = literal.substring(from, end);
    if (hex.length() < digits
        || !hex.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
      throw new JinjaFault("truncated escape '\\" + literal.charAt(from - 1) + hex + "'");
    }
    long point = Long.parseLong(hex, 16);
    if (point > Character.MAX_CODE_POINT) {
      throw new JinjaFault("escape beyond Unicode: " + hex);
    }
    return Character.toString((int) point);
  }
}
