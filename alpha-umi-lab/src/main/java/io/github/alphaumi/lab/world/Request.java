package io.github.alphaumi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a person writes, piece by piece: words, which may be changed, and values, which stay as they
 * are.
 */
final class Request {
  private static final double TYPO = 0.1;
  private static final double LOWER = 0.1;
  private static final int LONG_WORD = 5;

  private final List<Piece> pieces = new ArrayList<>();
  private boolean question;
  private boolean closed;
  private boolean described;

  private record Piece(String text, boolean value) {}

  Request words(String text) {
    if (!text.isEmpty()) {
      pieces.add(new Piece(text, false));
    }
    return this;
  }

  Request value(Spelling spelling) {
    if (spelling.withoutOn() && !pieces.isEmpty()) {
      Piece last = pieces.get(pieces.size() - 1);
      if (!last.value() && last.text().matches("(?is)(?:.*\\s)?on ")) {
        String rest = last.text().substring(0, last.text().length() - "on ".length());
        pieces.set(pieces.size() - 1, new Piece(rest, false));
      }
    }
    words(spelling.before());
    pieces.add(new Piece(spelling.value(), true));
    words(spelling.after());
    closed |= spelling.closed();
    return this;
  }

  Request add(Request other) {
    pieces.addAll(other.pieces);
    closed |= other.closed;
    described |= other.described;
    return this;
  }

  Request inWordsOfDescription() {
    described = true;
    return this;
  }

  /** Whether a part of it is in the words of a tool's description. */
  boolean isDescribed() {
    return described;
  }

  Request asking(boolean isQuestion) {
    question = isQuestion;
    return this;
  }

  boolean isQuestion() {
    return question;
  }

  /** Whether nothing may follow. */
  boolean isClosed() {
    return closed;
  }

  /** The words as they are, for use inside another request. */
  String plain() {
    return pieces.stream().map(Piece::text).collect(Collectors.joining());
  }

  /** Ends the sentence, so that another may follow. */
  Request ended() {
    if (!closed) {
      words(question ? "?" : ".");
    }
    return this;
  }

  Request capitalized() {
    if (!pieces.isEmpty() && !pieces.get(0).value()) {
      pieces.set(0, new Piece(capital(pieces.get(0).text()), false));
    }
    return this;
  }

  /** The whole text: with or without capital and end mark, and now and then with an error. */
  String finished(Draws draws, RequestWords around) {
    String opener = around.opener();
    boolean lower = draws.chance(LOWER);
    if (lower) {
      pieces.replaceAll(piece -> piece.value() ? piece : new Piece(small(piece.text()), false));
    } else if (!RequestWords.goesOn(opener) && (draws.chance(0.75) || !opener.isEmpty())) {
      capitalized();
    }
    if (draws.chance(TYPO)) {
      misspell(draws);
    }
    String end =
        lower && draws.chance(0.6) || draws.chance(0.15)
            ? ""
            : question
                ? draws.chance(0.06) ? "??" : "?"
                : draws.chance(0.06) ? draws.pick(List.of("!", "!", "!!", "...")) : ".";
    boolean startsWithValue = !pieces.isEmpty() && pieces.get(0).value();
    String text = (opener + " " + plain().strip()).strip();
    boolean fixed = startsWithValue && opener.isEmpty();
    return around.around(text, fixed, closed ? "" : end, closed);
  }

  private static String small(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void misspell(Draws draws) {
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      if (!pieces.get(i).value() && pieces.get(i).text().matches("(?s).*[A-Za-z]{5,}.*")) {
        candidates.add(i);
      }
    }
    if (candidates.isEmpty()) {
      return;
    }
    int at = draws.pick(candidates);
    String[] words = pieces.get(at).text().split("(?<= )");
    List<Integer> longWords = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (words[i].strip().matches("[A-Za-z]{" + LONG_WORD + ",}")) {
        longWords.add(i);
      }
    }
    if (longWords.isEmpty()) {
      return;
    }
    int word = draws.pick(longWords);
    words[word] = misspelt(words[word], draws);
    pieces.set(at, new Piece(String.join("", words), false));
  }

  private static String misspelt(String word, Draws draws) {
    int letters = word.stripTrailing().length();
    int at = 1 + draws.below(letters - 2);
    String before = word.substring(0, at);
    String rest = word.substring(at + 1);
    char letter = word.charAt(at);
    return switch (draws.below(3)) {
      case 0 -> before + rest;
      case 1 -> before + letter + letter + rest;
      default ->
          at + 1 < letters
              ? before + rest.charAt(0) + letter + rest.substring(1)
              : before + letter + letter + rest;
    };
  }

  static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
