package io.github.alphaumi.core.cases;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * When a text occurs in an answer: without case, runs of white space as one blank, numbers also in
 * their plain form (1,250.00 as 1250). A number is not found inside a longer one.
 */
final class AnswerText {
  private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0\\u202f]+");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:,\\d{3})*(?:\\.\\d+)?");
  private static final Pattern GROUPED = Pattern.compile("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?");

  /** How people and models say that something cannot be done. */
  private static final Pattern REFUSAL =
      Pattern.compile(
          "\\b(?:can ?not|can't|could ?n[o']t|unable|not able|not possible|impossible|no way to|"
              + "no tool|none of the tools|(?:do not|don't) have (?:a |any |the )?(?:tool|way|access|"
              + "ability|means)|(?:am|is|are) not available|is unavailable|not supported|"
              + "beyond (?:my|what i)|give up)\\b");

  private final String text;
  private final String plain;

  AnswerText(String answer) {
    text = normalized(answer);
    plain = plain(text);
  }

  boolean contains(String part) {
    String wanted = normalized(part);
    return occurs(text, wanted) || occurs(plain, plain(wanted));
  }

  boolean containsAny(List<String> parts) {
    return parts.stream().anyMatch(this::contains);
  }

  /** Whether it says that the task cannot be done. */
  boolean refuses() {
    return REFUSAL.matcher(text.replace('\u2019', '\'')).find();
  }

  private static String normalized(String text) {
    return BLANKS.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
  }

  private static String plain(String text) {
    return NUMBER.matcher(text).replaceAll(AnswerText::plain);
  }

  private static String plain(MatchResult number) {
    String digits = number.group();
    if (GROUPED.matcher(digits).matches()) {
      digits = digits.replace(",", "");
    }
    return digits.matches("\\d+\\.\\d+") ? digits.replaceAll("\\.?0+$", "") : digits;
  }

  private static boolean occurs(String text, String part) {
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      if (!continuesNumber(text, at - 1, part, 0, -1)
          && !continuesNumber(text, at + part.length(), part, part.length() - 1, 1)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a digit of the part goes on beyond its end, directly or after a point or comma. */
  private static boolean continuesNumber(
      String text, int beside, String part, int last, int direction) {
    if (part.isEmpty() || !isDigit(part, last)) {
      return false;
    }
    boolean separated =
        beside >= 0
            && beside < text.length()
            && (text.charAt(beside) == '.' || text.charAt(beside) == ',');
    return isDigit(text, separated ? beside + direction : beside);
  }

  private static boolean isDigit(String text, int at) {
    return at >= 0 && at < text.length() && Character.isDigit(text.charAt(at));
  }
}
