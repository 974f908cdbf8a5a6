package io.github.alphaumi.tools;

import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A run that remembers what it is told. */
final class FakeContext implements RunContext {
  final Cancellation cancellation = Cancellation.create();
  final List<String> repairs = new ArrayList<>();
  final List<ToolCall> asked = new ArrayList<>();
  Duration timeLeft = Duration.ofMinutes(1);
  Approver approver = call -> Approver.Answer.yes();

  @Override
  public String runId() {
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
    return 1_000;
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public void used(Role role, ModelUse use) {}

  @Override
  public void wrote(Role role, String text) {}

  @Override
  public void repaired(Role role, String how) {
    repairs.add(role + " " + how);
  }

  @Override
  public Approver.Answer approve(ToolCall call) {
    asked.add(call);
    return approver.decide(call);
  }
}
