package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sequences whose keys and values are kept, so that a prompt that begins like an earlier one is
 * not read again. Thread-safe; a slot belongs to one request from {@link #acquire} to {@link
 * #release}.
 *
 * <p>A run's next prompt mostly continues its last one, so it goes on in place. A prompt of another
 * run that begins alike (the same tools) gets a copy of the common part in the slot that was used
 * longest ago: copying a position costs a thousandth of computing it, and the other run finds its
 * own sequence as it left it.
 */
final class Slots implements AutoCloseable {
  /** Shorter beginnings are not worth a copy. */
  private static final int WORTH_COPYING = 8;

  private final List<Slot> slots = new ArrayList<>();
  private final Semaphore free;
  private long clock;
  private boolean closed;

  /** One sequence. */
  static final class Slot {
    final KvCache cache;
    int[] tokens = new int[0];
    int length;
    private @Nullable Object adapter;
    private String owner = "";
    private long used;
    private boolean busy;

    private Slot(KvCache cache) {
      this.cache = cache;
    }

    /** Records tokens that were run at the end of the sequence. */
    void append(int[] ids) {
      if (length + ids.length > tokens.length) {
        tokens = java.util.Arrays.copyOf(tokens, Math.max(2 * tokens.length, length + ids.length));
      }
      System.arraycopy(ids, 0, tokens, length, ids.length);
      length += ids.length;
    }

    private int common(@Nullable Object otherAdapter, int[] ids) {
      if (adapter != otherAdapter) {
        return 0;
      }
      int limit = Math.min(length, ids.length);
      int common = java.util.Arrays.mismatch(tokens, 0, limit, ids, 0, limit);
      return common < 0 ? limit : common;
    }
  }

  Slots(ModelConfig config, int contextWindow, int count) {
    free = new Semaphore(count, true);
    for (int i = 0; i < count; i++) {
      slots.add(new Slot(new KvCache(config, contextWindow)));
    }
  }

  /**
   * A slot that already holds the beginning of these tokens, as far as any does, but never all of
   * them: the last one has to be run for its logits. Waits while all slots are in use.
   *
   * @param adapter what the keys and values depend on besides the tokens
   * @return null if cancelled while waiting
   */
  @Nullable Slot acquire(
      @Nullable Object adapter, int[] ids, String owner, Cancellation cancellation) {
    try {
      while (!free.tryAcquire(5, TimeUnit.MILLISECONDS)) {
        if (cancellation.isCancelled()) {
          return null;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    boolean chosen = false;
    try {
      Slot slot = choose(adapter, ids, owner);
      chosen = true;
      return slot;
    } finally {
      if (!chosen) {
        free.release();
      }
    }
  }

  private synchronized Slot choose(@Nullable Object adapter, int[] ids, String owner) {
    if (closed) {
      throw new IllegalStateException("this model is closed");
    }
    Slot best = null;
    Slot oldest = null;
    int most = -1;
    for (Slot slot : slots) {
      if (slot.busy) {
        continue;
      }
      int common = slot.common(adapter, ids);
      if (common > most || (common == most && slot.owner.equals(owner))) {
        most = common;
        best = slot;
      }
      if (oldest == null || slot.used < oldest.used) {
        oldest = slot;
      }
    }
    if (best == null || oldest == null) {
      throw new IllegalStateException("no slot is free");
    }
    boolean inPlace = best.owner.equals(owner) || most == best.length || best == oldest;
    Slot slot = inPlace ? best : oldest;
    if (!inPlace) {
      most = most < WORTH_COPYING ? 0 : most;
      if (most > 0) {
        slot.length = 0;
        slot.cache.copyFrom(best.cache, most);
        slot.append(java.util.Arrays.copyOf(best.tokens, most));
      }
    }
    slot.length = Math.min(most, ids.length - 1);
    slot.adapter = adapter;
    slot.owner = owner;
    slot.used = ++clock;
    slot.busy = true;
    return slot;
  }

  void release(Slot slot) {
    synchronized (this) {
      slot.busy = false;
    }
    free.release();
  }

  /** Frees all memory; a slot in use must not be run any more. */
  @Override
  public synchronized void close() {
    closed = true;
    slots.forEach(slot -> slot.cache.close());
  }
}
