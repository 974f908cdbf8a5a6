package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The merges that a SentencePiece BPE vocabulary implies. SentencePiece has no list of merges: it
 * joins the two neighbours whose joint piece has the highest score, so each way to cut a piece into
 * two others is a merge, ranked by the score of the whole piece.
 */
final class ScoredMerges {

  private ScoredMerges() {}

  record Merge(String left, String right, float score) {}

  /** The merges, the one to be applied first in front; pieces that are not normal take no part. */
  static List<Merge> of(List<?> tokens, int[] types, float[] scores) {
    Set<String> pieces = new HashSet<>();
    for (int id = 0; id < types.length; id++) {
      if (types[id] == GgufTokenizer.NORMAL) {
        pieces.add((String) tokens.get(id));
      }
    }
    List<Merge> merges = new ArrayList<>();
    for (int id = 0; id < types.length; id++) {
      if (types[id] == GgufTokenizer.NORMAL) {
        addCuts((String) tokens.get(id), scores[id], pieces, merges);
      }
    }
    // The sort is stable: pieces of equal score stay in the order of their ids.
    merges.sort(Comparator.comparingDouble((Merge merge) -> merge.score).reversed());
    return merges;
  }

  private static void addCuts(String piece, float score, Set<String> pieces, List<Merge> merges) {
    for (int cut = piece.offsetByCodePoints(0, piece.isEmpty() ? 0 : 1);
        cut < piece.length();
        cut = piece.offsetByCodePoints(cut, 1)) {
      String left = piece.substring(0, cut);
      String right = piece.substring(cut);
      if (pieces.contains(left) && pieces.contains(right)) {
        merges.add(new Merge(left, right, score));
      }
    }
  }
}
