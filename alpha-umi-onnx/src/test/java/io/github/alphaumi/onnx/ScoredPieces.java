package io.github.alphaumi.onnx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * SentencePiece's BPE as its paper tells it, without any cleverness: join the neighbours with the
 * best joint score, the leftmost of equals, until none is left; then write unknown characters as
 * bytes.
 */
final class ScoredPieces {

  private final Map<String, Integer> ids = new HashMap<>();
  private final int[] types;
  private final float[] scores;

  ScoredPieces(Map<String, Object> metadata) {
    List<?> tokens = (List<?>) metadata.get("tokenizer.ggml.tokens");
    types = (int[]) metadata.get("tokenizer.ggml.token_type");
    scores = (float[]) metadata.get("tokenizer.ggml.scores");
    IntStream.range(0, types.length).forEach(id -> ids.put((String) tokens.get(id), id));
  }

  int[] encode(String text) {
    List<String> pieces =
        ("\u2581" + text.replace(' ', '\u2581'))
            .codePoints()
            .mapToObj(Character::toString)
            .collect(Collectors.toCollection(ArrayList::new));
    for (int best = best(pieces); best >= 0; best = best(pieces)) {
      pieces.set(best, pieces.get(best) + pieces.remove(best + 1));
    }
    return pieces.stream().flatMapToInt(this::idsOf).toArray();
  }

  private int best(List<String> pieces) {
    int best = -1;
    float bestScore = Float.NEGATIVE_INFINITY;
    for (int i = 0; i + 1 < pieces.size(); i++) {
      Integer id = ids.get(pieces.get(i) + pieces.get(i + 1));
      if (id != null && types[id] == 1 && scores[id] > bestScore) {
        best = i;
        bestScore = scores[id];
      }
    }
    return best;
  }

  private IntStream idsOf(String piece) {
    Integer id = ids.get(piece);
    if (id != null) {
      return IntStream.of(id);
    }
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, bytes.length).map(i -> ids.get(String.format("<0x%02X>", bytes[i])));
  }
}
