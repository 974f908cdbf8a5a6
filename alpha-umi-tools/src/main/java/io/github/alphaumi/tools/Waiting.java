package io.github.alphaumi.tools;

import io.github.alphaumi.core.RunContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Waits on the clock of a toolbox, no longer than a run goes on. Cancellation by a deadline or an
 * interrupt runs no action, and a clock of a test moves when it likes: so both are looked at often.
 */
record Waiting(LongSupplier ticker) {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Until the latch is open, the time is over, or the run was cancelled or interrupted. */
  void forLatch(CountDownLatch latch, Duration limit, RunContext context) {
    until(() -> latch.getCount() == 0, latch, limit, context);
  }

  /**
   * Until the condition holds.
   *
   * @return whether it does; otherwise the time is over or the run was cancelled or interrupted
   */
  boolean until(BooleanSupplier condition, Duration limit, RunContext context) {
    return until(condition, new CountDownLatch(1), limit, context);
  }

  private boolean until(
      BooleanSupplier condition, CountDownLatch alarm, Duration limit, RunContext context) {
    long end = ticker.getAsLong() + saturated(limit);
    try {
      while (!condition.getAsBoolean()) {
        long left = end - ticker.getAsLong();
        if (left <= 0 || context.cancellation().isCancelled()) {
          return false;
        }
        alarm.await(Math.min(left, POLL_NANOS), TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Far below the largest long, so that adding the present time cannot overflow. */
  private static long saturated(Duration limit) {
    return limit.compareTo(Duration.ofDays(365)) > 0
        ? Duration.ofDays(365).toNanos()
        : limit.toNanos();
  }
}
