package io.github.alphaumi.onnx;

import static io.github.alphaumi.onnx.JsonStyle.Blanks.FREE;
import static io.github.alphaumi.onnx.JsonStyle.Blanks.PYTHON;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tokens of JSON in one style: strings, numbers, constants, blanks. */
final class JsonText {
  static final int BLANKS = 64;

  /** Integers so written fit a long. */
  private static final int DIGITS = 18;

  private static final String SHORT = "\"\\/\b\f\n\r\t";
  private static final String SHORT_LETTERS = "\"\\/bfnrt";
  private static final CodePoints RAW =
      CodePoints.range(0, 0x1F)
          .or(CodePoints.range('"', '"'))
          .or(CodePoints.range('\\', '\\'))
          .not();

  final Arena arena;
  final JsonStyle style;
  final Expression blank;
  final Expression comma;
  final Expression colon;
  final Expression character;
  final Expression string;
  final Expression digit;
  final Expression quote;

  JsonText(Arena arena, JsonStyle style) {
    this.arena = arena;
    this.quote = arena.literal("\"");
    this.style = style;
    boolean free = style.blanks() == FREE;
    String space = style.blanks() == PYTHON ? " " : "";
    Expression spaces =
        arena.bytes(ByteSet.of(' ').or(ByteSet.range('\t', '\n')).or(ByteSet.of('\r')));
    this.blank = free ? arena.repeat(spaces, 0, BLANKS) : arena.epsilon;
    this.comma = arena.seq(arena.literal("," + space), blank);
    this.colon = arena.seq(blank, arena.literal(":" + space), blank);
    this.character = arena.alt(RAW.utf8(arena), arena.seq(arena.literal("\\"), escape()));
    this.string = string(arena.star(character));
    this.digit = arena.range('0', '9');
  }

  /** A string around content that is written as JSON already. */
  Expression string(Expression content) {
    return arena.group(arena.seq(quote, content, quote));
  }

  /** A lone surrogate is no text, so a high one is followed by a low one. */
  private Expression escape() {
    Expression hex = hex("0-9");
    Expression notD = arena.alt(arena.range('0', '9'), hex("abcef"));
    Expression four =
        arena.alt(
            arena.seq(notD, hex, hex, hex), arena.seq(hex("d"), arena.range('0', '7'), hex, hex));
    Expression pair =
        arena.seq(
            arena.seq(hex("d"), hex("89ab"), hex, hex),
            arena.literal("\\u"),
            arena.seq(hex("d"), hex("cdef"), hex, hex));
    return arena.alt(oneByte(SHORT_LETTERS), arena.seq(arena.literal("u"), arena.alt(four, pair)));
  }

  private Expression hex(String digits) {
    return digits.equals("0-9")
        ? oneByte("0123456789abcdefABCDEF")
        : oneByte(digits + digits.toUpperCase(Locale.ROOT));
  }

  private Expression oneByte(String characters) {
    ByteSet set = ByteSet.NONE;
    for (char c : characters.toCharArray()) {
      set = set.or(ByteSet.of(c));
    }
    return arena.bytes(set);
  }

  /** The ways to write one character of a known string: all that JSON has, or few. */
  private Expression encode(int codePoint, boolean free) {
    List<Expression> ways = new ArrayList<>();
    if (RAW.contains(codePoint)) {
      ways.add(arena.literal(Character.toString(codePoint)));
    }
    int letter = SHORT.indexOf(codePoint);
    if (letter >= 0 && (codePoint != '/' || free)) {
      ways.add(arena.literal("\\" + SHORT_LETTERS.charAt(letter)));
    }
    boolean dumped = style.blanks() == PYTHON && codePoint > 0x7E;
    if (ways.isEmpty() || free || dumped) {
      Expression unicode = arena.epsilon;
      for (char unit : Character.toChars(codePoint)) {
        String hex = String.format("%04x", (int) unit);
        Expression digits = arena.epsilon;
        for (char c : hex.toCharArray()) {
          digits = arena.seq(digits, free ? hex(String.valueOf(c)) : oneByte(String.valueOf(c)));
        }
        unicode = arena.seq(unicode, arena.literal("\\u"), digits);
      }
      ways.add(unicode);
    }
    return arena.alt(ways);
  }

  /** One of a set of characters in the way {@code json.dumps} writes it, non-ASCII as it is. */
  Expression encode(CodePoints set) {
    List<Expression> ways = new ArrayList<>();
    ways.add(set.and(RAW).utf8(arena));
    CodePoints rest = set.and(RAW.not());
    for (int c = 0; c <= '\\'; c++) {
      if (rest.contains(c)) {
        int letter = SHORT.indexOf(c);
        ways.add(
            arena.literal(
                letter >= 0 ? "\\" + SHORT_LETTERS.charAt(letter) : String.format("\\u%04x", c)));
      }
    }
    return arena.alt(ways);
  }

  Expression digits(int min, int max) {
    return arena.repeat(digit, min, max);
  }

  /** {@code -?(0|[1-9][0-9]{0,17})}. */
  Expression integer() {
    Expression positive = arena.seq(arena.range('1', '9'), digits(0, DIGITS - 1));
    return arena.seq(arena.optional(arena.literal("-")), arena.alt(arena.literal("0"), positive));
  }

  /** With a fraction of up to 18 digits and an exponent of up to two: always a finite double. */
  Expression number() {
    Expression exponent = arena.seq(oneByte("eE"), arena.optional(oneByte("+-")), digits(1, 2));
    return arena.seq(integer(), fraction(), arena.optional(exponent));
  }

  Expression fraction() {
    return arena.optional(arena.seq(arena.literal("."), digits(1, DIGITS)));
  }

  /** Exactly this string, without sharing beginnings with others. */
  Expression constant(String text) {
    return arena.seq(quote, words(Map.of(text, quote), style.blanks() == FREE));
  }

  /** The rest, from the opening quote on, of one of these strings, and what comes after it. */
  Expression words(Map<String, Expression> after, boolean anyEscape) {
    return WordTrie.of(arena, after, codePoint -> encode(codePoint, anyEscape));
  }

  /** Exactly this value; the members of an object in its order. */
  Expression constant(JsonNode value) {
    if (value.isTextual()) {
      return constant(value.textValue());
    }
    if (!value.isContainerNode()) {
      return arena.literal(value.toString());
    }
    Expression result = arena.epsilon;
    Expression separator = arena.epsilon;
    if (value.isArray()) {
      for (JsonNode item : value) {
        result = arena.seq(result, separator, constant(item), blank);
        separator = comma;
      }
      return arena.seq(arena.literal("["), blank, result, arena.literal("]"));
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      Expression pair = arena.seq(constant(member.getKey()), colon, constant(member.getValue()));
      result = arena.seq(result, separator, pair, blank);
      separator = comma;
    }
    return arena.seq(arena.literal("{"), blank, result, arena.literal("}"));
  }
}
