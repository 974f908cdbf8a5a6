package io.github.alphaumi.onnx;

import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Regular expressions by chance, of all that is understood of them. */
final class RandomPatterns {
  private static final List<String> ATOMS =
      List.of(
          "a",
          "Z",
          "\u00e9",
          "\u4f60\u597d",
          "\ud83d\ude00",
          " ",
          ".",
          "\\d",
          "\\D",
          "\\w",
          "\\W",
          "\\s",
          "\\S",
          "\\.",
          "\\\\",
          "\\n",
          "\\t",
          "\\x41",
          "\\x{1F600}",
          "\\u00df",
          "\\uD83D\\uDE01",
          "\\p{L}",
          "\\p{Lu}",
          "\\P{L}",
          "\\pN",
          "\\p{IsGreek}",
          "[abc]",
          "[^abc]",
          "[a-f0-9]",
          "[^\\w\\s]",
          "[\\d.-]",
          "[-+]",
          "[\\]\\[^]",
          "[\u0400-\u04ff\\x{1F300}-\\x{1F5FF}]",
          "[\\p{Ll}_]");

  private RandomPatterns() {}

  static String next(Random random) {
    String body = alternatives(random, 2);
    return (random.nextInt(4) == 0 && !body.contains("|") ? "^" + body + "$" : body);
  }

  private static String alternatives(Random random, int depth) {
    StringJoiner parts = new StringJoiner("|");
    for (int i = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1; i > 0; i--) {
      parts.add(sequence(random, depth));
    }
    return parts.toString();
  }

  private static String sequence(Random random, int depth) {
    StringBuilder parts = new StringBuilder();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      if (depth > 0 && random.nextInt(4) == 0) {
        // Bounded, so that the judge's backtracking mostly is, too.
        parts.append(random.nextBoolean() ? "(" : "(?:").append(alternatives(random, depth - 1));
        parts.append(")").append(List.of("", "?", "{0,2}", "{1,3}", "{2}").get(random.nextInt(5)));
      } else {
        parts.append(ATOMS.get(random.nextInt(ATOMS.size()))).append(quantifier(random));
      }
    }
    return parts.toString();
  }

  private static String quantifier(Random random) {
    int min = random.nextInt(3);
    return switch (random.nextInt(10)) {
      case 0 -> "*";
      case 1 -> "+";
      case 2 -> "?";
      case 3 -> "{" + min + "," + (min + 1 + random.nextInt(20)) + "}";
      case 4 -> "{" + (1 + min) + "}";
      case 5 -> "{" + min + ",}?";
      default -> "";
    };
  }
}
