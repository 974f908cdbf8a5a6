package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Cancellation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides which request's tokens are run next, and runs them on a thread of its own. Thread-safe.
 *
 * <p>Next tokens of all requests under one adapter go through one pass: reading the weights is what
 * a pass costs, and it is paid once for all. Who has just got a token is waited for a moment, about
 * as long as choosing the next one takes, or else requests would fall out of step and two halves of
 * them would take turns. Adapters take turns by who has waited longest. Prompts are read in pieces,
 * the requests in turn, and where others are writing, reading and writing get the same time; so a
 * long prompt slows writers down by half at most and never stops them.
 *
 * <p>One thread that owns the model, instead of the requests' threads in turn: CUDA keeps state for
 * each thread that runs a session; a request may run on a virtual thread, which would be pinned;
 * and nobody's listener can hold up a pass.
 */
final class Scheduler implements AutoCloseable {
  /** Tokens of a prompt that are read at a time. */
  private static final int PIECE = 256;

  /** The same while others are writing. */
  private static final int SHORT_PIECE = 64;

  /** Up to so many tokens are not a prompt but part of a text, given by its constraint. */
  private static final int LONGEST_JUMP = 16;

  private static final long LOOK_MILLIS = 10;
  private static final long SHORTEST_GRACE = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long LONGEST_GRACE = TimeUnit.MILLISECONDS.toNanos(3);

  private final Passes passes;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Deque<Turn> writing = new ArrayDeque<>();
  private final Deque<Turn> reading = new ArrayDeque<>();
  private int expected;
  private long grace = SHORTEST_GRACE;
  private long readersAhead;
  private boolean closed;

