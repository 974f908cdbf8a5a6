package io.github.alphaumi.onnx;

/**
 * Turns ids into text one by one, in time proportional to the text. What {@link #push} and {@link
 * #flush} return is, concatenated, {@link Tokenizer#decode(int[], boolean)} of all ids without
 * special tokens. A returned piece never ends in half a character, and nothing is ever taken back.
 * Not thread-safe.
 */
final class StreamDecoder {

  private final Tokenizer tokenizer;
  private final TextDecoder decoder;
  private final StringBuilder out = new StringBuilder();
  private TextDecoder.Session session;

  StreamDecoder(Tokenizer tokenizer, TextDecoder decoder, TextDecoder.Session session) {
    this.tokenizer = tokenizer;
    this.decoder = decoder;
    this.session = session;
  }

  /**
   * Takes the next id.
   *
   * @return the text that has become certain; empty for a special token and while the tail may
   *     still change
   * @throws IllegalArgumentException when the id is not in the vocabulary
   */
  String push(int id) {
    String token = tokenizer.token(id);
    if (!tokenizer.isSpecial(id)) {
      session.push(token, out);
    }
    return take();
  }

  /** Takes bytes for which no token was written, and returns the text that has become certain. */
  String push(byte[] utf8) {
    session.push(utf8, out);
    return take();
  }

  /** Ends the text and returns what was held back; the next id begins another text. */
  String flush() {
    session.end(out);
    session = decoder.begin();
    return take();
  }

  private String take() {
    String text = out.toString();
    out.setLength(0);
    return text;
  }
}
