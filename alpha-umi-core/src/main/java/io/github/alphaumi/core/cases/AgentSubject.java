package io.github.alphaumi.core.cases;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An agent whose cases are judged.
 *
 * @param agent makes one that has these tools
 */
record AgentSubject(Function<Toolbox, Agent> agent) implements AgentCase.Subject {

  @Override
  public Attempt attempt(String request, Toolbox tools) {
    return attempt(agent.apply(tools).run(request));
  }

  private static Attempt attempt(AgentResult result) {
    if (result.stopReason() == StopReason.MODEL_FAILED) {
      String problem = "the model cannot be asked: " + result.detail();
      throw result
          .failure()
          .map(cause -> new AlphaUmiException(problem, cause))
          .orElseGet(() -> new AlphaUmiException(problem));
    }
    List<String> lines = new ArrayList<>();
    for (Step step : result.trajectory().steps()) {
      lines.add("plan      " + step.plan().rationale());
      for (Step.Outcome outcome : step.outcomes()) {
        lines.add("call      " + outcome.call().map(ToolCall::toString).orElse("(unreadable)"));
        lines.add("observed  " + outcome.observation().text());
      }
    }
    String answer = result.answer().orElse("");
    lines.add(
        result.stopReason() == StopReason.ANSWERED
            ? "answer    " + answer
            : "stopped   " + result.stopReason() + ": " + result.detail());
    return new Attempt(
        switch (result.stopReason()) {
          case ANSWERED -> Ending.ANSWERED;
          case GAVE_UP -> Ending.GAVE_UP;
          default -> Ending.STOPPED;
        },
        result.stopReason() == StopReason.ANSWERED ? answer : "",
        lines);
  }
}
