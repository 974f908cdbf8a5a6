package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The world itself: the agent's roles, tools, approver and clock. */
final class LiveOutside implements Outside {
  private static final Logger LOG = LoggerFactory.getLogger(LiveOutside.class);

  private final Agent agent;
  private final Calls calls;
  private final long start;
  private final ReentrantLock asking = new ReentrantLock();

  LiveOutside(Agent agent) {
    this.agent = agent;
    calls = new Calls(agent.executor);
    start = agent.ticker.getAsLong();
  }

  @Override
  public List<ToolSpecification> tools(NodeContext context) {
    return listed(agent.tools::specifications, context);
  }

  @Override
  public List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, NodeContext context) {
    return listed(() -> agent.tools.shown(offered, path, context), context);
  }

  private List<ToolSpecification> listed(
      Calls.Call<List<ToolSpecification>> list, NodeContext context) {
    try {
      return List.copyOf(calls.make(list, context.cancellation()));
    } catch (Calls.GivenUpException e) {
      throw new RunStoppedException(StopReason.CANCELLED, "cancelled while tools were listed");
    } catch (RunStoppedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RunStoppedException(StopReason.TOOLS_FAILED, "the toolbox threw " + e, e);
    }
  }

  @Override
  public Effect effect(String tool) {
    return Objects.requireNonNull(agent.tools.effect(tool), "the toolbox returned null");
  }

  @Override
  public ToolCall redacted(ToolCall call) {
    return Objects.requireNonNull(agent.tools.redacted(call), "the toolbox returned null");
  }

  @Override
  public Decision plan(Trajectory trajectory, List<ToolSpecification> tools, NodeContext context) {
    return asked("planner", context, () -> agent.roles.planner().plan(trajectory, tools, context));
  }

  @Override
  public Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      NodeContext context) {
    context.hush(agent.tools.redacts());
    return asked(
        "caller", context, () -> agent.roles.caller().call(trajectory, plan, tools, context));
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      NodeContext context) {
    return asked(
        "summarizer",
        context,
        () -> agent.roles.summarizer().summarize(trajectory, plan, tools, context));
  }

  @Override
  public boolean prefer(
      Search.Judge judge, Trajectory first, Trajectory second, NodeContext context) {
    return asked("judge", context, () -> judge.prefersFirst(first, second, context));
  }

  @Override
  public double score(Search.Scorer scorer, Trajectory trajectory, NodeContext context) {
    return asked("scorer", context, () -> scorer.score(trajectory, context));
  }

  /** On the thread that does the work, within what listeners put around it. */
  private <T> T heard(RunContext context, Supplier<T> work) {
    Supplier<T> wrapped = work;
    for (RunListener listener : agent.listeners) {
      Supplier<T> inner = wrapped;
      wrapped = () -> listener.during(context, inner);
    }
    return wrapped.get();
  }

  private <T> T asked(String role, NodeContext context, Calls.Call<T> call) {
    try {
      return Objects.requireNonNull(
          calls.make(() -> heard(context, call::make), context.cancellation()),
          "the " + role + " returned null");
    } catch (Calls.GivenUpException e) {
      throw new RunStoppedException(
          StopReason.CANCELLED, "cancelled while the " + role + " was at work");
    }
  }

  @Override
  public Observation execute(ToolCall call, NodeContext context) {
    context.hush(false);
    return observed(call, () -> calls.make(work(call, context), context.cancellation()));
  }

  @Override
  public void executeAll(List<Wanted> wanted, Ended ended) {
    wanted.forEach(each -> each.context().hush(false));
    calls.makeAll(
        wanted.stream().map(each -> work(each.call(), each.context())).toList(),
        wanted.get(0).context().cancellation(),
        (index, result) -> ended.ended(index, () -> observed(wanted.get(index).call(), result)));
  }

  private Calls.Call<Observation> work(ToolCall call, NodeContext context) {
    return () -> heard(context, () -> agent.tools.execute(call, context));
  }

  private static Observation observed(ToolCall call, Calls.Result<Observation> result) {
    try {
      return Objects.requireNonNull(result.get(), "the toolbox returned null");
    } catch (Calls.GivenUpException e) {
      return Observation.error(Observation.Status.TIMED_OUT, ModelMessages.toolGivenUp());
    } catch (RunStoppedException | EditedCallException | Journal.Failure e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("toolbox threw on {}; it should have returned an observation", call.name(), e);
      return Observation.error(Observation.Status.FAILED, ModelMessages.toolboxFailed());
    }
  }

  @Override
  public Approver.Answer approve(ToolCall call, NodeContext context) {
    Approver.Answer answer = decide(call);
    if (answer.verdict() == Approver.Verdict.PENDING) {
      LOG.warn("{} cannot wait for its approval: give the agent a journal", call.name());
      return Approver.Answer.no(ModelMessages.nobodyToApprove());
    }
    return answer;
  }

  /**
   * Also what only a run with a journal can wait for. One question at a time: calls run side by
   * side, people do not.
   */
  Approver.Answer decide(ToolCall call) {
    try {
      asking.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Approver.Answer.no(ModelMessages.approvalTooLate());
    }
    try {
      return Objects.requireNonNull(agent.approver.decide(call), "the approver returned null");
    } finally {
      asking.unlock();
    }
  }

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(agent.ticker.getAsLong() - start);
  }
}
