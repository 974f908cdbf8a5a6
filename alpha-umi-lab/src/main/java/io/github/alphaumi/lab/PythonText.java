package io.github.alphaumi.lab;

import com.google.common.base.CharMatcher;

/** String operations as Python does them, where data and figures depend on them. */
final class PythonText {
  /** What {@code str.strip()} and {@code str.split()} take for white space. */
  static final CharMatcher SPACE =
      CharMatcher.inRange('\t', '\r')
          .or(CharMatcher.inRange('\u001c', ' '))
          .or(CharMatcher.anyOf("\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"))
          .or(CharMatcher.inRange('\u2000', '\u200a'));

  private PythonText() {}

  static String strip(String text) {
    return SPACE.trimFrom(text);
  }

  /** {@code text.split(mark)[-1]}: what follows the last mark, or all of the text. */
  static String afterLast(String text, String mark) {
    int at = text.lastIndexOf(mark);
    return at < 0 ? text : text.substring(at + mark.length());
  }

  /** {@code text.split(mark)[0]}: what stands before the first mark, or all of the text. */
  static String beforeFirst(String text, String mark) {
    int at = text.indexOf(mark);
    return at < 0 ? text : text.substring(0, at);
  }

  /** {@code text[:length]}, in code points. */
  static String head(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }

  /** {@code text[-length:]}, in code points. */
  static String tail(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(text.offsetByCodePoints(text.length(), -length));
  }
}