  /**
   * @param passes closed with this
   */
  Scheduler(Passes passes, String name) {
    this.passes = passes;
    thread = new Thread(this::serve, "alpha-umi " + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** A request's part in all this; it has one thread. */
  final class Turn implements Passes.NextToken {
    private final Slots.Slot slot;
    private final @Nullable LoraAdapter adapter;
    private final Cancellation cancellation;
    private final float[] logits;
    private final Condition done = lock.newCondition();
    private int[] ids = {};
    private int from;
    private int to;
    private boolean prompt;
    private boolean all;
    private float[][] allLogits = {};
    private float @Nullable [][] verified;
    private int copied;
    private boolean isExpected;
    private boolean pending;
    private boolean running;
    private @Nullable Throwable failure;

    private Turn(
        Slots.Slot slot, @Nullable LoraAdapter adapter, Cancellation cancellation, float[] logits) {
      this.slot = slot;
      this.adapter = adapter;
      this.cancellation = cancellation;
      this.logits = logits;
    }

    @Override
    public Slots.Slot slot() {
      return slot;
    }

    @Override
    public int token() {
      return ids[from];
    }

    @Override
    public float[] logits() {
      return logits;
    }

    /**
     * Reads what the slot has not got of a prompt.
     *
     * @return whether it was read to its end and not cancelled or interrupted
     */
    boolean read(int[] tokens) {
      prompt = true;
      try {
        return run(tokens, slot.length(), tokens.length);
      } finally {
        prompt = false;
      }
    }

    /** Tokens of the prompt that were copied from another slot. */
    int copied() {
      return copied;
    }

    /** Runs the first tokens of an array; returns as {@link #read} does. */
    boolean run(int[] tokens, int count) {
      return run(tokens, 0, count);
    }

    /**
     * Runs the first tokens of an array, at least 2, for the logits of each.
     *
     * @param rows where they are written
     */
    boolean verify(int[] tokens, int count, float[][] rows) {
      verified = rows;
      try {
        return run(tokens, 0, count);
      } finally {
        verified = null;
      }
    }

    /** Runs tokens for the logits of each; null as {@link #read} returns false. */
    float @Nullable [][] runAll(int[] tokens) {
      all = true;
      try {
        return run(tokens, 0, tokens.length) ? allLogits : null;
      } finally {
        all = false;
      }
    }

    private boolean run(int[] tokens, int first, int end) {
      lock.lock();
      try {
        ids = tokens;
        from = first;
        to = end;
        failure = null;
        enqueue(this);
        return await();
      } finally {
        lock.unlock();
      }
    }

    private boolean await() {
      boolean interrupted = false;
      try {
        while (pending) {
          try {
            if (!running && (interrupted || cancellation.isCancelled())) {
              withdraw(this);
              return false;
            }
            done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      return true;
    }

    /** Ends the request's part. */
    void leave() {
      lock.lock();
      try {
        arrived(this);
        work.signal();
      } finally {
        lock.unlock();
      }
    }

    private boolean isWriting() {
      return !prompt && !all && to - from <= LONGEST_JUMP;
    }
  }

  /**
   * A turn for a request.
   *
   * @param logits where those of the last token run are written
   */
  Turn join(
      Slots.Slot slot, @Nullable LoraAdapter adapter, Cancellation cancellation, float[] logits) {
    return new Turn(slot, adapter, cancellation, logits);
  }

  private void enqueue(Turn turn) {
    arrived(turn);
    if (closed) {
      throw new IllegalStateException("this model is closed");
    }
    turn.pending = true;
    (turn.isWriting() ? writing : reading).add(turn);
    work.signal();
  }

  private void arrived(Turn turn) {
    if (turn.isExpected) {
      turn.isExpected = false;
      expected--;
    }
  }

  private void withdraw(Turn turn) {
    turn.pending = false;
    writing.remove(turn);
    reading.remove(turn);
  }

  private void serve() {
    lock.lock();
    try {
      while (awaitWork()) {
        if (readersAreNext()) {
          readNext();
        } else {
          writeNext();
        }
      }
    } finally {
      closed = true;
      failAll(writing);
      failAll(reading);
      lock.unlock();
    }
  }

  private static void failAll(Deque<Turn> turns) {
    turns.forEach(turn -> fail(turn, new IllegalStateException("this model is closed")));
    turns.clear();
  }

  private boolean awaitWork() {
    while (!closed && writing.isEmpty() && reading.isEmpty()) {
      work.awaitUninterruptibly();
    }
    return !closed;
  }

  private boolean readersAreNext() {
    if (reading.isEmpty()) {
      readersAhead = 0;
      return false;
    }
    if (readersAhead <= 0) {
      return true;
    }
    awaitExpected();
    return writing.isEmpty();
  }

  /** Waits a moment for those who have just got a token. */
  private void awaitExpected() {
    long left = grace;
    try {
      while (expected > 0 && left > 0 && !closed) {
        left = work.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody has this thread to interrupt it, and it goes on at once.
    }
  }

  private void readNext() {
    Turn turn = reading.poll();
    if (turn == null) {
      return;
    }
    boolean others = !writing.isEmpty() || expected > 0;
    long nanos = pass(List.of(turn), () -> read(turn, others ? SHORT_PIECE : PIECE));
    readersAhead = others ? readersAhead + nanos : 0;
    if (turn.pending) {
      reading.add(turn);
    } else if (!turn.all) {
      expect(turn);
    }
  }

  private void read(Turn turn, int most) {
    if (turn.all) {
      turn.allLogits = passes.runAll(turn.slot, turn.adapter, turn.ids);
      turn.from = turn.to;
      return;
    }
    float[][] verified = turn.verified;
    if (verified != null) {
      passes.verify(turn.slot, turn.adapter, turn.ids, turn.to, verified);
      turn.from = turn.to;
      return;
    }
    if (turn.prompt) {
      int known = passes.copyKnown(turn.slot, turn.ids);
      turn.copied += known;
      turn.from += known;
    }
    int end = Math.min(turn.to, turn.from + most);
    passes.run(turn.slot, turn.adapter, turn.ids, turn.from, end, turn.logits);
    turn.from = end;
  }

  private void writeNext() {
    Turn oldest = writing.peek();
    if (oldest == null) {
      return;
    }
    if (writing.stream().allMatch(turn -> turn.adapter == oldest.adapter)) {
      awaitExpected();
    }
    List<Turn> tokens = new ArrayList<>();
    List<Turn> jumps = new ArrayList<>();
    for (Iterator<Turn> all = writing.iterator(); all.hasNext(); ) {
      Turn turn = all.next();
      if (turn.adapter == oldest.adapter) {
        (turn.to - turn.from == 1 ? tokens : jumps).add(turn);
        all.remove();
      }
    }
    long nanos = 0;
    for (Turn jump : jumps) {
      nanos += pass(List.of(jump), () -> read(jump, LONGEST_JUMP));
      expect(jump);
    }
    if (!tokens.isEmpty()) {
      nanos += pass(tokens, () -> write(tokens, oldest.adapter));
      tokens.forEach(this::expect);
    }
    grace = Math.max(SHORTEST_GRACE, Math.min(LONGEST_GRACE, nanos / 16));
    readersAhead -= reading.isEmpty() ? 0 : nanos;
  }

  private void write(List<Turn> tokens, @Nullable LoraAdapter adapter) {
    passes.run(tokens, adapter);
    tokens.forEach(turn -> turn.from = turn.to);
  }

  private void expect(Turn turn) {
    turn.isExpected = true;
    expected++;
  }

  /** Runs a pass without the lock; whose tokens are all run is told. */
  private long pass(List<Turn> turns, Runnable run) {
    turns.forEach(turn -> turn.running = true);
    long start = System.nanoTime();
    Throwable failure = null;
    lock.unlock();
    try {
      run.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      lock.lock();
    }
    for (Turn turn : turns) {
      turn.running = false;
      if (failure != null) {
        fail(turn, failure);
      } else if (turn.from == turn.to) {
        turn.pending = false;
        turn.done.signal();
      }
    }
    return System.nanoTime() - start;
  }

  private static void fail(Turn turn, Throwable failure) {
    turn.failure = failure;
    turn.pending = false;
    turn.done.signal();
  }

  /**
   * Waits for the pass at work and frees the model's memory; requests that are not finished fail
   * with {@link IllegalStateException}. Later calls wait for the first one and do nothing.
   */
  @Override
  public void close() {
    lock.lock();
    boolean first = !closed;
    closed = true;
    work.signal();
    lock.unlock();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (first) {
      passes.close();
    }
  }
}
