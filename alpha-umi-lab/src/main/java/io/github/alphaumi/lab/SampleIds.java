package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.onnx.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Samples as token ids: a prompt has the ids that our engine gives a model, and what is to be
 * learnt has those that the engine would read back as that text.
 */
final class SampleIds {
  private final Tokenizer tokenizer;
  private final int[] ending;
  private final int limit;
  private final boolean cut;

  /**
   * @param ending what ends a turn
   * @param limit tokens that a sample may have
   * @param cut whether a longer one loses its beginning, or else is left out
   */
  SampleIds(Tokenizer tokenizer, String ending, int limit, boolean cut) {
    this.tokenizer = tokenizer;
    this.ending = tokenizer.encode(ending);
    this.limit = limit;
    this.cut = cut;
    if (this.ending.length == 0) {
      throw new AlphaUmiException(
          "the prompt format has no text that ends a turn, so that a model cannot learn to end one;"
              + " add it to \"stops\" in the format's file");
    }
  }

  int endingTokens() {
    return ending.length;
  }

  /**
   * @param ids the prompt's, the target's and those that end the turn
   * @param from where the target begins
   */
  record Sample(int[] ids, int from, boolean isCut) {

    /** A line of the data: ids, and what is learnt of them, {@code [from, to)}. */
    Map<String, Object> json() {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("ids", Arrays.stream(ids).boxed().toList());
      line.put("learn", List.of(List.of(from, ids.length)));
      return line;
    }
  }

  /**
   * The sample; empty if it is too long.
   *
   * @throws BadRecordException if the vocabulary cannot write the target
   */
  Optional<Sample> of(Prompt prompt, String target) throws BadRecordException {
    int[] before = tokenizer.encode(prompt);
    int[] after;
    try {
      after = tokenizer.encodeContinuation(target);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()));
    }
    int[] ids = Stream.of(before, after, ending).flatMapToInt(Arrays::stream).toArray();
    int tooMany = ids.length - limit;
    if (tooMany <= 0) {
      return Optional.of(new Sample(ids, before.length, false));
    }
    if (!cut || tooMany >= before.length) {
      return Optional.empty();
    }
    return Optional.of(
        new Sample(Arrays.copyOfRange(ids, tooMany, ids.length), before.length - tooMany, true));
  }
}
