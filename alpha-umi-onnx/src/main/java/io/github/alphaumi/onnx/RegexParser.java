package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the regular part of Java's and ECMAScript's regular expressions: literals, escapes, {@code
 * .}, classes with negation and {@code \d \w \s} (ASCII, and their complements), groups, {@code | *
 * + ? {m,n}}. The whole text has to match: {@code ^} at the beginning and {@code $} at the end of
 * an alternative say nothing more. All else is refused with its name and place.
 */
final class RegexParser {
  private static final int NESTING = 200;
  private static final long COUNTED = 10_000;

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
        if (take("?") && !take(":")) {
          throw unsupported("group (?" + (at < pattern.length() ? peek() : ' '), start);
        }
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
        return encoder.apply(CodePoints.range(c, c));
    }
  }

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
      throw unsupported("class in a class that begins at " + start, place);
    }
    return c == '\\' ? escape(place, true) : CodePoints.range(c, c);
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
      case 'x':
        return hex(2, start);
      case 'u':
        return hex(4, start);
      default:
        int control = "tnrf".indexOf(c);
        if (control >= 0) {
          char value = "\t\n\r\f".charAt(control);
          return CodePoints.range(value, value);
        }
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw unsupported("escape \\" + (char) c + (inClass ? " in a class" : ""), start);
        }
        return CodePoints.range(c, c);
    }
  }

  private CodePoints hex(int digits, int start) {
    int end = at + digits;
    if (end > pattern.length() || !pattern.substring(at, end).matches("[0-9a-fA-F]+")) {
      throw unsupported("escape", start);
    }
    int value = Integer.parseInt(pattern, at, end, 16);
    if (Character.isSurrogate((char) value)) {
      throw unsupported("surrogate", start);
    }
    at = end;
    return CodePoints.range(value, value);
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
