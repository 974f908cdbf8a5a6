package io.github.alphaumi.lab;

import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.ToolCall;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversations to one row each, the whole run as the target: the form of the project
 * MultiAgentLLM. What tools return is learnt too, which the step form avoids.
 */
final class TrajectoryRows implements RecordStep {
  static final List<String> FILES = List.of("train_global.json", "train_global_planner.json");

  @Override
  public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException {
    Conversation conversation = Conversation.read(record);
    StringBuilder all = new StringBuilder();
    StringBuilder plans = new StringBuilder();
    List<LabelledStep> steps = LabelledStep.of(conversation);
    for (int i = 0; i < steps.size(); i++) {
      LabelledStep step = steps.get(i);
      int number = i + 1;
      String rationale = "Rationale " + number + ": " + step.decision().rationale();
      all.append(rationale).append('\n');
      plans.append(rationale).append(" Next: ").append(role(step.decision())).append('\n');
      if (step.call() instanceof ToolCall call) {
        all.append("Action " + number + ": " + call + "\n");
        all.append("Observation " + number + ": " + observation(conversation, step) + "\n");
      }
    }
    if (steps.isEmpty()) {
      throw new BadRecordException("has no step that decides anything");
    }
    String answer = steps.get(steps.size() - 1).answer();
    all.append("Answer: ").append(answer == null ? "give up" : answer);
    sink.write(0, row(conversation, all.toString()));
    sink.write(1, row(conversation, plans.toString().strip()));
    sink.count("trajectories");
  }

  private static String observation(Conversation conversation, LabelledStep step) {
    int at = step.turn() + 2;
    return at < conversation.turns().size() ? conversation.turns().get(at).value() : "";
  }

  private static String role(Decision decision) {
    if (decision instanceof Decision.Call) {
      return "Caller";
    }
    return decision instanceof Decision.Conclude ? "Summarizer" : "Give up";
  }

  private static Map<String, Object> row(Conversation conversation, String output) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("tools", conversation.tools());
    row.put("instruction", conversation.instruction());
    row.put("output", output);
    return row;
  }
}
