package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A switch that ends a run: thrown once, seen by the loop before each call, by an engine before
 * each token and by tools through their context. Thread-safe.
 */
public final class Cancellation {
  private final @Nullable Cancellation parent;
  private final BooleanSupplier condition;
  private final Object lock = new Object();
  private final List<Runnable> actions = new ArrayList<>();
  private volatile boolean cancelled;

  private Cancellation(@Nullable Cancellation parent, BooleanSupplier condition) {
    this.parent = parent;
    this.condition = condition;
  }

  /** A switch that is off. */
  public static Cancellation create() {
    return new Cancellation(null, () -> false);
  }

  /** A switch of its own that is also on whenever this one is, or the condition holds. */
  Cancellation child(BooleanSupplier condition) {
    return new Cancellation(this, condition);
  }

  /** Turns the switch on; later calls do nothing. Actions run on this thread, all of them. */
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
    runAll(due);
  }

  /** One that throws must not keep the others from stopping their work. */
  private static void runAll(List<Runnable> due) {
    RuntimeException thrown = null;
    for (Runnable action : due) {
      try {
        action.run();
      } catch (RuntimeException e) {
        if (thrown == null) {
          thrown = e;
        } else {
          thrown.addSuppressed(e);
        }
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  public boolean isCancelled() {
    return cancelled || (parent != null && parent.isCancelled()) || condition.getAsBoolean();
  }

  /**
   * Runs an action once, when the switch is turned on by {@link #cancel}, at once if it is on.
   * Nobody is told of a deadline or an interrupt when it comes: ask {@link #isCancelled}.
   *
   * @return undoes the registration
   */
  public Runnable onCancel(Runnable action) {
    AtomicBoolean ran = new AtomicBoolean();
    Runnable once =
        () -> {
          if (ran.compareAndSet(false, true)) {
            action.run();
          }
        };
    Runnable undo = register(once);
    if (isCancelled()) {
      once.run();
    }
    return undo;
  }

  private Runnable register(Runnable action) {
    Runnable undoParent = parent == null ? () -> {} : parent.register(action);
    synchronized (lock) {
      if (!cancelled) {
        actions.add(action);
      }
    }
    return () -> {
      undoParent.run();
      synchronized (lock) {
        actions.remove(action);
      }
    };
  }
}
