package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunStoppedException;
import io.github.alphaumi.core.ToolCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks roles for recorded steps, one role after the other: all plans first, then the calls of those
 * that call and the answers of those that conclude, so that models that do not fit side by side can
 * take turns and each keeps its cache warm.
 */
final class StaticInference {
  private static final String DECISION = "decision";
  private static final String TEXT = "text";
  private static final String STOPPED = "stopped";

  private final Roles roles;
  private final Answers answers;
  private final Progress progress;
  private final int atOnce;
  private final AtomicLong done = new AtomicLong();

  /**
   * @param atOnce how many questions are asked at once
   */
  StaticInference(Roles roles, Answers answers, Progress progress, int atOnce) {
    this.roles = roles;
    this.answers = answers;
    this.progress = progress;
    this.atOnce = atOnce;
  }

  /**
   * A step that is asked for.
   *
   * @param index of the step in the data
   */
  record Asked(int index, StaticSample sample, LabelledStep step) {

    static List<Asked> of(int from, Conversation conversation) throws BadRecordException {
      Map<Integer, LabelledStep> steps = new LinkedHashMap<>();
      LabelledStep.of(conversation).forEach(step -> steps.put(step.turn(), step));
      List<Asked> asked = new ArrayList<>();
      for (StaticSample sample : StaticSample.of(conversation)) {
        LabelledStep step = steps.get(sample.turn());
        // What comes after a conclusion is no step that a run could be in.
        if (step != null) {
          asked.add(new Asked(from + asked.size(), sample, step));
        }
      }
      return asked;
    }

    List<ToolSpecification> tools() throws BadRecordException {
      return ToolRecord.specifications(sample.tools());
    }

    OfflineRun run() {
      return new OfflineRun(Hashes.of(sample.instruction()), step.before().steps().size() + 1);
    }
  }

  /** Predictions in the published form, in the order of the steps. */
  List<Map<String, Object>> predict(List<Asked> steps) throws IOException, BadRecordException {
    Parallel.each(steps, atOnce, this::plan);
    Parallel.each(
        steps,
        atOnce,
        step -> {
          if (decision(step) instanceof Decision.Call call) {
            act(step, () -> called(step, call));
          }
        });
    Parallel.each(
        steps,
        atOnce,
        step -> {
          if (decision(step) instanceof Decision.Conclude conclude) {
            act(
                step,
                () ->
                    roles
                        .summarizer()
                        .summarize(step.step.before(), conclude, step.tools(), step.run()));
          }
        });
    List<Map<String, Object>> predictions = new ArrayList<>();
    for (Asked step : steps) {
      predictions.add(prediction(step));
    }
    return predictions;
  }

  private void plan(Asked step) throws IOException, BadRecordException {
    String key = "plan " + step.index;
    if (answers.get(key).isEmpty()) {
      Map<String, @Nullable Object> answer = new LinkedHashMap<>();
      try {
        Decision decision = roles.planner().plan(step.step.before(), step.tools(), step.run());
        answer.put(DECISION, JoinedStep.name(decision));
        answer.put(TEXT, decision.rationale());
      } catch (RunStoppedException e) {
        answer.put(STOPPED, Answers.reason(e));
      }
      answers.add(key, answer);
    }
    progress.at(done.incrementAndGet());
  }

  private String called(Asked step, Decision.Call plan) throws BadRecordException {
    if (step.tools().isEmpty()) {
      return "";
    }
    // The protocol has one call a step: of several the first counts.
    Caller.Turn turn =
        roles.caller().call(step.step.before(), plan, step.tools(), step.run()).calls().get(0);
    return turn instanceof ToolCall call
        ? PromptFormat.write(call)
        : ((Caller.Unreadable) turn).text();
  }

  /** What a role is asked. */
  private interface Question {
    String ask() throws BadRecordException;
  }

  private void act(Asked step, Question question) throws IOException, BadRecordException {
    String key = "act " + step.index;
    if (answers.get(key).isEmpty()) {
      Map<String, @Nullable Object> answer = new LinkedHashMap<>();
      try {
        answer.put(TEXT, question.ask());
      } catch (RunStoppedException e) {
        answer.put(STOPPED, Answers.reason(e));
      }
      answers.add(key, answer);
    }
    progress.at(done.incrementAndGet());
  }

  /** The decision; a plan that was stopped counts as the published fallback, a call. */
  private Decision decision(Asked step) {
    Map<String, @Nullable Object> answer = answers.get("plan " + step.index).orElse(Map.of());
    String text = Fields.text(answer, TEXT, PublishedStep.NONE);
    return switch (Fields.text(answer, DECISION, JoinedStep.CALL)) {
      case JoinedStep.CONCLUDE -> new Decision.Conclude(text);
      case JoinedStep.GIVE_UP -> new Decision.GiveUp(text);
      default -> new Decision.Call(text);
    };
  }

  private Map<String, Object> prediction(Asked step) {
    Decision decision = decision(step);
    String plan = PromptFormat.write(decision);
    Optional<Map<String, @Nullable Object>> act = answers.get("act " + step.index);
    String text = act.map(answer -> Fields.text(answer, TEXT, "")).orElse("");
    String predicted =
        decision instanceof Decision.GiveUp
            ? plan
            : "asssitant: "
                + plan
                + Published.END
                + (decision instanceof Decision.Call ? "caller: " : "conclusion: ")
                + text;
    Map<String, Object> prediction = new LinkedHashMap<>();
    prediction.put("index", step.index);
    prediction.put(Conversation.TOOLS, step.sample.tools());
    prediction.put(Conversation.INSTRUCTION, step.sample.instruction());
    prediction.put("dispath", step.sample.history());
    prediction.put(Prediction.REFERENCE, step.sample.reference());
    prediction.put(Prediction.PREDICTIONS, predicted);
    answers
        .get("plan " + step.index)
        .map(answer -> answer.get(STOPPED))
        .or(() -> act.map(answer -> answer.get(STOPPED)))
        .filter(Objects::nonNull)
        .ifPresent(reason -> prediction.put(STOPPED, reason));
    return prediction;
  }
}
