package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what models write when they mean a JSON object: other quotes and quotes within quotes,
 * unquoted names, {@code =} for {@code :}, comments, trailing commas, Python's literals and tuples,
 * missing closing brackets at the very end. Never throws, and looks at each character a small
 * number of times.
 *
 * <p>A text that stops in the middle of a value is refused, not completed: a number or a string may
 * have lost its end, and a call with half an amount is worse than none.
 */
final class LenientJson {
  /** Deeper than any arguments; keeps recursion far from the end of the stack. */
  private static final int DEEPEST = 100;

  private static final int LONGEST_NUMBER = 400;
  private static final String QUOTES = "\"'`\u201c\u2018";
  private static final String CLOSING_QUOTES = "\"'`\u201d\u2019";
  private static final String AFTER_A_STRING = ",:}])=;";

  private final String text;
  private int at;

  /** Whether a name and its mark were read, so that the text is an object or wants to be one. */
  private boolean begun;

  /** Whether nothing can be missing from what was read last, even if the text ends there. */
  private boolean whole;

  private LenientJson(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /** Not an object. Without a stack trace, because this is an ordinary outcome. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("", null, false, false);
    }
  }

  /**
   * What was read.
   *
   * @param object empty if there is none
   * @param end where reading ended
   * @param begun whether it began as an object does
   */
  record Read(Optional<Map<String, @Nullable Object>> object, int end, boolean begun) {}

  /** The object that begins at this brace or parenthesis. */
  static Read object(String text, int bracket) {
    LenientJson json = new LenientJson(text, bracket);
    try {
      Map<String, @Nullable Object> members = json.members(1);
      return new Read(Optional.of(members), json.at, true);
    } catch (Malformed e) {
      return new Read(Optional.empty(), json.at, json.begun);
    }
  }

  /** The list that begins at this bracket. */
  static Optional<List<@Nullable Object>> list(String text, int bracket) {
    try {
      return Optional.of(new LenientJson(text, bracket).items(1, ']'));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** The string that begins at this quote; empty if it does not end. */
  static Optional<String> string(String text, int quote) {
    try {
      return Optional.of(new LenientJson(text, quote).string());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private @Nullable Object value(int depth) throws Malformed {
    skip();
    if (atEnd() || depth > DEEPEST) {
      throw new Malformed();
    }
    char c = text.charAt(at);
    if (c == '{') {
      return members(depth);
    }
    if (c == '[' || c == '(') {
      return items(depth, c == '[' ? ']' : ')');
    }
    if (QUOTES.indexOf(c) >= 0) {
      return string();
    }
    return word();
  }

  private Map<String, @Nullable Object> members(int depth) throws Malformed {
    char close = text.charAt(at++) == '{' ? '}' : ')';
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    skip();
    while (!closed(close)) {
      String name = name();
      skip();
      mark();
      begun = true;
      members.put(name, value(depth + 1));
      if (separated(close)) {
        break;
      }
    }
    return members;
  }

  private List<@Nullable Object> items(int depth, char close) throws Malformed {
    at++;
    List<@Nullable Object> items = new ArrayList<>();
    skip();
    while (!closed(close)) {
      items.add(value(depth + 1));
      if (separated(close)) {
        break;
      }
    }
    return items;
  }

  private boolean closed(char close) throws Malformed {
    if (atEnd()) {
      throw new Malformed();
    }
    if (text.charAt(at) != close) {
      return false;
    }
    at++;
    whole = true;
    return true;
  }

  /** After a value: true if that was the last one, false if another may follow. */
  private boolean separated(char close) throws Malformed {
    boolean valueWhole = whole;
    skip();
    if (atEnd()) {
      if (!valueWhole) {
        throw new Malformed();
      }
      return true;
    }
    char c = text.charAt(at);
    if (c == ',' || c == ';') {
      at++;
      skip();
      return false;
    }
    if (c != close) {
      throw new Malformed();
    }
    at++;
    whole = true;
    return true;
  }

  private String name() throws Malformed {
    if (atEnd()) {
      throw new Malformed();
    }
    if (QUOTES.indexOf(text.charAt(at)) >= 0) {
      return string();
    }
    int start = at;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    if (start == at) {
      throw new Malformed();
    }
    return text.substring(start, at);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '-' || c == '.';
  }

  private void mark() throws Malformed {
    if (at >= text.length() || (text.charAt(at) != ':' && text.charAt(at) != '=')) {
      throw new Malformed();
    }
    at += text.startsWith("=>", at) ? 2 : 1;
  }

  private String string() throws Malformed {
    char close = CLOSING_QUOTES.charAt(QUOTES.indexOf(text.charAt(at++)));
    StringBuilder string = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        escape(string);
      } else if (c == close && endsHere()) {
        whole = true;
        return string.toString();
      } else {
        string.append(c);
      }
    }
    throw new Malformed();
  }

  /** A quote that is followed by more of a sentence is part of the string. */
  private boolean endsHere() {
    int next = at;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next == text.length()
        || AFTER_A_STRING.indexOf(text.charAt(next)) >= 0
        || isEnd(next)
        || isComment(next);
  }

  private void escape(StringBuilder string) {
    char c = text.charAt(at++);
    switch (c) {
      case 'n' -> string.append('\n');
      case 't' -> string.append('\t');
      case 'r' -> string.append('\r');
      case 'b' -> string.append('\b');
      case 'f' -> string.append('\f');
      case '"', '\'', '`', '\\', '/' -> string.append(c);
      case '\n' -> {}
      case 'u' -> unicode(string);
      default -> string.append('\\').append(c);
    }
  }

  private void unicode(StringBuilder string) {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at + i < text.length() ? Character.digit(text.charAt(at + i), 16) : -1;
      if (digit < 0 || text.charAt(at + i) > 'f') {
        string.append("\\u");
        return;
      }
      code = code * 16 + digit;
    }
    at += 4;
    string.append((char) code);
  }

  /** A literal or a number; any other word without quotes could be a variable's name. */
  private @Nullable Object word() throws Malformed {
    int start = at;
    while (at < text.length() && (isNamePart(text.charAt(at)) || text.charAt(at) == '+')) {
      at++;
    }
    String word = text.substring(start, at);
    whole = true;
    switch (word) {
      case "true", "True", "TRUE" -> {
        return true;
      }
      case "false", "False", "FALSE" -> {
        return false;
      }
      case "null", "None", "nil", "undefined", "NaN", "nan", "Infinity", "-Infinity" -> {
        return null;
      }
      default -> {
        whole = at < text.length();
        return number(word);
      }
    }
  }

  private static Object number(String word) throws Malformed {
    String number = word.startsWith("+") ? word.substring(1) : word;
    Object value = number.length() > LONGEST_NUMBER ? null : JsonValues.parse(number).orElse(null);
    if (!(value instanceof Number)) {
      throw new Malformed();
    }
    return value;
  }

  private void skip() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\u00a0') {
        at++;
      } else if (isComment(at)) {
        skipComment();
      } else {
        return;
      }
    }
  }

  private boolean isComment(int position) {
    return text.startsWith("//", position)
        || text.startsWith("/*", position)
        || text.startsWith("# ", position);
  }

  private void skipComment() {
    boolean block = text.startsWith("/*", at);
    int end = block ? text.indexOf("*/", at + 2) : text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + (block ? 2 : 1);
  }

  private boolean atEnd() {
    return at >= text.length() || isEnd(at);
  }

  /** What comes after a model's text: a fence, a closing tag, a control token. */
  private boolean isEnd(int position) {
    return text.startsWith("```", position)
        || text.startsWith("</", position)
        || text.startsWith("<|", position);
  }
}
