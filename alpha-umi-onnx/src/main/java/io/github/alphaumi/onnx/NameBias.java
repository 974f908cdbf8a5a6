package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Constraint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Raises the log-probability of whole names where a constraint lets one of several follow. A name
 * has many tokens, and some of them begin alike: each token is raised by what the best name has
 * that it can still become, over what the best one had without it. Over a whole name that adds up
 * to its own share.
 *
 * <p>Works on bytes, since a token may end within a character. Not thread-safe.
 */
final class NameBias implements LogitBias {
  private final List<String> sentences;
  private final Map<String, Double> names = new LinkedHashMap<>();
  private final IntFunction<byte @Nullable []> bytesOf;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  /**
   * @param bias by name; others are not raised
   * @param bytesOf a token's bytes; null if it has none
   */
  NameBias(
      Constraint.EndsWith constraint,
      Map<String, Double> bias,
      IntFunction<byte @Nullable []> bytesOf) {
    String before = bytes(constraint.beforeName());
    sentences = before.isEmpty() ? List.of() : Grammar.sentences(before);
    constraint.names().forEach(name -> names.put(bytes(name), bias.getOrDefault(name, 0.0)));
    this.bytesOf = bytesOf;
  }

  /** One character for each byte. */
  private static String bytes(String text) {
    return characters(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String characters(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void read(int id) {
    byte[] bytes = bytesOf.apply(id);
    if (bytes != null) {
      written.writeBytes(bytes);
    }
  }

  @Override
  public void apply(float[] logits) {
    String text = Grammar.START + characters(written.toByteArray());
    for (String sentence : sentences) {
      // The last character, a blank, often is the first of a token that begins a name.
      int begin = text.lastIndexOf(sentence.substring(0, sentence.length() - 1));
      if (begin >= 0 && isOpen(sentence, text.substring(begin))) {
        raise(logits, sentence, text.substring(begin));
        return;
      }
    }
  }

  private boolean isOpen(String sentence, String begun) {
    return begun.length() <= sentence.length()
        ? sentence.startsWith(begun)
        : begun.startsWith(sentence)
            && names.keySet().stream()
                .anyMatch(name -> name.startsWith(begun.substring(sentence.length())));
  }

  private void raise(float[] logits, String sentence, String begun) {
    double before = best(begun.substring(Math.min(begun.length(), sentence.length())));
    String missing = sentence.substring(Math.min(begun.length(), sentence.length()));
    for (int id = 0; id < logits.length; id++) {
      byte[] token = logits[id] == Float.NEGATIVE_INFINITY ? null : bytesOf.apply(id);
      if (token != null && (missing.isEmpty() || begins(token, missing))) {
        String longer = begun + characters(token);
        if (longer.startsWith(sentence)) {
          double after = best(longer.substring(sentence.length()));
          logits[id] += (float) (after - before);
        }
      }
    }
  }

  /** Most tokens do not, and are known by their first byte. */
  private static boolean begins(byte[] token, String missing) {
    return token.length > 0 && (token[0] & 0xFF) == missing.charAt(0);
  }

  /** The most that a name has which begins so, or which stands there whole. */
  private double best(String begun) {
    return names.entrySet().stream()
        .filter(name -> name.getKey().startsWith(begun) || isWhole(name.getKey(), begun))
        .mapToDouble(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  private static boolean isWhole(String name, String begun) {
    return begun.length() > name.length()
        && begun.startsWith(name)
        && Grammar.AFTER_NAME.indexOf(begun.charAt(name.length())) >= 0;
  }
}
