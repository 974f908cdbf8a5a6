package io.github.alphaumi.core;

import com.google.common.collect.Lists;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of one agent: the chain of steps (ReAct, as α-UMi splits it over three roles).
 *
 * <p>Every way out passes through {@link #stopped}, so that a run always has a reason, and a step
 * is added to the trajectory only when it is whole.
 */
final class Run implements RunContext {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  /** Diverted repetitions after which a run is going in circles. */
  private static final int REPETITIONS = 2;

  /** Times that a call may be made again after it failed. */
  private static final int RETRIES = 2;

  private final Agent agent;
  private final String runId;
  private final Cancellation cancelledByCaller;
  private final Cancellation cancellation;
  private final Thread thread = Thread.currentThread();
  private final long start;
  private final List<ToolSpecification> tools;
  private final UsageMeter meter = new UsageMeter();
  private Trajectory trajectory;
  private volatile int step = 1;

  Run(Agent agent, String runId, String task, Cancellation cancelledByCaller) {
    this.agent = agent;
    this.runId = runId;
    trajectory = Trajectory.start(task);
    tools = List.copyOf(agent.tools.specifications());
    start = agent.ticker.nanos();
    this.cancelledByCaller = cancelledByCaller;
    cancellation =
        cancelledByCaller.child(
            () -> thread.isInterrupted() || timeLeft().isNegative() || timeLeft().isZero());
  }

  AgentResult run() {
    emit(new RunEvent.Started(runId, step, trajectory.task()));
    AgentResult result;
    try {
      result = steps();
    } catch (RunStoppedException e) {
      result =
          stopped(
              whileCancelled(e.reason()),
              String.valueOf(e.getMessage()),
              e.reason() == StopReason.MODEL_FAILED ? e : null);
    } catch (RuntimeException e) {
      Interrupts.keep(e);
      result =
          cancellation.isCancelled()
              ? stopped(whileCancelled(StopReason.CANCELLED), "ended while a role worked", e)
              : stopped(StopReason.MODEL_FAILED, "a role threw " + e, e);
    }
    emit(new RunEvent.Stopped(runId, step, result));
    return result;
  }

  private AgentResult steps() {
    int repetitions = 0;
    while (true) {
      checkLimits();
      Decision decision =
          Objects.requireNonNull(
              agent.roles.planner().plan(trajectory, tools, this), "the planner returned null");
      emit(new RunEvent.Planned(runId, step, decision));
      if (decision instanceof Decision.GiveUp) {
        return stopped(StopReason.GAVE_UP, decision.rationale(), null);
      }
      if (decision instanceof Decision.Conclude conclude) {
        checkLimits();
        return answered(conclude);
      }
      if (step > agent.budget.steps()) {
        return stopped(
            StopReason.STEP_LIMIT,
            "the budget of " + agent.budget.steps() + " steps is used up",
            null);
      }
      checkLimits();
      Observation observation = call((Decision.Call) decision);
      repetitions += observation.status() == Observation.Status.REPEATED ? 1 : 0;
      if (repetitions > REPETITIONS) {
        return stopped(
            StopReason.REPEATED_CALL,
            "the planner asked " + repetitions + " times for what it had been told",
            null);
      }
      step++;
    }
  }

  private AgentResult answered(Decision.Conclude conclude) {
    String answer = summary(conclude);
    if (answer.isBlank()) {
      repaired(Role.SUMMARIZER, "wrote nothing; the newest result stands for the answer");
      answer = newestResult().orElse(conclude.rationale());
    }
    return result(StopReason.ANSWERED, "", answer, null);
  }

  private String summary(Decision.Conclude plan) {
    return Objects.requireNonNull(
        agent.roles.summarizer().summarize(trajectory, plan, tools, this),
        "the summarizer returned null");
  }

  /** One call from plan to observation, added to the trajectory. */
  private Observation call(Decision.Call plan) {
    Observation observation;
    Step done;
    if (tools.isEmpty()) {
      observation = Observation.error(Observation.Status.INVALID, ModelMessages.noToolsToCall());
      done = Step.unreadable(plan, observation);
    } else {
      Caller.Turn turn =
          Objects.requireNonNull(
              agent.roles.caller().call(trajectory, plan, tools, this), "the caller returned null");
      if (turn instanceof ToolCall call) {
        checkLimits();
        emit(new RunEvent.Called(runId, step, call));
        observation = observe(call);
        done = Step.of(plan, call, observation);
      } else {
        String problem = ((UnreadableCall) turn).problem();
        observation =
            Observation.error(Observation.Status.INVALID, ModelMessages.unreadableCall(problem));
        done = Step.unreadable(plan, observation);
      }
    }
    emit(new RunEvent.Observed(runId, step, observation));
    trajectory = trajectory.with(done);
    return observation;
  }

  private Observation observe(ToolCall call) {
    Optional<Observation> earlier = answeredBefore(call);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Observation observation;
    try {
      observation =
          Objects.requireNonNull(agent.tools.execute(call, this), "the toolbox returned null");
    } catch (RuntimeException e) {
      Interrupts.keep(e);
      LOG.warn("toolbox threw on {}; it should have returned an observation", call.name(), e);
      observation = Observation.error(Observation.Status.FAILED, ModelMessages.toolboxFailed());
    }
    meter.tool(observation.status());
    return observation;
  }

  /**
   * What an identical call gave, if asking again is pointless: only a tool that failed may differ.
   */
  private Optional<Observation> answeredBefore(ToolCall call) {
    int failures = 0;
    for (Step earlier : trajectory.steps()) {
      if (earlier.call().filter(call::equals).isPresent()) {
        Observation observation = earlier.observation();
        if (!observation.isError() || !observation.status().ran() || ++failures > RETRIES) {
          return Optional.of(new Observation(Observation.Status.REPEATED, observation.text()));
        }
      }
    }
    return Optional.empty();
  }

  private void checkLimits() {
    if (cancellation.isCancelled()) {
      throw new RunStoppedException(StopReason.CANCELLED, "cancelled");
    }
    if (tokensLeft() <= 0) {
      throw new RunStoppedException(
          StopReason.TOKEN_LIMIT,
          String.format(Locale.ROOT, "the budget of %,d tokens is used up", agent.budget.tokens()));
    }
  }

  /**
   * Cancellation seen below may have been the deadline: the reason is decided here. Who threw the
   * switch or interrupted is told so, even if the deadline passed until it was noticed.
   */
  private StopReason whileCancelled(StopReason reason) {
    boolean deadline =
        reason == StopReason.CANCELLED
            && !cancelledByCaller.isCancelled()
            && !thread.isInterrupted()
            && (timeLeft().isNegative() || timeLeft().isZero());
    return deadline ? StopReason.TIME_LIMIT : reason;
  }

  private AgentResult stopped(StopReason reason, String detail, @Nullable Throwable failure) {
    String sentence =
        reason == StopReason.TIME_LIMIT
            ? "the budget of " + agent.budget.time() + " is used up"
            : detail;
    return result(reason, sentence, partialAnswer(reason), failure);
  }

  /** From the summarizer where models may still be asked, else the newest result of a tool. */
  private @Nullable String partialAnswer(StopReason reason) {
    if (reason == StopReason.STEP_LIMIT || reason == StopReason.REPEATED_CALL) {
      try {
        checkLimits();
        String summary = summary(new Decision.Conclude(""));
        if (!summary.isBlank()) {
          return summary;
        }
      } catch (RuntimeException e) {
        Interrupts.keep(e);
        LOG.debug("no partial answer from the summarizer", e);
      }
    }
    return newestResult().orElse(null);
  }

  private Optional<String> newestResult() {
    return Lists.reverse(trajectory.steps()).stream()
        .map(Step::observation)
        .filter(observation -> observation.status() == Observation.Status.OK)
        .map(Observation::text)
        .findFirst();
  }

  private AgentResult result(
      StopReason reason, String detail, @Nullable String answer, @Nullable Throwable failure) {
    return new AgentResult(
        runId, reason, detail, answer, trajectory, meter.total(elapsed()), failure);
  }

  private Duration elapsed() {
    return Duration.ofNanos(agent.ticker.nanos() - start);
  }

  private void emit(RunEvent event) {
    for (RunListener listener : agent.listeners) {
      try {
        listener.on(event);
      } catch (RuntimeException e) {
        LOG.warn("a listener threw on {}", event.getClass().getSimpleName(), e);
      }
    }
  }

  @Override
  public String runId() {
    return runId;
  }

  @Override
  public int step() {
    return step;
  }

  @Override
  public Duration timeLeft() {
    return agent.budget.time().minus(elapsed());
  }

  @Override
  public long tokensLeft() {
    return agent.budget.tokens() - meter.tokens();
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public void used(Role role, ModelUse use) {
    meter.model(use);
    emit(new RunEvent.ModelCalled(runId, step, role, use));
  }

  @Override
  public void wrote(Role role, String text) {
    emit(new RunEvent.Text(runId, step, role, text));
  }

  @Override
  public void repaired(Role role, String how) {
    meter.repair();
    emit(new RunEvent.Repaired(runId, step, role, how));
  }

  @Override
  public Approver.Answer approve(ToolCall call) {
    Approver.Answer answer = agent.approver.decide(call);
    emit(new RunEvent.Approved(runId, step, call, answer));
    return answer;
  }
}
