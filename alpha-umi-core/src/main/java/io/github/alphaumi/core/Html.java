package io.github.alphaumi.core;

import java.util.HexFormat;
import java.util.Locale;

/**
 * Text that a model, a tool or a user wrote, made fit for a page: as element content and in quoted
 * attributes it is text and nothing else.
 *
 * <p>What a reader could not see is shown by name, so that a page shows what was really said: a
 * text that turns its line around (U+202E) can make a refund look like a receipt.
 */
final class Html {
  private Html() {}

  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\r' && i < text.length() && text.charAt(i) == '\n') {
        continue;
      }
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '`' -> out.append("&#96;");
        default -> {
          if (isHidden(c)) {
            out.append('⟦').append(name(c)).append('⟧');
          } else {
            out.appendCodePoint(c);
          }
        }
      }
    }
    return out.toString();
  }

  /**
   * Whether a character leaves no mark of its own, or cannot stand in a document. Joiners stay:
   * emoji and several scripts need them.
   */
  static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\n' && c != '\t';
      case Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> c != 0x200c && c != 0x200d;
      default -> (c & 0xfffe) == 0xfffe;
    };
  }

  static String name(int c) {
    return "U+"
        + (c > 0xffff
            ? Integer.toHexString(c).toUpperCase(Locale.ROOT)
            : HexFormat.of().withUpperCase().toHexDigits((char) c));
  }
}
