package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.Sampling;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Texts of a model whose logits are random numbers, held to a constraint. By chance alone a string
 * of a JSON text would rarely end, and a free text never, so every few steps the logits of what
 * closes are raised, or those of an ending, token after token.
 *
 * <p>The token with the largest of independent random logits is any of those that the mask allows
 * with the same probability. Most walks make use of that and draw it from the mask; one in {@value
 * #SAMPLED} has its logits written out and goes through the sampler as generation does.
 */
final class RandomWalk {
  private static final int SAMPLED = 100;

  private final byte[][] tokens;
  private final long[] closing;
  private final List<int[]> endings = new ArrayList<>();
  private final float[] logits;

  /** Twice as many as there are tokens: any stretch of them serves as logits. */
  private final float[] chance;

  private long steps;

  /**
   * @param cut whether the budget ended it
   */
  record Text(String text, boolean cut) {}

  RandomWalk(byte[][] tokens, TokenTrie trie, List<String> endings) {
    for (String ending : endings) {
      this.endings.add(trie.spell(ending.getBytes(StandardCharsets.UTF_8)));
    }
    this.tokens = tokens;
    this.logits = new float[tokens.length];
    chance = new float[2 * tokens.length];
    Random random = new Random(tokens.length);
    for (int i = 0; i < chance.length; i++) {
      chance[i] = (float) random.nextGaussian() * 4;
    }
    closing = new long[tokens.length + 63 >> 6];
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i].length > 0 && "\"}].".indexOf(tokens[i][0]) >= 0) {
        closing[i >> 6] |= 1L << i;
      }
    }
  }

  long steps() {
    return steps;
  }

  /** Draws up to {@code budget} tokens, and ends the text the shortest way if it is not over. */
  Text walk(ConstraintMatcher matcher, Random random, int budget) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean sampled = random.nextInt(SAMPLED) == 0;
    Sampler sampler = new Sampler(Sampling.temperature(0.5 + random.nextDouble(), budget));
    boolean ended = false;
    int[] liked = {};
    int at = 0;
    for (int step = 0; step < budget && !ended; step++) {
      ended = matcher.mustEnd() || matcher.canEnd() && random.nextInt(4) == 0;
      if (!ended) {
        boolean close = random.nextInt(6) == 0;
        TokenMask mask = matcher.mask();
        if (at == liked.length && random.nextInt(30) == 0) {
          liked = endings.get(random.nextInt(endings.size()));
          at = 0;
        }
        int token;
        if (at < liked.length && mask.allows(liked[at])) {
          token = liked[at++];
        } else {
          at = liked.length;
          token = sampled ? sample(sampler, mask, close, random) : draw(mask, close, random);
        }
        assertThat(mask.allows(token)).isTrue();
        matcher.accept(token);
        out.writeBytes(tokens[token]);
        if (random.nextInt(4) == 0) {
          out.writeBytes(jump(matcher));
        }
        steps++;
      }
    }
    if (!ended) {
      byte[] rest = matcher.shortestCompletion();
      matcher.accept(rest);
      out.writeBytes(rest);
    }
    assertThat(matcher.canEnd()).isTrue();
    return new Text(utf8(out.toByteArray()), !ended);
  }

  /** Goes on by what has to come, as generation does. */
  private static byte[] jump(ConstraintMatcher matcher) {
    byte[] forced = matcher.forced();
    matcher.accept(forced);
    return forced;
  }

  private int sample(Sampler sampler, TokenMask mask, boolean close, Random random) {
    System.arraycopy(chance, random.nextInt(tokens.length), logits, 0, logits.length);
    for (int i = 0; close && i < logits.length; i++) {
      logits[i] += (closing[i >> 6] >>> i & 1) != 0 ? 30 : 0;
    }
    return sampler.next(logits, mask, Set.of(), List.of());
  }

  private int draw(TokenMask mask, boolean close, Random random) {
    long[] words = mask.words();
    int chosen = close ? draw(words, closing, random) : -1;
    return chosen >= 0 ? chosen : draw(words, words, random);
  }

  /** One of the bits that are set in both, or -1. */
  private static int draw(long[] a, long[] b, Random random) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += Long.bitCount(a[i] & b[i]);
    }
    if (count == 0) {
      return -1;
    }
    int left = random.nextInt(count);
    for (int i = 0; ; i++) {
      long word = a[i] & b[i];
      int bits = Long.bitCount(word);
      if (left < bits) {
        for (; left > 0; left--) {
          word &= word - 1;
        }
        return (i << 6) + Long.numberOfTrailingZeros(word);
      }
      left -= bits;
    }
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8: " + new String(bytes, StandardCharsets.UTF_8), e);
    }
  }
}
