package io.github.alphaumi.core;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of models and tools. With an executor a call is made on another thread, so that the
 * run can leave it when it is cancelled or its time is up, whatever the call does; without one it
 * is made on the run's own. Thread-safe.
 */
final class Calls {
  /** A deadline or an interrupt elsewhere tells nobody, so it is looked at this often. */
  static final long POLL_MILLIS = 20;

  /**
   * A call that no thread has taken by then is made on the run's own thread: a pool whose threads
   * all wait for their calls to be taken would never go on.
   */
  static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final @Nullable Executor executor;

  Calls(@Nullable Executor executor) {
    this.executor = executor;
  }

  /** What is called. */
  @FunctionalInterface
  interface Call<T> {
    T make();
  }

  /** What became of a call. */
  @FunctionalInterface
  interface Result<T> {

    /** What it returned; throws what it threw. */
    T get() throws GivenUpException;
  }

  /** Is told of each of several calls when it is over. */
  @FunctionalInterface
  interface Ended<T> {

    /**
     * @param result to be asked for at once and once: where no thread was free the call is made by
     *     asking
     */
    void ended(int index, Result<T> result);
  }

  /** The run was cancelled before the call returned. The call has been interrupted. */
  static final class GivenUpException extends Exception {
    private static final long serialVersionUID = 1L;

    GivenUpException() {
      super("given up", null, false, false);
    }
  }

  /**
   * @throws GivenUpException if the run is cancelled while the call is made on another thread
   */
  <T> T make(Call<T> call, Cancellation cancellation) throws GivenUpException {
    return executor == null ? here(call) : elsewhere(executor, call, cancellation);
  }

  /**
   * Makes calls side by side, or one after the other without an executor, and returns when all are
   * over. When the run is cancelled those that have not begun are not made.
   *
   * @param ended hears on this thread of those that were begun, in the order in which they end
   */
  <T> void makeAll(List<? extends Call<T>> calls, Cancellation cancellation, Ended<T> ended) {
    if (executor != null) {
      new SideBySide<T>(calls, cancellation, ended).make(executor);
      return;
    }
    for (int i = 0; i < calls.size() && !isLeft(cancellation); i++) {
      Call<T> call = calls.get(i);
      ended.ended(i, () -> here(call));
    }
  }

  static boolean isLeft(Cancellation cancellation) {
    return cancellation.isCancelled() || Thread.currentThread().isInterrupted();
  }

  static <T> T here(Call<T> call) {
    try {
      return call.make();
    } catch (RuntimeException e) {
      Interrupts.keep(e);
      throw e;
    }
  }

  private static <T> T elsewhere(Executor executor, Call<T> call, Cancellation cancellation)
      throws GivenUpException {
    AtomicBoolean taken = new AtomicBoolean();
    CountDownLatch over = new CountDownLatch(1);
    FutureTask<@Nullable T> task =
        new FutureTask<>(() -> taken.compareAndSet(false, true) ? call.make() : null) {
          @Override
          protected void done() {
            over.countDown();
          }
        };
    Runnable undo = cancellation.onCancel(over::countDown);
    try {
      executor.execute(task);
      await(over, taken, cancellation);
    } catch (RejectedExecutionException e) {
      return here(call);
    } finally {
      undo.run();
    }
    boolean left = isLeft(cancellation);
    if (taken.compareAndSet(false, true)) {
      task.cancel(false);
      if (left) {
        throw new GivenUpException();
      }
      return here(call);
    }
    if (!task.isDone()) {
      task.cancel(true);
      throw new GivenUpException();
    }
    return result(task);
  }

  /** Until the call is over, the run is cancelled, or no thread has taken the call for long. */
  private static void await(CountDownLatch over, AtomicBoolean taken, Cancellation cancellation) {
    long start = System.nanoTime();
    try {
      while (!over.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (cancellation.isCancelled()
            || !taken.get() && System.nanoTime() - start > PATIENCE_NANOS) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Of a task that is done; what it threw is thrown here. */
  static <T> T result(FutureTask<@Nullable T> task) {
    boolean interrupted = Thread.interrupted();
    try {
      @SuppressWarnings("NullAway")
      T value = task.get();
      return value;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a call threw a checked exception", e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("a finished call was waited for", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
