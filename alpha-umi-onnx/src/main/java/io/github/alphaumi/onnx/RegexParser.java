package io.github.alphaumi.onnx;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.util.concurrent.UncheckedExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the regular part of Java's and ECMAScript's regular expressions: literals, escapes, {@code
 * .}, classes with negation and {@code \d \w \s} (ASCII) and {@code \p{…}}, and their complements,
 * groups with or without a name, {@code | * + ? {m,n}}. The whole text has to match: {@code ^} at
 * the beginning and {@code $} at the end of an alternative say nothing more. All else is refused
 * with its name and place.
 *
 * <p>Where the two disagree, a match pleases both: {@code \S} is no white space of either.
 */
final class RegexParser {
  private static final int NESTING = 200;
  private static final long COUNTED = 10_000;

  /** To find the members of a class, every character is tried: a tenth of a second. */
  private static final Cache<String, CodePoints> PROPERTIES =
      CacheBuilder.newBuilder().maximumSize(64).build();

  private final Arena arena;
  private final Function<CodePoints, Expression> encoder;
  private final String pattern;
  private int at;
  private int depth;

  /** The largest product of nested bounds in what was parsed last. */
  private long counted;

  RegexParser(Arena arena, String pattern, Function<CodePoints, Expression> encoder) {
    this.arena = arena;
    this.pattern = pattern;
    this.encoder = encoder;
  }

  Expression parse() {
    Expression result = alternatives();
    if (at < pattern.length()) {
      throw unsupported("unbalanced ')'", at);
    }
    return result;
  }

  private Expression alternatives() {
    if (++depth > NESTING) {
      throw unsupported("groups nested more than " + NESTING + " deep", at);
    }
    Expression result = sequence();
    long most = counted;
    while (take("|")) {
      result = arena.alt(result, sequence());
      most = Math.max(most, counted);
    }
    counted = most;
    depth--;
    return result;
  }

