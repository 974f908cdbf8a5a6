package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A run for testing one role or tool alone: plenty of time and tokens, every approval denied unless
 * an approver is given, and everything reported to it kept. Thread-safe.
 */
public final class FakeRunContext implements RunContext {
  private final List<ModelUse> uses = new CopyOnWriteArrayList<>();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<String> repairs = new CopyOnWriteArrayList<>();
  private final Cancellation cancellation = Cancellation.create();
  private final List<ToolCall> asked = new CopyOnWriteArrayList<>();
  private volatile Approver approver;
  private volatile Duration timeLeft = Duration.ofMinutes(5);
  private volatile long tokensLeft = 100_000;

  public FakeRunContext() {
    this(Approver.nobody());
  }

  public FakeRunContext(Approver approver) {
    this.approver = approver;
  }

  public FakeRunContext withApprover(Approver other) {
    approver = other;
    return this;
  }

  public FakeRunContext withTimeLeft(Duration time) {
    timeLeft = time;
    return this;
  }

  public FakeRunContext withTokensLeft(long tokens) {
    tokensLeft = tokens;
    return this;
  }

  /** Model calls booked so far. */
  public List<ModelUse> uses() {
    return List.copyOf(uses);
  }

  /** Text passed on so far, piece by piece. */
  public List<String> texts() {
    return List.copyOf(texts);
  }

  /** Repairs counted so far, each with its role: {@code PLANNER: asked again}. */
  public List<String> repairs() {
    return List.copyOf(repairs);
  }

  /** Calls that approval was asked for so far. */
  public List<ToolCall> asked() {
    return List.copyOf(asked);
  }

  @Override
  public String runId() {
    return "run";
  }

  @Override
  public String idempotencyKey() {
    return "run-1";
  }

  @Override
  public int step() {
    return 1;
  }

  @Override
  public Duration timeLeft() {
    return timeLeft;
  }

  @Override
  public long tokensLeft() {
    return tokensLeft;
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public void used(Role role, ModelUse use) {
    uses.add(use);
  }

  @Override
  public void wrote(Role role, String text) {
    texts.add(text);
  }

  @Override
  public void repaired(Role role, String how) {
    repairs.add(role + ": " + how);
  }

  @Override
  public Approver.Answer approve(ToolCall call) {
    asked.add(call);
    return approver.decide(call);
  }
}
