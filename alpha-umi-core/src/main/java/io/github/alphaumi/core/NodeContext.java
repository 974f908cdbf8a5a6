package io.github.alphaumi.core;

import java.time.Duration;
import java.util.Map;

/**
 * A run as the roles of one node see it, or one of its calls. Once closed it ignores what it is
 * told: a call that was given up may still be at work.
 */
final class NodeContext implements RunContext, AutoCloseable {
  private final Run run;
  private final int node;
  private final int step;
  private final int call;
  private final Booked booked;
  private volatile boolean edited;
  private volatile boolean closed;
  private volatile boolean hushed;
  private volatile boolean prompted;
  private volatile double plannerSure = Double.NaN;

  NodeContext(Run run, int node, int step, int call) {
    this.run = run;
    this.node = node;
    this.step = step;
    this.call = call;
    booked = new Booked(run.isJournalled());
  }

  int node() {
    return node;
  }

  RunEvent.Origin origin() {
    return run.origin(node, step, call);
  }

  @Override
  public void close() {
    closed = true;
  }

  /**
   * Whether a caller is at work whose text may hold what is redacted. Of that text listeners and
   * journals get nothing, and of prompts the first, which was made from what may be read.
   */
  void hush(boolean on) {
    hushed = on;
    prompted = false;
  }

  private void emit(RunEvent event) {
    run.emitUnless(() -> closed, event);
  }

  @Override
  public String runId() {
    return run.runId();
  }

  @Override
  public String idempotencyKey() {
    return run.runId() + "-" + node + (call == 0 ? "" : "." + (call + 1));
  }

  @Override
  public int step() {
    return step;
  }

  @Override
  public int call() {
    return call;
  }

  @Override
  public Map<String, String> attributes() {
    return run.attributes();
  }

  @Override
  public void progress(String text) {
    emit(new RunEvent.Progressed(origin(), text));
  }

  @Override
  public Duration timeLeft() {
    return run.limits().timeLeft();
  }

  @Override
  public long tokensLeft() {
    return run.limits().tokensLeft();
  }

  @Override
  public Cancellation cancellation() {
    return run.cancellation();
  }

  @Override
  public void checkLimits() {
    run.checkModels();
  }

  @Override
  public void asks(Role role, TextModel.Name model, Prompt prompt) {
    Prompt told = hushed && prompted ? Prompt.of(ModelMessages.REDACTED) : prompt;
    prompted = true;
    emit(new RunEvent.Prompted(origin(), role, model, told));
  }

  /** What a model cost is booked even when it comes late: it has been spent. */
  @Override
  public void used(Role role, ModelUse use) {
    run.limits().meter().model(role, use);
    booked.use(role, use);
    emit(new RunEvent.ModelCalled(origin(), role, use));
  }

  @Override
  public TextModel.Detail detail(Role role) {
    return role == Role.PLANNER && run.goesByPlanner()
        ? TextModel.Detail.LOG_PROBABILITIES
        : TextModel.Detail.TEXT;
  }

  @Override
  public void sure(Role role, double logProbability) {
    if (role == Role.PLANNER) {
      plannerSure = logProbability;
      booked.sure(role, logProbability);
    }
  }

  /** How sure the planner was; NaN where it has not told. */
  double plannerSure() {
    return plannerSure;
  }

  @Override
  public void wrote(Role role, String text) {
    if (!hushed) {
      emit(new RunEvent.Text(origin(), role, text));
    }
  }

  @Override
  public void repaired(Role role, String how) {
    String told = hushed ? ModelMessages.REDACTED : how;
    if (!closed) {
      run.limits().meter().repair();
      booked.repair(role, told);
    }
    emit(new RunEvent.Repaired(origin(), role, told));
  }

  /** Arguments that somebody wrote have been decided on, also when they come back checked. */
  @Override
  public Approver.Answer approve(ToolCall call) {
    return decided(call, edited ? Approver.Answer.yes() : run.approve(call, this));
  }

  /**
   * Tells what was decided, here or in an earlier life of the run.
   *
   * @throws EditedCallException if the call has to be made with other arguments
   */
  Approver.Answer decided(ToolCall call, Approver.Answer answer) {
    Approver.Answer told =
        new Approver.Answer(
            answer.verdict(),
            answer.reason(),
            run.redacted(new ToolCall(call.name(), answer.arguments())).arguments());
    emit(new RunEvent.Approved(origin(), run.redacted(call), told));
    if (answer.verdict() == Approver.Verdict.EDITED) {
      edited = true;
      throw new EditedCallException(answer);
    }
    return answer;
  }

  @Override
  public AgentResult run(Agent agent, String task) {
    AgentResult result = run.ask(agent, task, origin());
    booked.agent(result.usage());
    return result;
  }

  /** An agent that was asked in an earlier life of the run. */
  void asked(AgentResult.Usage usage) {
    run.limits().meter().add(usage);
  }

  Booked booked() {
    return booked;
  }
}
