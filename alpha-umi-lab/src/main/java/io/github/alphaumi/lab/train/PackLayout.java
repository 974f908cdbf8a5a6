package io.github.alphaumi.lab.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** What all layers need to know of a pack. */
final class PackLayout {
  private final Tensor tokens;
  private final Tensor cosines;
  private final Tensor sines;
  private final List<Stretch> stretches;
  private final int length;

  /**
   * The shared beginning or a branch.
   *
   * @param from index of its first token
   * @param mask what is added to the products of queries and keys, {@code [length, beginning +
   *     length]}; null: a token sees itself and what is before it in the stretch
   */
  record Stretch(int from, int length, @Nullable Tensor mask) {
    boolean behindBeginning() {
      return mask != null;
    }
  }

  /**
   * @throws IllegalArgumentException if the pack does not fit the model
   */
  PackLayout(Pack pack, Weights weights) {
    length = pack.length();
    check(pack, weights);
    tokens = Tensors.of(pack.tokens());
    Tensor positions = Tensors.of(pack.positions());
    cosines = weights.cosines().index_select(0, positions).unsqueeze(1);
    sines = weights.sines().index_select(0, positions).unsqueeze(1);
    stretches = stretches(pack.branches());
  }

  private static void check(Pack pack, Weights weights) {
    int vocabulary = weights.shape().vocabularySize();
    for (int i = 0; i < pack.length(); i++) {
      if (pack.tokens()[i] < 0 || pack.tokens()[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "a pack has the token %d, but the model's vocabulary ends at %d; use the model's own tokenizer"
                .formatted(pack.tokens()[i], vocabulary));
      }
      if (pack.positions()[i] < 0 || pack.positions()[i] >= weights.positions()) {
        throw new IllegalArgumentException(
            "a pack has the position %d, but the model ends at %d; leave longer trajectories out"
                .formatted(pack.positions()[i], weights.positions()));
      }
    }
    for (Pack.Turn turn : pack.turns()) {
      if (turn.from() < 1
          || turn.to() > pack.length()
          || turn.from() >= turn.to()
          || pack.branches()[turn.from() - 1] != pack.branches()[turn.from()]) {
        throw new IllegalArgumentException(
            "a pack of %d tokens has the turn %s, which is empty, outside or first of its branch"
                .formatted(pack.length(), turn));
      }
    }
  }

  private static List<Stretch> stretches(int[] branches) {
    List<Stretch> stretches = new ArrayList<>();
    int beginning = 0;
    for (int from = 0; from < branches.length; ) {
      int to = from + 1;
      while (to < branches.length && branches[to] == branches[from]) {
        to++;
      }
      if (branches[from] == 0 && from == 0) {
        beginning = to;
      } else if (branches[from] == 0) {
        throw new IllegalArgumentException("a pack's shared beginning is not at its beginning");
      }
      boolean behind = branches[from] != 0 && beginning > 0;
      stretches.add(new Stretch(from, to - from, behind ? mask(to - from, beginning) : null));
      from = to;
    }
    return stretches;
  }

  private static Tensor mask(int length, int beginning) {
    return Tensors.empty(length, (long) beginning + length)
        .fill_(new Scalar(Double.NEGATIVE_INFINITY))
        .triu_(beginning + 1L);
  }

  int length() {
    return length;
  }

  /** {@code [length]}. */
  Tensor tokens() {
    return tokens;
  }

  /** Of the tokens' positions, {@code [length, 1, headSize / 2]}. */
  Tensor cosines() {
    return cosines;
  }

  /** As {@link #cosines()}. */
  Tensor sines() {
    return sines;
  }

  List<Stretch> stretches() {
    return stretches;
  }
}
