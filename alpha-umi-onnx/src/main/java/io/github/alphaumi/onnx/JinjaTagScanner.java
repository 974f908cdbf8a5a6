package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaToken.Type;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads the tokens inside one tag: names, literals and operators. */
final class JinjaTagScanner {
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{",
          "}", "<", ">", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final boolean output;
  private final List<JinjaToken> tokens;
  private final Deque<String> brackets = new ArrayDeque<>();
  private int position;
  private int line;

  JinjaTagScanner(String source, int position, int line, boolean output, List<JinjaToken> tokens) {
    this.source = source;
    this.position = position;
    this.line = line;
    this.output = output;
    this.tokens = tokens;
  }

  /** Appends the tokens and returns the position of the tag's end, sign included. */
  int scan() {
    while (true) {
      skipSpace();
      if (position >= source.length()) {
        throw fault("the tag has no end " + (output ? "'}}'" : "'%}'"));
      }
      // Inside brackets "}}" closes two dicts, not the tag.
      if (brackets.isEmpty() && atEnd()) {
        return position;
      }
      char c = source.charAt(position);
      if (c == '"' || c == '\'') {
        string(c);
      } else if (c >= '0' && c <= '9') {
        number();
      } else if (c == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(position))) {
        name();
      } else {
        operator();
      }
    }
  }

  private boolean atEnd() {
    String end = output ? "}}" : "%}";
    char c = source.charAt(position);
    int from = c == '-' || (c == '+' && !output) ? position + 1 : position;
    return source.startsWith(end, from);
  }

  private void skipSpace() {
    int next = PythonStrings.skipSpace(source, position);
    countLines(next);
    position = next;
  }

  private void countLines(int until) {
    for (int i = position; i < until; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
  }

  private void name() {
    int end = position;
    while (end < source.length()) {
      int c = source.codePointAt(end);
      if (c != '_' && !Character.isUnicodeIdentifierPart(c)) {
        break;
      }
      end += Character.charCount(c);
    }
    add(Type.NAME, source.substring(position, end));
    position = end;
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        balance(operator);
        add(Type.OPERATOR, operator);
        position += operator.length();
        return;
      }
    }
    throw fault("unexpected character '" + Character.toString(source.codePointAt(position)) + "'");
  }

  private void balance(String operator) {
    switch (operator) {
      case "(" -> brackets.push(")");
      case "[" -> brackets.push("]");
      case "{" -> brackets.push("}");
      case ")", "]", "}" -> {
        if (brackets.isEmpty()) {
          throw fault("unexpected '" + operator + "'");
        }
        String expected = brackets.pop();
        if (!expected.equals(operator)) {
          throw fault("unexpected '" + operator + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }

  private void string(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw fault("the string has no end " + quote);
    }
    try {
      add(Type.STRING, PythonStrings.unescape(source.substring(position + 1, end)));
    } catch (JinjaFault fault) {
      throw fault.at(line);
    }
    countLines(end);
    position = end + 1;
  }

  private void number() {
    int begin = position;
    boolean afterDot = begin > 0 && source.charAt(begin - 1) == '.';
    int radix = radix(begin);
    if (radix != 10) {
      int end = digits(begin + 2, radix);
      integer(source.substring(begin + 2, end), radix);
      position = end;
      return;
    }
    int end = digits(begin, 10);
    int integerEnd = end;
    if (!afterDot && charAt(end) == '.' && isDigit(charAt(end + 1), 10)) {
      end = digits(end + 1, 10);
    }
    if (!afterDot && (charAt(end) == 'e' || charAt(end) == 'E')) {
      int exponent = charAt(end + 1) == '+' || charAt(end + 1) == '-' ? end + 2 : end + 1;
      end = isDigit(charAt(exponent), 10) ? digits(exponent, 10) : end;
    }
    String digits = source.substring(begin, end).replace("_", "");
    if (end > integerEnd) {
      add(Type.FLOAT, Double.parseDouble(digits));
    } else {
      if (digits.startsWith("0") && !digits.replace("0", "").isEmpty()) {
        throw fault("an integer must not begin with 0: " + digits);
      }
      integer(digits, 10);
    }
    position = end;
  }

  private int radix(int begin) {
    if (source.charAt(begin) != '0') {
      return 10;
    }
    int radix =
        switch (charAt(begin + 1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 10;
        };
    return isDigit(charAt(begin + 2), radix) ? radix : 10;
  }

  private void integer(String text, int radix) {
    String digits = text.replace("_", "");
    // Decimal conversion takes quadratic time: refuse before, not after.
    if (digits.length() > JinjaBudget.MAX_INTEGER_BITS / 3) {
      throw fault("an integer has more than " + JinjaBudget.MAX_INTEGER_BITS / 3 + " digits");
    }
    add(Type.INTEGER, PythonNumbers.integer(new BigInteger(digits, radix)));
  }

  /** The end of a run of digits, single underscores between them included. */
  private int digits(int from, int radix) {
    int end = from;
    while (isDigit(charAt(end), radix)
        || (charAt(end) == '_' && end > from && isDigit(charAt(end + 1), radix))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c, int radix) {
    return c < 128 && Character.digit(c, radix) >= 0;
  }

  private char charAt(int index) {
    return index < source.length() ? source.charAt(index) : '\0';
  }

  private void add(Type type, Object value) {
    tokens.add(new JinjaToken(type, value, line));
  }

  private ChatTemplateException fault(String problem) {
    return ChatTemplateException.at(line, problem);
  }
}
