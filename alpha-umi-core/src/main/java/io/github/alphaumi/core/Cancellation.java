package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A switch that ends a run: thrown once, seen by the loop before each call, by an engine before
 * each token and by tools through their context. Thread-safe.
 */
public final class Cancellation {
  private final BooleanSupplier also;
  private final Object lock = new Object();
  private final List<Runnable> actions = new ArrayList<>();
  private volatile boolean cancelled;

  private Cancellation(BooleanSupplier also) {
    this.also = also;
  }

  /** A switch that is off. */
  public static Cancellation create() {
    return new Cancellation(() -> false);
  }

  /** A switch of its own that is also on whenever this one is, or the condition holds. */
  Cancellation child(BooleanSupplier condition) {
    return new Cancellation(() -> isCancelled() || condition.getAsBoolean());
  }

  /** Turns the switch on; later calls do nothing. Actions run on this thread. */
  public void cancel() {
    List<Runnable> due;
    synchronized (lock) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  public boolean isCancelled() {
    return cancelled || also.getAsBoolean();
  }

  /**
   * Runs an action when the switch is turned on by {@link #cancel}, at once if it is on.
   *
   * @return undoes the registration
   */
  public Runnable onCancel(Runnable action) {
    synchronized (lock) {
      if (!cancelled) {
        actions.add(action);
        return () -> {
          synchronized (lock) {
            actions.remove(action);
          }
        };
      }
    }
    action.run();
    return () -> {};
  }
}
