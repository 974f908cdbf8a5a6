package io.github.alphaumi.core;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A run that goes on elsewhere. Thread-safe.
 *
 * @see Agent#start
 */
public final class RunHandle {
  private final Run run;
  private final Cancellation cancellation;
  private final EventStream events;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<AgentResult> result = new CompletableFuture<>();

  RunHandle(Run run, Cancellation cancellation, Executor executor) {
    this.run = run;
    this.cancellation = cancellation;
    events = new EventStream(run.runId(), executor);
    run.listen(events);
    run.announce();
    try {
      executor.execute(this::begin);
    } catch (RejectedExecutionException e) {
      run.refused("no thread to run on", e);
      throw e;
    }
  }

  private void begin() {
    if (begun.compareAndSet(false, true)) {
      try {
        result.complete(run.run());
      } catch (Throwable e) {
        result.completeExceptionally(e);
        throw e;
      }
    }
  }

  public String runId() {
    return run.runId();
  }

  /**
   * Ends the run, with the reason {@link StopReason#CANCELLED} unless it has another by then. A run
   * that waits for a thread to begin on ends on this one.
   */
  public void cancel() {
    cancellation.cancel();
    begin();
  }

  public boolean isDone() {
    return result.isDone();
  }

  /**
   * Waits for the result.
   *
   * @return empty if there is none within this time, or this thread is interrupted, which leaves
   *     its flag set and the run as it is
   */
  public Optional<AgentResult> await(Duration timeout) {
    try {
      long nanos = timeout.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
      return Optional.of(result.get(nanos, TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new AlphaUmiException("run " + runId() + " broke: " + e.getCause(), e.getCause());
    }
  }

  /** Completes with the result, on the run's thread; completing it from outside does nothing. */
  public CompletionStage<AgentResult> completion() {
    return result.copy();
  }

  /**
   * The run's events. Every subscriber hears them from the first that is kept, in order, as many as
   * it asked for, on a thread of the agent's executor. The newest {@value EventStream#KEPT} are
   * kept and the agent waits for nobody: a subscriber that falls further behind gets an error, and
   * finds what it missed in {@link #tree}. Events of agents that the run asks are among them.
   */
  public Flow.Publisher<RunEvent> events() {
    return events;
  }

  /** The path at work, as far as it has got. */
  public Trajectory trajectory() {
    return run.working();
  }

  /** What has been tried so far. */
  public SearchTree tree() {
    return run.tree();
  }
}
