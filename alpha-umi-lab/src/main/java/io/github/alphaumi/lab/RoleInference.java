package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunStoppedException;
import io.github.alphaumi.core.ToolCall;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks each role for its turn of recorded steps, with everything before it as it was recorded: the
 * planner after the steps that were taken, the caller with the plan that was right.
 */
final class RoleInference {
  static final String DECISION = "decision";
  static final String RATIONALE = "rationale";
  static final String NAME = "name";
  static final String ARGUMENTS = "arguments";
  private static final String STOPPED = "stopped";

  private final Roles roles;
  private final Answers answers;
  private final Progress progress;
  private final int atOnce;
  private final AtomicLong done = new AtomicLong();

  /**
   * @param atOnce how many questions are asked at once
   */
  RoleInference(Roles roles, Answers answers, Progress progress, int atOnce) {
    this.roles = roles;
    this.answers = answers;
    this.progress = progress;
    this.atOnce = atOnce;
  }

  static String planKey(StaticInference.Asked step) {
    return "plan " + step.index();
  }

  static String callKey(StaticInference.Asked step) {
    return "call " + step.index();
  }

  /** Asks for what there is no answer of yet, one role after the other. */
  void ask(List<StaticInference.Asked> steps) throws IOException, BadRecordException {
    Parallel.each(steps, atOnce, step -> ask(planKey(step), () -> plan(step)));
    Parallel.each(
        steps,
        atOnce,
        step -> {
          if (step.step().decision() instanceof Decision.Call plan) {
            ask(callKey(step), () -> call(step, plan));
          } else {
            progress.at(done.incrementAndGet());
          }
        });
  }

  /** What a role is asked. */
  private interface Question {
    Map<String, @Nullable Object> ask() throws BadRecordException;
  }

  private void ask(String key, Question question) throws IOException, BadRecordException {
    if (answers.get(key).isEmpty()) {
      Map<String, @Nullable Object> answer;
      try {
        answer = question.ask();
      } catch (RunStoppedException e) {
        answer = new LinkedHashMap<>(Map.of(STOPPED, Answers.reason(e)));
      }
      answers.add(key, answer);
    }
    progress.at(done.incrementAndGet());
  }

  private Map<String, @Nullable Object> plan(StaticInference.Asked step) throws BadRecordException {
    Decision decision = roles.planner().plan(step.step().before(), step.tools(), step.run());
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put(DECISION, JoinedStep.name(decision));
    answer.put(RATIONALE, decision.rationale());
    return answer;
  }

  private Map<String, @Nullable Object> call(StaticInference.Asked step, Decision.Call plan)
      throws BadRecordException {
    List<ToolSpecification> tools = step.tools();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    if (!tools.isEmpty()
        && roles.caller().call(step.step().before(), plan, tools, step.run())
            instanceof ToolCall call) {
      answer.put(NAME, call.name());
      answer.put(ARGUMENTS, call.argumentsJson());
    }
    return answer;
  }
}
