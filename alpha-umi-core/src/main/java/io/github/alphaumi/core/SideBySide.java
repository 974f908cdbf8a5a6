package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are made on other threads at the same time, while the run's own waits for all of them
 * and tells of each as it ends. When the run is cancelled, those at work are given up and those
 * that no thread has taken are not made. For one use on one thread.
 *
 * <p>Where none of them is at work and no thread takes one for a while, the run's own makes one: a
 * pool whose threads all wait for their calls to be taken would never go on.
 */
final class SideBySide<T> {
  private static final int WAKE = -1;

  private final List<Task> tasks = new ArrayList<>();
  private final BlockingQueue<Integer> over = new LinkedBlockingQueue<>();
  private final Cancellation cancellation;
  private final Calls.Ended<T> ended;
  private boolean rejected;
  private int left;

  SideBySide(List<? extends Calls.Call<T>> calls, Cancellation cancellation, Calls.Ended<T> ended) {
    for (int i = 0; i < calls.size(); i++) {
      tasks.add(new Task(i, calls.get(i)));
    }
    this.cancellation = cancellation;
    this.ended = ended;
    left = tasks.size();
  }

  /** One call, which belongs to whatever thread takes it first. */
  private final class Task {
    final int index;
    final Calls.Call<T> call;
    final AtomicBoolean taken = new AtomicBoolean();
    final FutureTask<@Nullable T> future;
    boolean told;

    Task(int index, Calls.Call<T> call) {
      this.index = index;
      this.call = call;
      future =
          new FutureTask<>(() -> taken.compareAndSet(false, true) ? call.make() : null) {
            @Override
            protected void done() {
              over.add(index);
            }
          };
    }

    boolean isAtWork() {
      return taken.get() && !future.isDone();
    }

    void tell(Calls.Result<T> result) {
      if (!told) {
        told = true;
        left--;
        ended.ended(index, result);
      }
    }
  }

  void make(Executor executor) {
    Runnable undo = cancellation.onCancel(() -> over.add(WAKE));
    try {
      for (Task task : tasks) {
        start(task, executor);
      }
      long since = System.nanoTime();
      while (left > 0) {
        int index = next();
        if (index >= 0) {
          Task task = tasks.get(index);
          task.tell(() -> Calls.result(task.future));
          since = System.nanoTime();
        } else if (Calls.isLeft(cancellation)) {
          tasks.forEach(this::leave);
        } else if (rejected || System.nanoTime() - since > Calls.PATIENCE_NANOS) {
          makeOneHere();
          since = System.nanoTime();
        }
      }
    } finally {
      undo.run();
      tasks.stream().filter(task -> !task.told).forEach(task -> task.future.cancel(true));
    }
  }

  private void start(Task task, Executor executor) {
    try {
      executor.execute(task.future);
    } catch (RejectedExecutionException e) {
      rejected = true;
    }
  }

  /** The next call that is over, or that there is something else to look at. */
  private int next() {
    try {
      Integer index = over.poll(Calls.POLL_MILLIS, TimeUnit.MILLISECONDS);
      return index == null ? WAKE : index;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WAKE;
    }
  }

  private void leave(Task task) {
    if (task.told) {
      return;
    }
    if (task.future.isDone() && task.taken.get()) {
      task.tell(() -> Calls.result(task.future));
      return;
    }
    if (task.taken.compareAndSet(false, true)) {
      task.future.cancel(false);
      task.told = true;
      left--;
      return;
    }
    task.future.cancel(true);
    task.tell(
        () -> {
          throw new Calls.GivenUpException();
        });
  }

  private void makeOneHere() {
    if (tasks.stream().anyMatch(Task::isAtWork)) {
      return;
    }
    for (Task task : tasks) {
      if (!task.told && task.taken.compareAndSet(false, true)) {
        task.tell(() -> Calls.here(task.call));
        task.future.cancel(false);
        return;
      }
    }
  }
}
