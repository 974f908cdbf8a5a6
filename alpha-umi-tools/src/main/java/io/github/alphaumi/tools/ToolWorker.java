package io.github.alphaumi.tools;

import io.github.alphaumi.core.RunContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
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

  private final Executor executor;
  private final Waiting waiting;

  ToolWorker(Executor executor, Waiting waiting) {
    this.executor = executor;
    this.waiting = waiting;
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
      waiting.forLatch(over, limit, context);
      return outcome(task, state, context);
    } finally {
      undo.run();
    }
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
