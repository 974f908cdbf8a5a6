package io.github.alphaumi.lab.train;

import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.onnx.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Samples as tokens. A prompt has the ids that an engine is given, and what is to be written has
 * those of the text that follows. Thread-safe.
 */
final class SampleEncoder {
  private final Tokenizer tokenizer;
  private final String ending;
  private final int[] endingIds;

  /**
   * @param ending what ends a turn
   */
  SampleEncoder(Tokenizer tokenizer, String ending) {
    this.tokenizer = tokenizer;
    this.ending = ending;
    endingIds = tokenizer.encode(ending);
  }

  /**
   * A sample's ids.
   *
   * @param turns a turn for each of the sample's parts, each of weight 1
   */
  record Encoded(Sample sample, int[] tokens, List<Pack.Turn> turns) {}

  /** Encodes on all processors: reading the data of a training run is mostly this. */
  List<Encoded> encode(List<Sample> samples) {
    return samples.parallelStream().map(this::encode).collect(Collectors.toList());
  }

  private Encoded encode(Sample sample) {
    int[] prompt = tokenizer.encode(sample.prompt());
    int[] target = target(sample, prompt);
    int[] tokens = IntStream.concat(Arrays.stream(prompt), Arrays.stream(target)).toArray();
    List<Pack.Turn> turns = new ArrayList<>();
    int from = 0;
    StringBuilder before = new StringBuilder();
    for (int i = 0; i < sample.parts().size(); i++) {
      Sample.Part part = sample.parts().get(i);
      String decisive = before + part.text().substring(0, part.decisive());
      before.append(part.text());
      boolean last = i + 1 == sample.parts().size();
      int to = last ? target.length : ids(target, before.toString());
      if (to > from) {
        int decided = Math.max(from + 1, Math.min(to, ids(target, decisive)));
        turns.add(
            new Pack.Turn(
                part.role(), prompt.length + from, prompt.length + to, decided - from, 1));
      }
      from = to;
    }
    return new Encoded(sample, tokens, turns);
  }

  /**
   * The ids of what is to be written. The prompt's ids are given; where a tokenizer would join its
   * end with what follows, the model goes on from the prompt as it is.
   */
  private int[] target(Sample sample, int[] prompt) {
    Prompt.Builder whole = Prompt.builder();
    for (Prompt.Part part : sample.prompt().parts()) {
      if (part.control()) {
        whole.control(part.text());
      } else {
        whole.text(part.text());
      }
    }
    int[] ids = tokenizer.encode(whole.text(sample.target()).control(ending).build());
    boolean goesOn =
        ids.length > prompt.length
            && Arrays.equals(ids, 0, prompt.length, prompt, 0, prompt.length)
            && endsTurn(ids);
    return goesOn
        ? Arrays.copyOfRange(ids, prompt.length, ids.length)
        : IntStream.concat(
                Arrays.stream(tokenizer.encodeOrdinary(sample.target())), Arrays.stream(endingIds))
            .toArray();
  }

  /** Some models want a token after every text, which is none that they write. */
  private boolean endsTurn(int[] ids) {
    int from = ids.length - endingIds.length;
    return from >= 0 && Arrays.equals(ids, from, ids.length, endingIds, 0, endingIds.length);
  }

  /** How many of the ids it takes to write a text that they begin with. */
  private int ids(int[] target, String text) {
    String wanted = text.stripLeading();
    for (int n = 1; n <= target.length; n++) {
      String written = tokenizer.decode(Arrays.copyOf(target, n)).stripLeading();
      if (written.length() >= wanted.length() && written.startsWith(wanted)) {
        return n;
      }
    }
    return target.length;
  }
}
