package io.github.alphaumi.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Does the same with each of a list, so many at a time. */
final class Parallel {
  private Parallel() {}

  /** What is done with one. */
  interface Action<T> {
    void with(T item) throws IOException, BadRecordException;
  }

  /**
   * Ends after the last one, or with the first failure; what was begun by then is waited for.
   *
   * @param atOnce with 1, all is done on this thread
   */
  static <T> void each(List<T> items, int atOnce, Action<T> action)
      throws IOException, BadRecordException {
    if (atOnce == 1) {
      for (T item : items) {
        action.with(item);
      }
      return;
    }
    ExecutorService pool = Executors.newFixedThreadPool(atOnce);
    List<Future<?>> futures = new ArrayList<>();
    try {
      for (T item : items) {
        futures.add(
            pool.submit(
                () -> {
                  action.with(item);
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      futures.forEach(future -> future.cancel(false));
      rethrow(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      close(pool);
    }
  }

  private static void rethrow(ExecutionException e) throws IOException, BadRecordException {
    Throwable cause = e.getCause();
    if (cause instanceof IOException failure) {
      throw failure;
    }
    if (cause instanceof BadRecordException failure) {
      throw failure;
    }
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    throw new IllegalStateException(cause);
  }

  private static void close(ExecutorService pool) {
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
