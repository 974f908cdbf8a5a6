package io.github.alphaumi.onnx;

import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the decoder over slots, and notes in them what they hold then. Not thread-safe. */
final class Passes implements AutoCloseable {
  /**
   * So many idle slots between two that have a token to run are run along with them, for nothing:
   * that costs less than another pass.
   */
  private static final int MOST_IDLE_BETWEEN = 2;

  private final Decoder decoder;
  private final KvCache cache;
  private final Slots slots;
  private final int vocabulary;
  private final int[] ids;
  private final int[] pasts;

  Passes(Decoder decoder, KvCache cache, Slots slots, int count, int vocabulary) {
    this.decoder = decoder;
    this.cache = cache;
    this.slots = slots;
    this.vocabulary = vocabulary;
    ids = new int[count];
    pasts = new int[count];
  }

  /** A slot's next token, and where its logits go. */
  interface NextToken {
    Slots.Slot slot();

    int token();

    float[] logits();
  }

  /** Copies what another slot has of a prompt; returns how many tokens. */
  int copyKnown(Slots.Slot slot, int[] prompt) {
    Slots.Match match = slots.longest(slot, prompt);
    if (match == null) {
      return 0;
    }
    int from = slot.length();
    cache.copy(match.slot().index, slot.index, from, match.tokens());
    slot.append(prompt, from, match.tokens());
    return match.tokens() - from;
  }

  /** Runs tokens {@code [from, to)} of one slot; the last one's logits are copied out. */
  void run(
      Slots.Slot slot, @Nullable LoraAdapter adapter, int[] all, int from, int to, float[] out) {
    int[] part = Arrays.copyOfRange(all, from, to);
    decoder.run(part, slot.length(), cache, slot.index, options(adapter)).get(0, out);
    slot.append(all, from, to);
  }

  /** Runs some tokens of one slot; of each the logits are copied out. */
  void verify(
      Slots.Slot slot, @Nullable LoraAdapter adapter, int[] tokens, int count, float[][] out) {
    FloatBuffer logits =
        decoder.verify(tokens, count, slot.length(), cache, slot.index, options(adapter));
    for (int i = 0; i < count; i++) {
      logits.get(i * vocabulary, out[i]);
    }
    slot.append(tokens, 0, count);
  }

  /** Runs tokens of one slot for the logits of each. */
  float[][] runAll(Slots.Slot slot, @Nullable LoraAdapter adapter, int[] part) {
    float[][] logits = decoder.runAll(part, slot.length(), cache, slot.index, options(adapter));
    slot.append(part, 0, part.length);
    return logits;
  }

  /**
   * Runs one token of each of these slots, in as few passes as makes sense. An idle slot among them
   * takes a token behind its last position, where the next one will be written over it.
   */
  void run(List<? extends NextToken> tokens, @Nullable LoraAdapter adapter) {
    tokens.sort(Comparator.comparingInt(token -> token.slot().index));
    int first = 0;
    for (int i = 1; i <= tokens.size(); i++) {
      if (i == tokens.size() || index(tokens, i) - index(tokens, i - 1) > 1 + MOST_IDLE_BETWEEN) {
        runTogether(tokens.subList(first, i), adapter);
        first = i;
      }
    }
  }

  private static int index(List<? extends NextToken> tokens, int i) {
    return tokens.get(i).slot().index;
  }

  private void runTogether(List<? extends NextToken> tokens, @Nullable LoraAdapter adapter) {
    int first = index(tokens, 0);
    int count = index(tokens, tokens.size() - 1) - first + 1;
    for (int i = 0; i < count; i++) {
      ids[i] = 0;
      pasts[i] = slots.get(first + i).length();
    }
    for (NextToken token : tokens) {
      ids[token.slot().index - first] = token.token();
    }
    FloatBuffer logits = decoder.runTokens(ids, pasts, count, cache, first, options(adapter));
    for (NextToken token : tokens) {
      int row = token.slot().index - first;
      logits.get(row * vocabulary, token.logits());
      token.slot().append(ids, row, row + 1);
    }
  }

  private static OrtSession.@Nullable RunOptions options(@Nullable LoraAdapter adapter) {
    return adapter == null ? null : adapter.runOptions();
  }

  @Override
  public void close() {
    cache.close();
    decoder.close();
  }
}
