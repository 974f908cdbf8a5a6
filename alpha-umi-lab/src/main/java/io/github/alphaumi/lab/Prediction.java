package io.github.alphaumi.lab;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step that was asked of a model, with what it wrote.
 *
 * @param form how reference and prediction are written
 * @param toolNames the tools on offer
 * @param instruction the task; steps of one task are no independent samples
 */
record Prediction(
    StepForm form, List<String> toolNames, String instruction, String reference, String predicted) {
  static final String REFERENCE = "reference";
  static final String PREDICTIONS = "predictions";

  /** A single model's predictions are role-file records, whose target is the reference. */
  static Prediction read(StepForm form, Map<String, @Nullable Object> record)
      throws BadRecordException {
    boolean hasTarget = form == StepForm.BACKBONE && !record.containsKey(REFERENCE);
    return new Prediction(
        form,
        ToolRecord.names(Fields.objects(record, Conversation.TOOLS)),
        Fields.text(record, Conversation.INSTRUCTION, ""),
        Fields.text(record, hasTarget ? RoleSample.TARGET : REFERENCE),
        Fields.text(record, PREDICTIONS));
  }

  /** What was called as the published scorer reads it, if it is no tool on offer; else null. */
  @Nullable String invented() {
    String called = form.published(predicted).action();
    return called == null || called.equals(PublishedStep.NONE) || toolNames.contains(called)
        ? null
        : called;
  }
}
