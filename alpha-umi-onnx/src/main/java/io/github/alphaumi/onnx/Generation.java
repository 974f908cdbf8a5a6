package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.TextRequest;
import io.github.alphaumi.core.TextResponse;
import io.github.alphaumi.core.TextResponse.Finish;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes one text: reads the prompt into a slot, then token by token. Not thread-safe.
 *
 * <p>Where a constraint leaves only one way to go on, its text is not asked for but given
 * (jump-forward): all but its last token are run in one go, and the last is left to the mask, so
 * that the model may join it with what follows as it learnt to.
 */
final class Generation {
  /** Tokens of a prompt that are run between two looks at the cancellation. */
  private static final int CHUNK = 256;

  private final Runner runner;
  private final Tokenizer tokenizer;
  private final TextRequest request;
  private final Slots.Slot slot;
  private final @Nullable ConstraintMatcher matcher;
  private final @Nullable TokenMask readable;
  private final Set<Integer> endTokens;
  private final Sampler sampler;
  private final StreamDecoder decoder;
  private final StopScanner text;
  private final TokenLog log;
  private final float[] logits;
  private final int limit;
  private final boolean limitedByWindow;
  private int written;
  private boolean stopped;

  /** Runs tokens at the end of a slot's sequence and copies out the last one's logits. */
  @FunctionalInterface
  interface Runner {
    void run(int[] ids, Slots.Slot slot, float[] logits);
  }

  Generation(
      Runner runner,
      ModelText model,
      TextRequest request,
      Slots.Slot slot,
      @Nullable ConstraintMatcher matcher,
      ModelConfig config,
      int room) {
    this.runner = runner;
    tokenizer = model.tokenizer();
    this.request = request;
    this.slot = slot;
    this.matcher = matcher;
    readable = model.readable();
    endTokens = config.endTokens();
    sampler = new Sampler(request.sampling());
    logits = new float[config.vocabularySize()];
    decoder = tokenizer.continuationDecoder();
    text = new StopScanner(request.stops(), request.onText());
    log = new TokenLog(request.detail());
    limit = Math.min(request.maxTokens(), room);
    limitedByWindow = room < request.maxTokens();
  }

  TextResponse run(int[] prompt) {
    long start = System.nanoTime();
    int cached = slot.length;
    sampler.read(prompt);
    boolean read = readPrompt(prompt);
    long prompted = System.nanoTime();
    Finish finish = read ? write() : Finish.CANCELLED;
    String rest = decoder.flush();
    log.end(rest);
    text.add(rest);
    String result = text.finish();
    return new TextResponse(
        result,
        finish,
        new ModelUse(
            prompt.length,
            cached,
            written,
            Duration.ofNanos(prompted - start),
            Duration.ofNanos(System.nanoTime() - prompted)),
        log.tokens());
  }

  private boolean readPrompt(int[] prompt) {
    while (slot.length < prompt.length) {
      if (cancelled()) {
        return false;
      }
      int to = Math.min(prompt.length, slot.length + CHUNK);
      append(Arrays.copyOfRange(prompt, slot.length, to));
    }
    return true;
  }

  private void append(int[] ids) {
    runner.run(ids, slot, logits);
    slot.append(ids);
  }

  private boolean cancelled() {
    Cancellation cancellation = request.cancellation();
    return cancellation.isCancelled() || Thread.currentThread().isInterrupted();
  }

  private Finish write() {
    while (true) {
      if (stopped) {
        return Finish.STOP;
      }
      if (cancelled()) {
        return Finish.CANCELLED;
      }
      if (completes()) {
        return Finish.STOP;
      }
      if (written >= limit) {
        return limitedByWindow ? Finish.CONTEXT_FULL : Finish.LENGTH;
      }
      int id = next();
      if (id < 0) {
        return Finish.STOP;
      }
      push(id);
      if (stopped || (matcher != null && matcher.mustEnd())) {
        return Finish.STOP;
      }
      int[] forced = forced();
      if (log.isScored()) {
        append(new int[] {id});
        for (int token : forced) {
          pushScored(token);
        }
        continue;
      }
      int[] ids = new int[1 + forced.length];
      ids[0] = id;
      System.arraycopy(forced, 0, ids, 1, forced.length);
      for (int token : forced) {
        push(token);
      }
      append(ids);
    }
  }

  /** Writes a token that was not asked for, and sees how probable it and the next one are. */
  private void pushScored(int token) {
    log.show(logits);
    push(token);
    append(new int[] {token});
  }

  /** The next token, or -1 where the model ends its text. */
  private int next() {
    log.show(logits);
    if (matcher == null) {
      int id = sampler.next(logits, readable, Set.of());
      return endTokens.contains(id) || tokenizer.isSpecial(id) ? -1 : id;
    }
    int id = sampler.next(logits, matcher.mask(), matcher.canEnd() ? endTokens : Set.of());
    return endTokens.contains(id) ? -1 : id;
  }

  private void push(int id) {
    written++;
    if (matcher != null) {
      matcher.accept(id);
    }
    sampler.read(id);
    String piece = decoder.push(id);
    log.add(id, piece);
    stopped |= text.add(piece);
  }

  /** The tokens that have to come now, but for the last of them. */
  private int[] forced() {
    if (matcher == null) {
      return new int[0];
    }
    byte[] bytes = matcher.forced();
    if (bytes.length < 2) {
      return new int[0];
    }
    int[] ids = tokens(bytes);
    int count = Math.min(ids.length - 1, limit - written - 1);
    return count <= 0 ? new int[0] : Arrays.copyOf(ids, count);
  }

  /** Tokens whose bytes are exactly these, or none where the vocabulary cuts them differently. */
  private int[] tokens(byte[] bytes) {
    int[] ids = tokenizer.encodeOrdinary(new String(bytes, StandardCharsets.UTF_8));
    int at = 0;
    for (int id : ids) {
      byte[] token = tokenizer.bytes(id);
      if (token == null
          || at + token.length > bytes.length
          || !Arrays.equals(token, 0, token.length, bytes, at, at + token.length)) {
        return new int[0];
      }
      at += token.length;
    }
    return at == bytes.length ? ids : new int[0];
  }

  /**
   * With the last tokens of the budget the text is brought to an end that the constraint allows: it
   * is valid although the model had more to say. A token has at least one byte.
   */
  private boolean completes() {
    int left = limit - written;
    if (matcher == null || matcher.canEnd() || left > SHORT) {
      return false;
    }
    byte[] completion = matcher.shortestCompletion();
    if (left > completion.length + 1) {
      return false;
    }
    int[] ids = log.isKept() ? spelt(matcher, completion) : new int[0];
    if (ids.length > 0 && ids.length <= left) {
      for (int id : ids) {
        if (log.isScored()) {
          pushScored(id);
        } else {
          push(id);
        }
      }
    } else {
      matcher.accept(completion);
      text.add(decoder.push(completion));
    }
    return true;
  }

  /** As the tokenizer would; but a text may have been left in the middle of a character. */
  private int[] spelt(ConstraintMatcher held, byte[] bytes) {
    int[] ids = tokens(bytes);
    return ids.length > 0 ? ids : held.spell(bytes);
  }

  /** Fewer tokens than this may not suffice for the end of a text. */
  private static final int SHORT = 256;
}
