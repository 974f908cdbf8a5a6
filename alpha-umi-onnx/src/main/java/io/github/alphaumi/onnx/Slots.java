package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Cancellation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens' keys and values each slot of the {@link KvCache} holds, and whose they are, so that
 * a prompt that begins like an earlier one is not read again. Thread-safe; a slot belongs to one
 * request from {@link #acquire} to {@link #release}.
 *
 * <p>A run's next prompt mostly continues its last one, so it goes on in place. Where going on
 * would cut off much of what a slot holds (another run's sequence, or another branch of a search),
 * the common part is copied into a slot that can be spared: copying a position costs a thousandth
 * of computing it, and who comes back finds the sequence as it was left. The copy is made when the
 * prompt is read, see {@link #longest}, because by then there may be more to copy.
 */
final class Slots {
  /** Shorter beginnings are not worth a copy. */
  private static final int WORTH_COPYING = 8;

  /** Cutting off so many tokens of one's own is cheaper than a slot of their own. */
  private static final int WORTH_KEEPING = 64;

  /** A slot that was not asked for in so many rounds of all slots is not likely to be again. */
  private static final int COLD_ROUNDS = 4;

  private static final long LOOK_MILLIS = 5;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Slot> slots = new ArrayList<>();
  private final Queue<Condition> waiting = new ArrayDeque<>();
  private final int longestQueue;
  private int free;
  private long clock;
  private boolean closed;

  /** One sequence: its tokens, the first {@code length} of which are in the cache. Thread-safe. */
  static final class Slot {
    final int index;
    private int[] tokens = new int[0];
    private int length;
    private @Nullable Object adapter;
    private String owner = "";
    private long used;
    private boolean busy;

    private Slot(int index) {
      this.index = index;
    }

    synchronized int length() {
      return length;
    }

    /** Goes back to fewer tokens. */
    synchronized void rewind(int to) {
      length = Math.min(length, to);
    }

    /** Records that tokens {@code [from, to)} were run, or copied, at the end of the sequence. */
    synchronized void append(int[] ids, int from, int to) {
      int longer = length + to - from;
      if (longer > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, longer));
      }
      System.arraycopy(ids, from, tokens, length, to - from);
      length = longer;
    }

    private synchronized void restart(@Nullable Object newAdapter, int kept) {
      adapter = newAdapter;
      length = kept;
    }

    private synchronized int common(@Nullable Object otherAdapter, int[] ids) {
      if (adapter != otherAdapter) {
        return 0;
      }
      int limit = Math.min(length, ids.length);
      int common = Arrays.mismatch(tokens, 0, limit, ids, 0, limit);
      return common < 0 ? limit : common;
    }
  }

  /** A slot and how many of a prompt's tokens it holds. */
  record Match(Slot slot, int tokens) {}

  /**
   * @param longestQueue requests that may wait at a time
   */
  Slots(int count, int longestQueue) {
    this.longestQueue = longestQueue;
    free = count;
    for (int i = 0; i < count; i++) {
      slots.add(new Slot(i));
    }
  }

  Slot get(int index) {
    return slots.get(index);
  }

  /**
   * A slot for these tokens, with as many of them in it as it keeps, but never all of them: the
   * last one has to be run for its logits. Waits while all slots are in use; who came first is
   * served first.
   *
   * @param adapter what the keys and values depend on besides the tokens
   * @return null if cancelled or interrupted while waiting
   * @throws ModelBusyException if too many wait already
   */
  @Nullable Slot acquire(
      @Nullable Object adapter, int[] ids, String owner, Cancellation cancellation) {
    lock.lock();
    try {
      requireOpen();
      if ((free == 0 || !waiting.isEmpty()) && !awaitFree(cancellation)) {
        return null;
      }
      free--;
      return choose(adapter, ids, owner);
    } finally {
      wakeNext();
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this model is closed");
    }
  }

  private boolean awaitFree(Cancellation cancellation) {
    if (waiting.size() >= longestQueue) {
      throw new ModelBusyException(slots.size(), longestQueue);
    }
    Condition mine = lock.newCondition();
    waiting.add(mine);
    try {
      while (free == 0 || waiting.peek() != mine) {
        if (cancellation.isCancelled()) {
          return false;
        }
        // A deadline tells nobody that it has passed: it has to be looked for.
        mine.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        requireOpen();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.remove(mine);
    }
  }

  private void wakeNext() {
    Condition next = waiting.peek();
    if (free > 0 && next != null) {
      next.signal();
    }
  }

  private Slot choose(@Nullable Object adapter, int[] ids, String owner) {
    Slot best = null;
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
    }
    if (best == null) {
      throw new IllegalStateException("no slot is free");
    }
    best.used = ++clock;
    Slot slot = mayContinue(best, most, owner) ? best : sparedFor(owner, best);
    slot.used = ++clock;
    slot.restart(adapter, Math.min(slot.common(adapter, ids), ids.length - 1));
    slot.owner = owner;
    slot.busy = true;
    return slot;
  }

  private static boolean mayContinue(Slot slot, int common, String owner) {
    int cutOff = slot.length() - common;
    return cutOff == 0 || (slot.owner.equals(owner) && cutOff < WORTH_KEEPING);
  }

  /**
   * The slot that was used longest ago, if it is not {@code best}; a run that branches does not
   * take what another run has used lately, but rather cuts off its own.
   */
  private Slot sparedFor(String owner, Slot best) {
    Slot oldest = best;
    for (Slot slot : slots) {
      boolean spared =
          !best.owner.equals(owner)
              || slot.length() == 0
              || slot.owner.equals(owner)
              || slot.used < clock - (long) COLD_ROUNDS * slots.size();
      if (!slot.busy && spared && slot.used < oldest.used) {
        oldest = slot;
      }
    }
    return oldest;
  }

  /**
   * The slot, of a request at work or of none, that holds the longest beginning of these tokens, if
   * it holds enough more than a slot does itself to be worth a copy. Another request may cut it off
   * at any time, but not write over it while no pass is run.
   */
  @Nullable Match longest(Slot own, int[] ids) {
    Match best = null;
    int least = own.length() + WORTH_COPYING;
    for (Slot slot : slots) {
      int common = slot == own ? 0 : Math.min(slot.common(own.adapter, ids), ids.length - 1);
      if (common >= least && (best == null || common > best.tokens())) {
        best = new Match(slot, common);
      }
    }
    return best;
  }

  /** Requests that wait. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  void release(Slot slot) {
    lock.lock();
    try {
      slot.busy = false;
      free++;
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting; nothing can be acquired any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(Condition::signal);
    } finally {
      lock.unlock();
    }
  }
}
