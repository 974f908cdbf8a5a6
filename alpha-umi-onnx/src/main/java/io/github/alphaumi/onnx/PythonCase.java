package io.github.alphaumi.onnx;

import java.util.Locale;

/** Upper, lower and title case as Python's {@code str} understands them. */
final class PythonCase {
  private PythonCase() {}

  static boolean isUpper(String text) {
    return !isUncased(text) && text.codePoints().noneMatch(p -> Character.isLowerCase(p));
  }

  static boolean isLower(String text) {
    return !isUncased(text) && text.codePoints().noneMatch(p -> Character.isUpperCase(p));
  }

  private static boolean isUncased(String text) {
    return text.codePoints().noneMatch(p -> Character.isUpperCase(p) || Character.isLowerCase(p));
  }

  static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    boolean inWord = false;
    for (int point : text.codePoints().toArray()) {
      title.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
      inWord = Character.isLetter(point);
    }
    return title.toString();
  }

  static String swap(String text) {
    StringBuilder swapped = new StringBuilder(text.length());
    text.codePoints()
        .map(p -> Character.isUpperCase(p) ? Character.toLowerCase(p) : Character.toUpperCase(p))
        .forEach(swapped::appendCodePoint);
    return swapped.toString();
  }

  static boolean isTitle(String text) {
    return !isUncased(text) && title(text).equals(text);
  }

  /** First character in title case, the rest in lower case. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    String head = text.substring(0, first);
    boolean titleCase = Character.toTitleCase(head.codePointAt(0)) != head.codePointAt(0);
    String title =
        titleCase
            ? Character.toString(Character.toTitleCase(head.codePointAt(0)))
            : head.toUpperCase(Locale.ROOT);
    return title + text.substring(first).toLowerCase(Locale.ROOT);
  }
}
