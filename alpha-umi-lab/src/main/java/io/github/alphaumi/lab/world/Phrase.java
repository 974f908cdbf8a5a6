package io.github.alphaumi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words with slots in braces.
 *
 * @param literals the words around the slots, one more than there are slots
 * @param slots names, in the order of the words
 */
record Phrase(List<String> literals, List<String> slots) {
  private static final Pattern SLOT = Pattern.compile("\\{([^}]*)}");
  private static final Set<String> ASKING =
      Set.of(
          "is", "are", "was", "were", "do", "does", "did", "can", "could", "would", "will",
          "should", "has", "have", "had", "may", "must", "shall", "what", "what's", "when",
          "when's", "where", "where's", "who", "who's", "whom", "whose", "which", "how", "how's",
          "why", "isn't", "aren't", "don't", "doesn't", "any");

  static Phrase parse(String text) {
    List<String> literals = new ArrayList<>();
    List<String> slots = new ArrayList<>();
    Matcher slot = SLOT.matcher(text);
    int from = 0;
    while (slot.find()) {
      literals.add(text.substring(from, slot.start()));
      slots.add(slot.group(1));
      from = slot.end();
    }
    literals.add(text.substring(from));
    return new Phrase(List.copyOf(literals), List.copyOf(slots));
  }

  /** Whether it reads as a question, by its first word. */
  boolean isQuestion() {
    String first = literals.get(0).strip().split("[\\s,]", 2)[0].toLowerCase(Locale.ROOT);
    return ASKING.contains(first) && !literals.get(0).startsWith("don't ");
  }

  /** Whether words that stand for themselves ("the last order", "it") fit into the slot. */
  boolean takesReference(String slot) {
    int at = slots.indexOf(slot);
    return at >= 0
        && !literals.get(at).matches("(?is).*\\b(?:the|a|an|my|our|your|his|her|number|id|code) $")
        && !literals.get(at).matches("(?s).*[\"'#$-]$")
        && !literals.get(at + 1).startsWith("'")
        && !literals.get(at + 1).startsWith("\"");
  }

  /** Whether "it" fits into the slot: not at the beginning ("it merge, please"). */
  boolean takesPronoun(String slot) {
    return takesReference(slot) && !literals.get(slots.indexOf(slot)).isBlank();
  }

  /** The words alone, for comparisons. */
  String words() {
    return String.join("{}", literals).toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(literals.get(0));
    for (int i = 0; i < slots.size(); i++) {
      text.append('{').append(slots.get(i)).append('}').append(literals.get(i + 1));
    }
    return text.toString();
  }
}
