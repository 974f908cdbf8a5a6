package io.github.alphaumi.lab;

import com.google.common.base.Splitter;

/** Token ids as people write them: parted by commas or blanks. */
final class TokenIds {

  private TokenIds() {}

  /**
   * @throws NumberFormatException that names what is not a token id
   */
  static int[] parse(String text) {
    return Splitter.onPattern("[,\\s\\[\\]]+")
        .omitEmptyStrings()
        .splitToStream(text)
        .mapToInt(TokenIds::number)
        .toArray();
  }

  private static int number(String word) {
    try {
      return Integer.parseUnsignedInt(word);
    } catch (NumberFormatException e) {
      throw new NumberFormatException(
          "'" + word + "' is not a token id: write numbers parted by commas");
    }
  }
}
