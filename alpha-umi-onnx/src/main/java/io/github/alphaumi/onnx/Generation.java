package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes one text: reads the prompt into a slot, then token by token. Not thread-safe.
 *
 * <p>Where a constraint leaves only one way to go on, its text is not asked for but given
 * (jump-forward): all but its last token are run in one go, and the last is left to the mask, so
 * that the model may join it with what follows as it learnt to.
 *
 * <p>Guessed tokens are run together with the last one that is certain. Each next token is then
 * chosen as ever, from the logits after the one before; as long as it is the one that was guessed,
 * it has been run already.
 */
final class Generation {
  /** After so many guesses it is seen whether they are any good. */
  private static final int ENOUGH_GUESSES = 16;

  /** One guess of so many has to be right. */
  private static final int LEAST_SHARE = 5;

  private final Scheduler.Turn turn;
  private final ModelText model;
  private final TextModel.Request request;
  private final @Nullable ConstraintMatcher matcher;
  private final @Nullable TokenMask readable;
  private final Set<Integer> endTokens;
  private final Sampler sampler;
  private final List<LogitBias> biases = new ArrayList<>();
  private final @Nullable StreamDecoder decoder;
  private final StopScanner text;
  private final TokenLog log;
  private float[] logits;
  private final int limit;
  private final boolean limitedByWindow;
  private final @Nullable PromptLookup lookup;
  private final float[][] verified;
  private int[] pending;
  private int pendings;
  private int ahead;
  private int aheads;
  private int guessed;
  private int right;
  private int written;
  private boolean stopped;

  /**
   * @param guesses tokens to guess at a time; 0 for not to
   */
  Generation(
      Scheduler.Turn turn,
      ModelText model,
      TextModel.Request request,
      @Nullable ConstraintMatcher matcher,
      ModelConfig config,
      int room,
      int guesses) {
    this.turn = turn;
    this.model = model;
    this.request = request;
    this.matcher = matcher;
    readable = model.readable();
    endTokens = config.endTokens();
    sampler = new Sampler(request.sampling());
    if (!request.sources().isEmpty()) {
      biases.add(new CopyBias(request.sources(), model::bytesOf));
    }
    if (request.constraint() instanceof Constraint.EndsWith ends && !request.nameBias().isEmpty()) {
      biases.add(new NameBias(ends, request.nameBias(), model::bytesOf));
    }
    logits = turn.logits();
    decoder = model.decoder();
    text = new StopScanner(request.stops(), request.onText());
    log = new TokenLog(request, model::textOf);
    limit = Math.min(request.maxTokens(), room);
    pending = new int[1 + guesses];
    lookup = guesses > 0 ? new PromptLookup(guesses) : null;
    verified = new float[guesses > 0 ? 1 + guesses : 0][logits.length];
    limitedByWindow = room < request.maxTokens();
  }

  TextModel.Response run(int[] prompt) {
    long start = System.nanoTime();
    int kept = turn.slot().length();
    sampler.read(prompt);
    if (lookup != null) {
      lookup.add(prompt);
    }
    boolean read = !cancelled() && turn.read(prompt);
    long prompted = System.nanoTime();
    Finish finish = read ? write() : Finish.CANCELLED;
    String rest = decoder == null ? "" : decoder.flush();
    log.end(rest);
    text.add(rest);
    forgetGuesses();
    String result = text.finish();
    return new TextModel.Response(
        result,
        finish,
        new ModelUse(
            prompt.length,
            kept + turn.copied(),
            written,
            Duration.ofNanos(prompted - start),
            Duration.ofNanos(System.nanoTime() - prompted)),
        log.tokens());
  }

  /**
   * Leaves a token to be run when the next one is asked for, if ever; one that was guessed has been
   * run already.
   */
  private void append(int id) {
    if (lookup != null) {
      lookup.add(id);
    }
    if (ahead < aheads && pending[ahead] == id) {
      logits = verified[ahead++];
      right++;
      return;
    }
    forgetGuesses();
    if (pendings == pending.length) {
      pending = Arrays.copyOf(pending, 2 * pendings);
    }
    pending[pendings++] = id;
  }

  private void forgetGuesses() {
    turn.slot().rewind(turn.slot().length() - (aheads - ahead));
    ahead = 0;
    aheads = 0;
  }

  /** Runs what is left, so that the logits are the next token's; whether it was not cancelled. */
  private boolean catchUp() {
    int count = pendings;
    pendings = 0;
    if (count == 0) {
      return true;
    }
    if (lookup != null && count == 1 && guessingPays()) {
      int guesses = lookup.guess(pending, 1, limit - written - 1);
      if (guesses > 0) {
        return verify(1 + guesses);
      }
    }
    logits = turn.logits();
    return turn.run(pending, count);
  }

  private boolean verify(int count) {
    if (!turn.verify(pending, count, verified)) {
      return false;
    }
    logits = verified[0];
    ahead = 1;
    aheads = count;
    guessed += count - 1;
    return true;
  }

  /** A wrong guess costs an eighth of a pass, a right one saves one. */
  private boolean guessingPays() {
    return guessed < ENOUGH_GUESSES || right * LEAST_SHARE >= guessed;
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
      if (!catchUp()) {
        return Finish.CANCELLED;
      }
      int id = next();
      if (id < 0) {
        return Finish.STOP;
      }
      push(id);
      if (stopped || (matcher != null && matcher.mustEnd())) {
        return Finish.STOP;
      }
      for (int token : forced()) {
        if (!pushGiven(token)) {
          return Finish.CANCELLED;
        }
      }
    }
  }

  /** Writes a token that is not asked for; where wanted, sees how probable it is. */
  private boolean pushGiven(int token) {
    if (log.isScored()) {
      if (!catchUp()) {
        return false;
      }
      log.show(logits);
    }
    push(token);
    return true;
  }

  /** The next token, or -1 where the model ends its text. */
  private int next() {
    log.show(logits);
    if (matcher == null) {
      int id = sampler.next(logits, readable, Set.of(), biases);
      return endTokens.contains(id) || model.isSpecial(id) ? -1 : id;
    }
    int id = sampler.next(logits, matcher.mask(), matcher.canEnd() ? endTokens : Set.of(), biases);
    return endTokens.contains(id) ? -1 : id;
  }

  private void push(int id) {
    written++;
    if (matcher != null) {
      matcher.accept(id);
    }
    sampler.read(id);
    biases.forEach(bias -> bias.read(id));
    String piece = decoder == null || !model.has(id) ? "" : decoder.push(id);
    log.add(id, piece);
    stopped |= text.add(piece);
    append(id);
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
    Tokenizer tokenizer = model.tokenizer();
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
    if (matcher == null || decoder == null || matcher.canEnd() || left > SHORT) {
      return false;
    }
    byte[] completion = matcher.shortestCompletion();
    if (left > completion.length + 1) {
      return false;
    }
    int[] ids = log.isKept() ? spelt(matcher, completion) : new int[0];
    if (ids.length > 0 && ids.length <= left) {
      for (int id : ids) {
        if (!pushGiven(id)) {
          return true;
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
