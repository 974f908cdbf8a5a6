package io.github.alphaumi.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Lets calls of one tool pass as its policy has it: so many at a time, so many in a time. */
final class Gate {
  private final ToolPolicy policy;
  private final LongSupplier ticker;
  private final Deque<Long> starts = new ArrayDeque<>();
  private int inside;

  Gate(ToolPolicy policy, LongSupplier ticker) {
    this.policy = policy;
    this.ticker = ticker;
  }

  /** Passes if there is room; who passed has to {@link #leave}. */
  synchronized boolean tryEnter() {
    if (inside >= policy.concurrency() || policy.rate().filter(this::isUsedUp).isPresent()) {
      return false;
    }
    inside++;
    policy.rate().ifPresent(rate -> starts.addLast(ticker.getAsLong()));
    return true;
  }

  private boolean isUsedUp(ToolPolicy.Rate rate) {
    long now = ticker.getAsLong();
    while (!starts.isEmpty() && now - starts.peekFirst() >= rate.per().toNanos()) {
      starts.removeFirst();
    }
    return starts.size() >= rate.calls();
  }

  synchronized void leave() {
    inside--;
  }
}
