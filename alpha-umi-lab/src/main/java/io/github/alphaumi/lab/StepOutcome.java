package io.github.alphaumi.lab;

import io.github.alphaumi.core.ToolCall;
import org.jspecify.annotations.Nullable;

/**
 * How one step went, with one judgement for each role.
 *
 * @param task steps of one task are drawn together
 * @param expected the decision that was right
 * @param decided the decision that came
 * @param tool the tool that was right; null if no call was
 * @param called the tool that was called; null if none was, or the call cannot be read
 * @param offered whether the called tool was on offer
 * @param withArguments whether the right call has arguments
 * @param argumentF1 of a right tool's arguments, else 0
 * @param argumentsExact whether tool and arguments are right
 * @param rougeL of an answer that was right to give, else 0
 */
record StepOutcome(
    String task,
    String expected,
    String decided,
    @Nullable String tool,
    @Nullable String called,
    boolean offered,
    boolean withArguments,
    double argumentF1,
    boolean argumentsExact,
    double rougeL) {

  static StepOutcome of(Prediction sample) {
    JoinedStep reference = sample.form().joined(sample.reference());
    JoinedStep predicted = sample.form().joined(sample.predicted());
    ToolCall right = reference.call();
    ToolCall called = predicted.call();
    boolean sameTool = right != null && called != null && right.name().equals(called.name());
    double f1 = 0;
    boolean exact = false;
    if (right != null && called != null && sameTool) {
      // Both were read by one reader, so that numbers of equal value are equal.
      f1 = ArgumentScore.of(right.argumentsJson(), called.argumentsJson());
      exact = f1 == 1 && right.arguments().size() == called.arguments().size();
    }
    double rouge =
        reference.answer() != null && predicted.answer() != null
            ? RougeL.f(predicted.answer(), reference.answer())
            : 0;
    return new StepOutcome(
        sample.instruction(),
        reference.decision(),
        predicted.decision(),
        right == null ? null : right.name(),
        called == null ? null : called.name(),
        called != null && sample.toolNames().contains(called.name()),
        right != null && !right.arguments().isEmpty(),
        f1,
        exact,
        rouge);
  }

  boolean planned() {
    return expected.equals(decided);
  }

  boolean expectsCall() {
    return expected.equals(JoinedStep.CALL);
  }

  boolean expectsAnswer() {
    return expected.equals(JoinedStep.CONCLUDE);
  }

  boolean calls() {
    return decided.equals(JoinedStep.CALL);
  }

  boolean named() {
    return tool != null && tool.equals(called);
  }

  /** The first role that went wrong, or what came of the step. */
  String attribution() {
    if (!planned()) {
      return "planner decided wrongly";
    }
    if (!calls()) {
      return expectsAnswer() ? "summarizer wrote" : "right";
    }
    if (called == null) {
      return "caller wrote no call";
    }
    if (!named()) {
      return offered ? "caller chose another tool" : "caller invented a tool";
    }
    return argumentsExact ? "right" : "caller's arguments differ";
  }
}
