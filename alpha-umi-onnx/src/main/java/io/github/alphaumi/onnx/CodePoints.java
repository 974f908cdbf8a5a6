package io.github.alphaumi.onnx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** An immutable set of Unicode code points, as sorted disjoint ranges. Surrogates never match. */
final class CodePoints {
  static final CodePoints NONE = new CodePoints(List.of());
  static final CodePoints ALL = range(0, Character.MAX_CODE_POINT);
  static final CodePoints DIGITS = range('0', '9');
  static final CodePoints WORD = DIGITS.or(range('A', 'Z')).or(range('a', 'z')).or(range('_', '_'));
  static final CodePoints SPACE = range('\t', '\r').or(range(' ', ' '));

  /** White space for ECMAScript and not for Java: a match of {@code \S} is to please both. */
  static final CodePoints WIDE_SPACE =
      range(0x85, 0x85)
          .or(range(0xA0, 0xA0))
          .or(range(0x1680, 0x1680))
          .or(range(0x2000, 0x200A))
          .or(range(0x2028, 0x2029))
          .or(range(0x202F, 0x202F))
          .or(range(0x205F, 0x205F))
          .or(range(0x3000, 0x3000))
          .or(range(0xFEFF, 0xFEFF));

  /** What a dot does not match in Java or in ECMAScript. */
  static final CodePoints LINE_ENDS =
      range('\n', '\n').or(range('\r', '\r')).or(range(0x85, 0x85)).or(range(0x2028, 0x2029));

  /** What free text is made of: no control characters but line feed and tab. */
  static final CodePoints TEXT =
      range('\t', '\n').or(range(' ', '~')).or(range(0xA0, Character.MAX_CODE_POINT));

  private final List<int[]> ranges;

  private CodePoints(List<int[]> ranges) {
    this.ranges = ranges;
  }

  /** Just this one. */
  static CodePoints of(int codePoint) {
    return range(codePoint, codePoint);
  }

  static CodePoints range(int low, int high) {
    return new CodePoints(List.of(new int[] {low, high}));
  }

  /** All code points of which this holds. */
  static CodePoints where(IntPredicate predicate) {
    List<int[]> ranges = new ArrayList<>();
    int from = -1;
    for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
      boolean member = c <= Character.MAX_CODE_POINT && predicate.test(c);
      if (member && from < 0) {
        from = c;
      } else if (!member && from >= 0) {
        ranges.add(new int[] {from, c - 1});
        from = -1;
      }
    }
    return new CodePoints(ranges);
  }

  CodePoints or(CodePoints other) {
    List<int[]> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    all.sort((a, b) -> Integer.compare(a[0], b[0]));
    List<int[]> merged = new ArrayList<>();
    for (int[] range : all) {
      int[] last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && range[0] <= last[1] + 1) {
        last[1] = Math.max(last[1], range[1]);
      } else {
        merged.add(range.clone());
      }
    }
    return new CodePoints(merged);
  }

  CodePoints not() {
    List<int[]> gaps = new ArrayList<>();
    int from = 0;
    for (int[] range : ranges) {
      if (from < range[0]) {
        gaps.add(new int[] {from, range[0] - 1});
      }
      from = range[1] + 1;
    }
    if (from <= Character.MAX_CODE_POINT) {
      gaps.add(new int[] {from, Character.MAX_CODE_POINT});
    }
    return new CodePoints(gaps);
  }

  CodePoints and(CodePoints other) {
    return not().or(other.not()).not();
  }

  boolean contains(int codePoint) {
    return ranges.stream().anyMatch(range -> range[0] <= codePoint && codePoint <= range[1]);
  }

  /** The only member, or -1 if there are more or none. */
  int single() {
    return ranges.size() == 1 && ranges.get(0)[0] == ranges.get(0)[1] ? ranges.get(0)[0] : -1;
  }

  /** One of these characters in UTF-8. */
  Expression utf8(Arena arena) {
    List<Expression> parts = new ArrayList<>();
    int[][] lengths = {
      {0, 0x7F}, {0x80, 0x7FF}, {0x800, 0xD7FF}, {0xE000, 0xFFFF}, {0x10000, 0x10FFFF}
    };
    for (int[] range : ranges) {
      for (int[] same : lengths) {
        int low = Math.max(range[0], same[0]);
        int high = Math.min(range[1], same[1]);
        if (low <= high) {
          parts.add(between(arena, encode(low), encode(high), 0));
        }
      }
    }
    return arena.alt(parts);
  }

  private static byte[] encode(int codePoint) {
    return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Encodings of one length sort as their code points do, so a range splits like a number range.
   */
  private static Expression between(Arena arena, byte[] low, byte[] high, int at) {
    if (at == low.length) {
      return arena.epsilon;
    }
    int from = low[at] & 0xFF;
    int to = high[at] & 0xFF;
    if (at == low.length - 1) {
      return arena.range(from, to);
    }
    if (from == to) {
      return arena.seq(arena.range(from, from), between(arena, low, high, at + 1));
    }
    byte[] least = low.clone();
    byte[] most = low.clone();
    for (int i = at + 1; i < low.length; i++) {
      least[i] = (byte) 0x80;
      most[i] = (byte) 0xBF;
    }
    return arena.alt(
        arena.seq(arena.range(from, from), between(arena, low, most, at + 1)),
        arena.seq(arena.range(from + 1, to - 1), between(arena, least, most, at + 1)),
        arena.seq(arena.range(to, to), between(arena, least, high, at + 1)));
  }
}
