package io.github.alphaumi.core;

import java.time.Duration;

/**
 * A run as the roles and tools of one node see it. Once closed it ignores what it is told: a call
 * that was given up may still be at work.
 */
final class NodeContext implements RunContext, AutoCloseable {
  private final Run run;
  private final int node;
  private final int step;
  private volatile boolean closed;

  NodeContext(Run run, int node, int step) {
    this.run = run;
    this.node = node;
    this.step = step;
  }

  int node() {
    return node;
  }

  RunEvent.Origin origin() {
    return run.origin(node, step);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void emit(RunEvent event) {
    run.emitUnless(() -> closed, event);
  }

  @Override
  public String runId() {
    return run.runId();
  }

  @Override
  public int step() {
    return step;
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

  /** What a model cost is booked even when it comes late: it has been spent. */
  @Override
  public void used(Role role, ModelUse use) {
    run.limits().meter().model(role, use);
    emit(new RunEvent.ModelCalled(origin(), role, use));
  }

  @Override
  public void wrote(Role role, String text) {
    emit(new RunEvent.Text(origin(), role, text));
  }

  @Override
  public void repaired(Role role, String how) {
    if (!closed) {
      run.limits().meter().repair();
    }
    emit(new RunEvent.Repaired(origin(), role, how));
  }

  @Override
  public Approver.Answer approve(ToolCall call) {
    Approver.Answer answer = run.approve(call);
    emit(new RunEvent.Approved(origin(), call, answer));
    return answer;
  }

  @Override
  public AgentResult run(Agent agent, String task) {
    return run.ask(agent, task, origin());
  }
}