  private Expression sequence() {
    if (depth == 1) {
      take("^");
    }
    List<Expression> parts = new ArrayList<>();
    long most = 1;
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      boolean end = at + 1 == pattern.length() || pattern.charAt(at + 1) == '|';
      if (peek() == '$' && depth == 1 && end) {
        at++;
        break;
      }
      parts.add(quantified());
      most = Math.max(most, counted);
    }
    counted = most;
    return arena.seq(parts.toArray(new Expression[0]));
  }

  private Expression quantified() {
    counted = 1;
    Expression atom = atom();
    int start = at;
    if (take("*")) {
      atom = arena.star(atom);
    } else if (take("+")) {
      atom = arena.repeat(atom, 1, Repeat.UNBOUNDED);
    } else if (take("?")) {
      atom = arena.optional(atom);
    } else if (take("{")) {
      atom = bounded(atom, start);
    } else {
      return atom;
    }
    if (take("+")) {
      throw unsupported("possessive quantifier", start);
    }
    take("?"); // lazy or greedy: the same language
    if (at < pattern.length() && "*+?{".indexOf(peek()) >= 0) {
      throw unsupported("quantifier after a quantifier", at);
    }
    return atom;
  }

  private Expression bounded(Expression atom, int start) {
    int min = number(start);
    int max = take(",") ? (pattern.startsWith("}", at) ? Repeat.UNBOUNDED : number(start)) : min;
    if (!take("}") || max >= 0 && max < min) {
      throw unsupported("quantifier", start);
    }
    // Bounds inside bounds multiply the states; one bound by itself is only a counter.
    long bound = Math.max(1, Math.max(min, max));
    if (counted > 1 && counted * bound > COUNTED) {
      throw unsupported("nested bounds of more than " + COUNTED + " together", start);
    }
    counted *= bound;
    return arena.repeat(atom, min, max);
  }

  private int number(int start) {
    int from = at;
    while (at < pattern.length() && peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (from == at || at - from > 9 || at == pattern.length()) {
      throw unsupported("quantifier", start);
    }
    return Integer.parseInt(pattern, from, at, 10);
  }

  private Expression atom() {
    int start = at;
    int c = read();
    switch (c) {
      case '.':
        return encoder.apply(CodePoints.LINE_ENDS.not());
      case '[':
        return encoder.apply(characterClass(start));
      case '(':
        groupStart(start);
        Expression inner = alternatives();
        if (!take(")")) {
          throw unsupported("unclosed group", start);
        }
        return inner;
      case '\\':
        return encoder.apply(escape(start, false));
      case '^', '$', '*', '+', '?', '{':
        throw unsupported("'" + (char) c + "' at this place", start);
      default:
        return encoder.apply(CodePoints.of(c));
    }
  }

  /** What stands between a group's parenthesis and its content. */
  private void groupStart(int start) {
    if (!take("?") || take(":")) {
      return;
    }
    for (String[] construct : NOT_REGULAR) {
      if (take(construct[0])) {
        throw unsupported(construct[1] + " (?" + construct[0], start);
      }
    }
    if (!take("<")) {
      throw unsupported("inline flag", start);
    }
    int end = pattern.indexOf('>', at);
    if (end < 0 || !pattern.substring(at, end).matches("[a-zA-Z][a-zA-Z0-9]*")) {
      throw unsupported("group name", start);
    }
    at = end + 1;
  }

  private static final String[][] NOT_REGULAR = {
    {"=", "look-ahead"},
    {"!", "negative look-ahead"},
    {"<=", "look-behind"},
    {"<!", "negative look-behind"},
    {">", "atomic group"}
  };

  private CodePoints characterClass(int start) {
    boolean negated = take("^");
    CodePoints set = CodePoints.NONE;
    boolean any = false;
    while (at < pattern.length() && peek() != ']') {
      any = true;
      CodePoints low = classAtom(start);
      boolean range = at + 1 < pattern.length() && peek() == '-' && pattern.charAt(at + 1) != ']';
      if (range) {
        int dash = at++;
        CodePoints high = classAtom(start);
        if (low.single() < 0 || high.single() < low.single()) {
          throw unsupported("range", dash);
        }
        low = CodePoints.range(low.single(), high.single());
      }
      set = set.or(low);
    }
    if (!take("]") || !any) {
      throw unsupported(any ? "unclosed class" : "empty class", start);
    }
    return negated ? set.not() : set;
  }

  private CodePoints classAtom(int start) {
    int place = at;
    int c = read();
    if (c == '[' || c == '&' && at < pattern.length() && peek() == '&') {
      String kind = c == '[' ? "union" : "intersection";
      throw unsupported(kind + " with the class that begins at " + start, place);
    }
    return c == '\\' ? escape(place, true) : CodePoints.of(c);
  }

  private CodePoints escape(int start, boolean inClass) {
    if (at == pattern.length()) {
      throw unsupported("trailing backslash", start);
    }
    int c = read();
    switch (c) {
      case 'd':
        return CodePoints.DIGITS;
      case 'D':
        return CodePoints.DIGITS.not();
      case 'w':
        return CodePoints.WORD;
      case 'W':
        return CodePoints.WORD.not();
      case 's':
        return CodePoints.SPACE;
      case 'S':
        return CodePoints.SPACE.or(CodePoints.WIDE_SPACE).not();
      case 'p':
        return property(start);
      case 'P':
        return property(start).not();
      case 'x':
        return take("{") ? named(start) : CodePoints.of(hex(2, start));
      case 'u':
        return utf16(start);
      default:
        int control = "tnrf".indexOf(c);
        if (control >= 0) {
          char value = "\t\n\r\f".charAt(control);
          return CodePoints.of(value);
        }
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw unsupported(kind(c) + " \\" + (char) c + (inClass ? " in a class" : ""), start);
        }
        return CodePoints.of(c);
    }
  }

  private static String kind(int letter) {
    if (letter == 'k' || letter >= '1' && letter <= '9') {
      return "back-reference";
    }
    return letter == 'b' || letter == 'B'
        ? "word boundary"
        : "AzZG".indexOf(letter) >= 0 ? "anchor" : "escape";
  }

  /** A class of Unicode by the name that Java has for it: {@code L}, {@code IsGreek}. */
  private CodePoints property(int start) {
    boolean braced = take("{");
    int end = braced ? pattern.indexOf('}', at) : at + 1;
    if (end < 0 || end > pattern.length()) {
      throw unsupported("property class", start);
    }
    String name = pattern.substring(at, end);
    at = braced ? end + 1 : end;
    try {
      return PROPERTIES.get(name, () -> members(Pattern.compile("\\p{" + name + "}")));
    } catch (ExecutionException | UncheckedExecutionException e) {
      throw unsupported("property class '" + name + "'", start);
    }
  }

  private static CodePoints members(Pattern property) {
    Matcher matcher = property.matcher("");
    return CodePoints.where(c -> matcher.reset(Character.toString(c)).matches());
  }

  /** A code point in braces. */
  private CodePoints named(int start) {
    int digits = pattern.indexOf('}', at) - at;
    if (digits < 1 || digits > 6) {
      throw unsupported("escape", start);
    }
    int value = hex(digits, start);
    at++;
    if (value > Character.MAX_CODE_POINT || value >> 11 == 0xD800 >> 11) {
      throw unsupported("escape", start);
    }
    return CodePoints.of(value);
  }

  /** A character in UTF-16: one escape, or two for the halves of a pair. */
  private CodePoints utf16(int start) {
    int value = hex(4, start);
    if (!Character.isSurrogate((char) value)) {
      return CodePoints.of(value);
    }
    int low = take("\\u") ? hex(4, start) : 0;
    if (!Character.isSurrogatePair((char) value, (char) low)) {
      throw unsupported("half a surrogate pair", start);
    }
    return CodePoints.of(Character.toCodePoint((char) value, (char) low));
  }

  private int hex(int digits, int start) {
    int end = at + digits;
    if (end > pattern.length() || !pattern.substring(at, end).matches("[0-9a-fA-F]+")) {
      throw unsupported("escape", start);
    }
    int value = Integer.parseInt(pattern, at, end, 16);
    at = end;
    return value;
  }

  private char peek() {
    return pattern.charAt(at);
  }

  private int read() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private boolean take(String token) {
    boolean found = pattern.startsWith(token, at);
    at += found ? token.length() : 0;
    return found;
  }

  private IllegalArgumentException unsupported(String construct, int place) {
    return new IllegalArgumentException(
        "pattern '" + pattern + "': " + construct + " at position " + place + " is not supported");
  }
}
