package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of one agent: its limits, its events, and the way from whatever ended it to a result.
 *
 * <p>Every way out passes through {@link #stopped}, so that a run always has a reason, and a step
 * is added to a trajectory only when it is whole.
 */
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  /** Agents that ask each other in a circle come to an end here. */
  private static final int DEEPEST = 8;

  private final Agent agent;
  private final String runId;
  private final @Nullable Run outer;
  private final Optional<RunEvent.Origin> asked;
  private final int nesting;
  private final Cancellation switched;
  private final Cancellation cancellation;
  private final TrajectoryNode start;
  private final Outside outside;
  private final Limits limits;
  private final TreeRecorder recorder = new TreeRecorder();
  private final AtomicInteger asks = new AtomicInteger();
  private volatile @Nullable Thread thread;
  private volatile Trajectory working;
  private int node;
  private int step;

  Run(Agent agent, String runId, String task, Cancellation switched) {
    this(agent, runId, task, switched, null, Optional.empty());
  }

  private Run(
      Agent agent,
      String runId,
      String task,
      Cancellation switched,
      @Nullable Run outer,
      Optional<RunEvent.Origin> asked) {
    this.agent = agent;
    this.runId = runId;
    this.switched = switched;
    this.outer = outer;
    this.asked = asked;
    nesting = outer == null ? 0 : outer.nesting + 1;
    start = TrajectoryNode.start(task, agent.conversation);
    working = start;
    outside = new LiveOutside(agent);
    limits =
        new Limits(
            agent.budget,
            new UsageMeter(agent.budget.price(), outer == null ? null : outer.limits.meter()),
            outside::elapsed,
            outer == null ? null : outer.limits);
    cancellation =
        (outer == null ? switched : outer.cancellation)
            .child(() -> isInterrupted() || limits.timeIsUp());
  }

  String runId() {
    return runId;
  }

  Limits limits() {
    return limits;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** What has been tried so far. */
  SearchTree tree() {
    return recorder.tree();
  }

  /** The path that was extended last. */
  Trajectory working() {
    return working;
  }

  void working(Trajectory trajectory) {
    working = trajectory;
  }

  void at(int node, int step) {
    this.node = node;
    this.step = step;
  }

  RunEvent.Origin origin(int node, int step) {
    return new RunEvent.Origin(runId, node, step, outside.elapsed());
  }

  NodeContext context(int node, int step) {
    return new NodeContext(this, node, step);
  }

  AgentResult run() {
    thread = Thread.currentThread();
    emit(new RunEvent.Started(origin(0, 0), start.task(), asked));
    AgentResult result = search();
    emit(new RunEvent.Stopped(origin(node, step), result));
    return result;
  }

  private AgentResult search() {
    List<ToolSpecification> tools;
    try {
      tools = outside.tools();
    } catch (RuntimeException e) {
      Interrupts.keep(e);
      return result(StopReason.TOOLS_FAILED, "the toolbox threw " + e, null, start, e);
    }
    Expander expander = new Expander(this, outside, tools, start);
    try {
      Ending ending = agent.search.explore(expander);
      return stopped(expander, ending.reason(), ending.detail(), null);
    } catch (RunStoppedException e) {
      return stopped(
          expander,
          whileCancelled(e.reason()),
          String.valueOf(e.getMessage()),
          e.reason() == StopReason.MODEL_FAILED ? e : null);
    } catch (RuntimeException e) {
      return cancellation.isCancelled()
          ? stopped(expander, whileCancelled(StopReason.CANCELLED), "ended while a role worked", e)
          : stopped(expander, StopReason.MODEL_FAILED, "a role threw " + e, e);
    }
  }

  /**
   * @throws RunStoppedException if the run was cancelled or models have used up a limit
   */
  void checkModels() {
    if (cancellation.isCancelled()) {
      throw new RunStoppedException(StopReason.CANCELLED, "cancelled");
    }
    limits.checkModels();
  }

  Approver.Answer approve(ToolCall call) {
    return outside.approve(call);
  }

  /** Runs another agent within this run. */
  AgentResult ask(Agent other, String task, RunEvent.Origin caller) {
    String id = runId + "/" + asks.incrementAndGet();
    if (nesting >= DEEPEST) {
      throw new RunStoppedException(
          StopReason.STEP_LIMIT, "agents ask each other more than " + DEEPEST + " deep");
    }
    return new Run(other, id, task, Cancellation.create(), this, Optional.of(caller)).run();
  }

  /**
   * Cancellation seen below may have been the deadline: the reason is decided here. Who threw the
   * switch or interrupted is told so, even if the deadline passed until it was noticed.
   */
  private StopReason whileCancelled(StopReason reason) {
    return reason == StopReason.CANCELLED && !cancelledByHand() && limits.timeIsUp()
        ? StopReason.TIME_LIMIT
        : reason;
  }

  private boolean cancelledByHand() {
    return switched.isCancelled() || isInterrupted() || (outer != null && outer.cancelledByHand());
  }

  private boolean isInterrupted() {
    Thread here = thread;
    return here != null && here.isInterrupted();
  }

  private AgentResult stopped(
      Expander expander, StopReason reason, String detail, @Nullable Throwable failure) {
    String sentence =
        reason == StopReason.TIME_LIMIT ? "the budget of " + limits.time() + " is used up" : detail;
    return expander
        .answer()
        .map(
            found ->
                result(StopReason.ANSWERED, sentence, found.answer(), found.trajectory(), failure))
        .orElseGet(
            () ->
                result(
                    reason, sentence, partialAnswer(expander, reason), expander.best(), failure));
  }

  /** From the summarizer where models may still be asked, else the newest result of a tool. */
  private @Nullable String partialAnswer(Expander expander, StopReason reason) {
    switch (reason) {
      case STEP_LIMIT, REPEATED_CALL, SEARCH_LIMIT, TOOL_CALL_LIMIT -> {
        try {
          String summary = expander.partialAnswer();
          if (summary != null) {
            return summary;
          }
        } catch (RuntimeException e) {
          LOG.debug("no partial answer from the summarizer", e);
        }
      }
      default -> {}
    }
    return expander.newestResult().orElse(null);
  }

  private AgentResult result(
      StopReason reason,
      String detail,
      @Nullable String answer,
      Trajectory trajectory,
      @Nullable Throwable failure) {
    recorder.stop();
    return new AgentResult(
        runId,
        reason,
        detail,
        answer,
        trajectory,
        recorder.tree(),
        limits.meter().total(outside.elapsed()),
        failure);
  }

  void emit(RunEvent event) {
    emitUnless(() -> false, event);
  }

  /** Events of one run are heard one after the other, also when a tool reports from its threads. */
  void emitUnless(BooleanSupplier late, RunEvent event) {
    synchronized (recorder) {
      if (late.getAsBoolean()) {
        return;
      }
      recorder.on(event);
      for (RunListener listener : agent.listeners) {
        try {
          listener.on(event);
        } catch (RuntimeException e) {
          LOG.warn("a listener threw on {}", event.getClass().getSimpleName(), e);
        }
      }
    }
    if (outer != null) {
      outer.emit(event);
    }
  }
}
