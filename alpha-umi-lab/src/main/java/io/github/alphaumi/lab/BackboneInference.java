package io.github.alphaumi.lab;

import io.github.alphaumi.core.RunStoppedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Asks a single model for the steps of a backbone's role file. */
final class BackboneInference {
  private static final String TEXT = "text";
  private static final String STOPPED = "stopped";

  private final BackboneModel model;
  private final Answers answers;
  private final Progress progress;
  private final int atOnce;

  /**
   * @param atOnce how many questions are asked at once
   */
  BackboneInference(BackboneModel model, Answers answers, Progress progress, int atOnce) {
    this.model = model;
    this.answers = answers;
    this.progress = progress;
    this.atOnce = atOnce;
  }

  /**
   * A step that is asked for.
   *
   * @param index of the record in the data
   */
  record Asked(int index, Map<String, @Nullable Object> record) {

    static Asked of(int index, Map<String, @Nullable Object> record) throws BadRecordException {
      Fields.text(record, RoleSample.INPUT);
      Fields.text(record, RoleSample.TARGET);
      Fields.objects(record, Conversation.TOOLS);
      return new Asked(index, record);
    }

    private String key() {
      return "step " + index;
    }

    /** The task, by which steps are drawn together. */
    private String instruction() {
      return record.get("history") instanceof List<?> turns
              && !turns.isEmpty()
              && turns.get(0) instanceof Map<?, ?> first
          ? String.valueOf(first.get("value"))
          : "";
    }
  }

  /** The records with what was predicted, in the order of the steps. */
  List<Map<String, Object>> predict(List<Asked> steps) throws IOException, BadRecordException {
    AtomicLong done = new AtomicLong();
    Parallel.each(
        steps,
        atOnce,
        step -> {
          if (answers.get(step.key()).isEmpty()) {
            answers.add(step.key(), answer(step));
          }
          progress.at(done.incrementAndGet());
        });
    List<Map<String, Object>> predictions = new ArrayList<>();
    for (Asked step : steps) {
      predictions.add(prediction(step));
    }
    return predictions;
  }

  private Map<String, @Nullable Object> answer(Asked step) throws BadRecordException {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    try {
      answer.put(TEXT, model.write(Fields.text(step.record, RoleSample.INPUT)));
    } catch (RunStoppedException e) {
      answer.put(STOPPED, Answers.reason(e));
    }
    return answer;
  }

  private Map<String, Object> prediction(Asked step) throws BadRecordException {
    Map<String, @Nullable Object> answer = answers.get(step.key()).orElse(Map.of());
    Map<String, Object> prediction = new LinkedHashMap<>();
    prediction.put("index", step.index);
    prediction.put(Conversation.TOOLS, Fields.objects(step.record, Conversation.TOOLS));
    prediction.put(Conversation.INSTRUCTION, step.instruction());
    prediction.put(RoleSample.INPUT, Fields.text(step.record, RoleSample.INPUT));
    prediction.put(RoleSample.TARGET, Fields.text(step.record, RoleSample.TARGET));
    prediction.put(Prediction.PREDICTIONS, Fields.text(answer, TEXT, ""));
    if (answer.get(STOPPED) instanceof String reason) {
      prediction.put(STOPPED, reason);
    }
    return prediction;
  }
}
