package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Map<String, String> attributes;
  private final Cancellation switched;
  private final Cancellation cancellation;
  private final TrajectoryNode start;
  private final Outside outside;
  private final @Nullable RunLog log;
  private final Limits limits;
  private final TreeRecorder recorder = new TreeRecorder();
  private final AtomicBoolean announced = new AtomicBoolean();
  private final Map<Integer, AtomicInteger> asks = new ConcurrentHashMap<>();
  private @Nullable RunListener stream;
  private volatile @Nullable Thread thread;
  private volatile Trajectory working;
  private int node;
  private int step;
  private boolean ended;

  Run(Agent agent, String runId, String task, Cancellation switched) {
    this(agent, runId, task, switched, null, null, Optional.empty());
  }

  /** A run that is written down, or goes on from what was. */
  Run(Agent agent, String runId, String task, Cancellation switched, Logbook logbook) {
    this(agent, runId, task, switched, logbook, null, Optional.empty());
  }

  private Run(
      Agent agent,
      String runId,
      String task,
      Cancellation switched,
      @Nullable Logbook logbook,
      @Nullable Run outer,
      Optional<RunEvent.Origin> asked) {
    this.agent = agent;
    this.runId = runId;
    this.switched = switched;
    this.outer = outer;
    this.asked = asked;
    nesting = outer == null ? 0 : outer.nesting + 1;
    attributes = outer == null ? agent.attributes : joined(outer.attributes, agent.attributes);
    start = TrajectoryNode.start(task, agent.conversation);
    working = start;
    LiveOutside live = new LiveOutside(agent);
    log =
        logbook == null
            ? null
            : new RunLog(
                agent, live, logbook, () -> emit(new RunEvent.Resumed(origin(node, step))));
    outside = log == null ? live : new JournalledOutside(agent, start, live, log);
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

  private static Map<String, String> joined(Map<String, String> asked, Map<String, String> own) {
    Map<String, String> both = new HashMap<>(asked);
    both.putAll(own);
    return Map.copyOf(both);
  }

  /** The agent's, and those of the run that asked it. */
  Map<String, String> attributes() {
    return attributes;
  }

  String runId() {
    return runId;
  }

  Limits limits() {
    return limits;
  }

  boolean goesByPlanner() {
    return agent.search.goesByPlanner();
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
    asks.clear();
  }

  /** Whether what happens is written down. */
  boolean isJournalled() {
    return log != null;
  }

  RunEvent.Origin origin(int node, int step) {
    return origin(node, step, 0);
  }

  RunEvent.Origin origin(int node, int step, int call) {
    return new RunEvent.Origin(runId, node, step, call, outside.elapsed());
  }

  NodeContext context(int node, int step) {
    return context(node, step, 0);
  }

  NodeContext context(int node, int step, int call) {
    return new NodeContext(this, node, step, call);
  }

  /** Adds a listener, before the run begins. */
  void listen(RunListener listener) {
    stream = listener;
  }

  /**
   * Tells that the run begins, once: on the thread that asked for it, if it goes on elsewhere, so
   * that listeners see what it is part of.
   */
  void announce() {
    if (announced.compareAndSet(false, true)) {
      emit(new RunEvent.Started(origin(0, 0), start.task(), asked, agent.name, agent.budget));
    }
  }

  /** Tells that the run ends before it could be worked on. */
  void refused(String why, RuntimeException cause) {
    emit(new RunEvent.Stopped(origin(0, 0), result(StopReason.CANCELLED, why, null, start, cause)));
  }

  /**
   * @throws Journal.Failure if the run's journal fails, or is not this run's
   */
  AgentResult run() {
    thread = Thread.currentThread();
    if (log == null) {
      return runOnce();
    }
    try (log) {
      open(log);
      AgentResult result = runOnce();
      log.end(result);
      return result;
    }
  }

  private void open(RunLog opening) {
    try {
      opening.open();
    } catch (Journal.Failure e) {
      if (announced.get()) {
        refused("the journal cannot be opened", e);
      }
      throw e;
    }
  }

  private AgentResult runOnce() {
    announce();
    AgentResult result;
    try {
      result = search();
    } catch (Error | Journal.Failure e) {
      // Who watches the run has to know that it is over, though nobody will see the result.
      emit(
          new RunEvent.Stopped(
              origin(node, step),
              result(StopReason.MODEL_FAILED, "ended by " + e, null, start, e)));
      throw e;
    }
    emit(new RunEvent.Stopped(origin(node, step), result));
    return result;
  }

  private AgentResult search() {
    Expander expander = new Expander(this, outside, start);
    try {
      checkModels();
      expander.listTools();
      Ending ending = agent.search.explore(expander);
      return stopped(expander, ending.reason(), ending.detail(), null);
    } catch (RunStoppedException e) {
      return stopped(
          expander, whileCancelled(e.reason()), String.valueOf(e.getMessage()), cause(e));
    } catch (Journal.Failure e) {
      throw e;
    } catch (RuntimeException e) {
      return cancellation.isCancelled()
          ? stopped(expander, whileCancelled(StopReason.CANCELLED), "ended while a role worked", e)
          : stopped(expander, StopReason.MODEL_FAILED, "a role threw " + e, e);
    }
  }

  private static @Nullable Throwable cause(RunStoppedException e) {
    return e.getCause() == null && e.reason() == StopReason.MODEL_FAILED ? e : e.getCause();
  }

  /**
   * @throws RunStoppedException if the run was cancelled or models have used up a limit
   */
  void checkModels() {
    checkCancelled();
    limits.checkModels();
  }

  /**
   * @throws RunStoppedException if the run was cancelled or its time is up
   */
  void checkCancelled() {
    if (cancellation.isCancelled()) {
      throw new RunStoppedException(StopReason.CANCELLED, "cancelled");
    }
  }

  ToolCall redacted(ToolCall call) {
    return outside.redacted(call);
  }

  Approver.Answer approve(ToolCall call, NodeContext context) {
    return outside.approve(call, context);
  }

  /** Runs another agent within this run. */
  AgentResult ask(Agent other, String task, RunEvent.Origin caller) {
    int number = asks.computeIfAbsent(caller.call(), any -> new AtomicInteger()).incrementAndGet();
    String call = caller.call() == 0 ? "" : "." + (caller.call() + 1);
    String id = runId + "/" + caller.node() + call + "." + number;
    if (nesting >= DEEPEST) {
      throw new RunStoppedException(
          StopReason.STEP_LIMIT, "agents ask each other more than " + DEEPEST + " deep");
    }
    return new Run(other, id, task, Cancellation.create(), null, this, Optional.of(caller)).run();
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
        .filter(found -> reason != StopReason.SUSPENDED)
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
        } catch (Journal.Failure e) {
          throw e;
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

  void emitUnless(BooleanSupplier late, RunEvent event) {
    tell(late, event, List.of());
  }

  /**
   * Events of one run are heard one after the other, also when a tool reports from its threads, and
   * none after the last: an agent that was asked may end later than the run that left it.
   *
   * @param told who has heard it: agents that ask one another may share a listener
   */
  private void tell(BooleanSupplier late, RunEvent event, List<RunListener> told) {
    synchronized (recorder) {
      if (ended || late.getAsBoolean()) {
        return;
      }
      ended = event instanceof RunEvent.Stopped && event.runId().equals(runId);
      recorder.on(event);
      if (stream != null) {
        stream.on(event);
      }
      for (RunListener listener : agent.listeners) {
        try {
          if (!told.contains(listener)) {
            listener.on(event);
          }
        } catch (RuntimeException e) {
          LOG.warn("a listener threw on {}", event.getClass().getSimpleName(), e);
        }
      }
    }
    if (outer != null) {
      List<RunListener> all = new ArrayList<>(told);
      all.addAll(agent.listeners);
      outer.tell(() -> false, event, all);
    }
  }
}
