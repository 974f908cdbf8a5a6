package io.github.alphaumi.tools;

import io.github.alphaumi.core.RunContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs one piece of tool code on another thread and waits for it no longer than allowed. When the
 * wait ends early the code is interrupted; code that ignores this keeps its thread, but not the
 * agent. Thread-safe.
 */
final class ToolWorker {

  /**
   * How a piece of work ended.
   *
   * @param value what it returned
   * @param failure what it threw
   */
  record Outcome<T>(End end, @Nullable T value, @Nullable Throwable failure) {}

  /** Ways to end. */
  enum End {
    RETURNED,
    THREW,
    /** Started and not finished in time. */
    LATE,
    /** Started and given up because the run was cancelled. */
    CANCELLED,
    /** Never started, and will not be. */
    NOT_STARTED
  }

  private enum State {
    WAITING,
    STARTED,
    ABANDONED
  }

  /** Cancellation by a deadline or an interrupt runs no action, so it is looked at this often. */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Executor executor;

  ToolWorker(Executor executor) {
    this.executor = executor;
  }

  <T> Outcome<T> run(Callable<T> work, Duration limit, RunContext context) {
    AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    CountDownLatch over = new CountDownLatch(1);
    FutureTask<@Nullable T> task =
        new FutureTask<>(
            () -> state.compareAndSet(State.WAITING, State.STARTED) ? work.call() : null) {
          @Override
          protected void done() {
            over.countDown();
          }
        };
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      return new Outcome<>(End.NOT_STARTED, null, e);
    }
    Runnable undo = context.cancellation().onCancel(over::countDown);
    try {
      await(over, limit, context);
      return outcome(task, state, context);
    } finally {
      undo.run();
    }
  }

  private static void await(CountDownLatch over, Duration limit, RunContext context) {
    long end = System.nanoTime() + saturated(limit);
    try {
      for (long left = saturated(limit); left > 0; left = end - System.nanoTime()) {
        if (over.await(Math.min(left, POLL_NANOS), TimeUnit.NANOSECONDS)
            || context.cancellation().isCancelled()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Far below the largest long, so that adding the present time cannot overflow. */
  private static long saturated(Duration limit) {
    return limit.compareTo(Duration.ofDays(365)) > 0
        ? Duration.ofDays(365).toNanos()
        : limit.toNanos();
  }

  private static <T> Outcome<T> outcome(
      FutureTask<@Nullable T> task, AtomicReference<State> state, RunContext context) {
    if (!task.isDone()) {
      boolean cancelled =
          Thread.currentThread().isInterrupted()
              || context.cancellation().isCancelled()
                  && !context.timeLeft().minusNanos(1).isNegative();
      boolean started = !state.compareAndSet(State.WAITING, State.ABANDONED);
      task.cancel(true);
      End late = cancelled ? End.CANCELLED : End.LATE;
      return new Outcome<>(started ? late : End.NOT_STARTED, null, null);
    }
    boolean interrupted = Thread.interrupted();
    try {
      return new Outcome<>(End.RETURNED, task.get(), null);
    } catch (ExecutionException e) {
      return new Outcome<>(End.THREW, null, e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("a finished task was waited for", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
