package io.github.alphaumi.lab;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step that was asked of a model, with what it wrote.
 *
 * @param toolNames the tools on offer
 * @param instruction the task; steps of one task are no independent samples
 */
record Prediction(List<String> toolNames, String instruction, String reference, String predicted) {
  static final String REFERENCE = "reference";
  static final String PREDICTIONS = "predictions";

  static Prediction read(Map<String, @Nullable Object> record) throws BadRecordException {
    return new Prediction(
        ToolRecord.names(Fields.objects(record, Conversation.TOOLS)),
        Fields.text(record, Conversation.INSTRUCTION, ""),
        Fields.text(record, REFERENCE),
        Fields.text(record, PREDICTIONS));
  }
}
