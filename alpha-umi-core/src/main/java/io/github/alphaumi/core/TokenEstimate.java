package io.github.alphaumi.core;

/** Tokens of a text without its tokenizer: rather too many than too few. */
final class TokenEstimate {
  /** English prose has four or more characters a token, JSON and identifiers about three. */
  private static final int ASCII_CHARACTERS = 3;

  private TokenEstimate() {}

  static int of(String text) {
    int others = 0;
    for (int i = 0; i < text.length(); i++) {
      others += text.charAt(i) > 0x7e ? 1 : 0;
    }
    return others + (text.length() - others + ASCII_CHARACTERS - 1) / ASCII_CHARACTERS;
  }
}
