package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Favours tokens that go on copying. Inside a value in double quotes, of JSON or of a sentence, a
 * token after which the value is still the beginning of some words of the sources, or with which it
 * ends where a word of them does, counts as likelier than it is. A small model that has to spell a
 * name that it read slips easily ("spitz" becomes "spetzi"), and hardly ever by much. Where a value
 * is no copy, nothing is favoured after its first few letters.
 *
 * <p>Works on bytes, since a token may end within a character. Not thread-safe.
 */
final class CopyBias implements LogitBias {
  /**
   * What a favoured token's logit is raised by. On held-out tools 6 does as well as 3: slips are
   * close, and where a value is no copy the other tokens are far behind.
   */
  private static final float RAISE = 3;

  private final byte[] sources;
  private final IntFunction<byte @Nullable []> bytesOf;
  private final StringBuilder open = new StringBuilder();
  private final ByteArrayOutputStream value = new ByteArrayOutputStream();
  private byte before;
  private boolean quoted;
  private boolean escaped;
  private boolean copyable;

  /**
   * @param bytesOf a token's bytes; null if it has none
   */
  CopyBias(List<String> sources, IntFunction<byte @Nullable []> bytesOf) {
    this.sources = String.join("\n", sources).getBytes(StandardCharsets.UTF_8);
    this.bytesOf = bytesOf;
  }

  @Override
  public void read(int id) {
    byte[] bytes = bytesOf.apply(id);
    if (bytes != null) {
      for (byte b : bytes) {
        read(b);
      }
    }
  }

  private void read(byte b) {
    if (quoted) {
      if (escaped) {
        escaped = false;
      } else if (b == '\\') {
        escaped = true;
        copyable = false;
      } else if (b == '"') {
        quoted = false;
        before = b;
      } else {
        value.write(b);
      }
      return;
    }
    switch (b) {
      case '"' -> {
        quoted = true;
        value.reset();
        copyable = !isKey();
      }
      case '{', '[' -> open.append((char) b);
      case '}', ']' -> open.setLength(Math.max(0, open.length() - 1));
      default -> {}
    }
    if (b > ' ') {
      before = b;
    }
  }

  private boolean isKey() {
    return open.length() > 0 && open.charAt(open.length() - 1) == '{' && before != ':';
  }

  @Override
  public void apply(float[] logits) {
    if (!quoted || !copyable) {
      return;
    }
    float best = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      best = Math.max(best, logit);
    }
    byte[] begun = value.toByteArray();
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] > best - RAISE && copies(begun, id)) {
        logits[id] += RAISE;
      }
    }
  }

  private boolean copies(byte[] begun, int id) {
    byte[] token = bytesOf.apply(id);
    if (token == null || token.length == 0) {
      return false;
    }
    int end = 0;
    while (end < token.length && token[end] != '"') {
      if (token[end] == '\\') {
        return false;
      }
      end++;
    }
    byte[] words = Arrays.copyOf(begun, begun.length + end);
    System.arraycopy(token, 0, words, begun.length, end);
    return words.length > 0 && inSources(words, end < token.length);
  }

  /**
   * @param whole whether a word ends there, too
   */
  private boolean inSources(byte[] words, boolean whole) {
    for (int at = 0; at + words.length <= sources.length; at++) {
      int end = at + words.length;
      if (sources[at] == words[0]
          && Arrays.equals(sources, at, end, words, 0, words.length)
          && (at == 0 || !isOfWord(sources[at - 1]))
          && (!whole || end == sources.length || !isOfWord(sources[end]))) {
        return true;
      }
    }
    return false;
  }

  /** Letters beyond ASCII are taken for letters, as is whatever else is beyond it. */
  private static boolean isOfWord(byte b) {
    return b < 0 || Character.isLetterOrDigit(b);
  }
}
