package io.github.alphaumi.lab;

import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Trajectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A step of a recorded conversation: the run as a live agent would have it before the step, and
 * what was right to do.
 *
 * <p>A live run has no turn of a search ("be different from these attempts") and no plan that
 * decides nothing. Such turns are left out of the trajectory; thoughts are joined to the next plan.
 *
 * @param turn index of the planner's turn in the conversation
 * @param before what happened before
 * @param call what the caller wrote, if the decision was to call
 * @param answer the summarizer's answer, if there is one
 * @param afterSearch whether a turn of a search came just before, which the rationale then answers
 */
record LabelledStep(
    int turn,
    Trajectory before,
    Decision decision,
    Caller.@Nullable Turn call,
    @Nullable String answer,
    boolean afterSearch) {

  /** The steps up to the first that concludes or gives up. */
  static List<LabelledStep> of(Conversation conversation) {
    List<LabelledStep> steps = new ArrayList<>();
    List<Turn> turns = conversation.turns();
    Trajectory trajectory = Trajectory.start(conversation.instruction());
    StringBuilder thoughts = new StringBuilder();
    boolean afterSearch = false;
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      afterSearch |= i > 0 && turn.from().equals(Turn.USER);
      if (!turn.from().equals(Turn.PLANNER)) {
        continue;
      }
      Optional<Decision> read = decision(thoughts.toString(), turn.value());
      if (read.isEmpty()) {
        thoughts.append(turn.value().strip()).append('\n');
        continue;
      }
      thoughts.setLength(0);
      String after = valueAt(turns, i + 1, Turn.CALLER);
      Caller.Turn call = after == null ? null : PromptFormat.readCall(after);
      String answer = valueAt(turns, i + 1, Turn.SUMMARIZER);
      steps.add(new LabelledStep(i, trajectory, read.get(), call, answer, afterSearch));
      if (!(read.get() instanceof Decision.Call plan)) {
        break;
      }
      String text = valueAt(turns, after == null ? i + 1 : i + 2, Turn.OBSERVATION);
      Observation observation = Observation.ok(text == null ? "" : text);
      trajectory =
          trajectory.with(
              call instanceof ToolCall written
                  ? Step.of(plan, written, observation)
                  : Step.unreadable(plan, observation));
      afterSearch = false;
    }
    return steps;
  }

  /**
   * Data has the endings that models are trained to write, and thoughts without one. What a live
   * run would guess of such a thought is no label.
   */
  private static Optional<Decision> decision(String thoughts, String turn) {
    return Published.ENDINGS.stream().anyMatch(turn::contains)
        ? PromptFormat.readDecision(thoughts + turn)
        : Optional.empty();
  }

  private static @Nullable String valueAt(List<Turn> turns, int at, String from) {
    return at < turns.size() && turns.get(at).from().equals(from) ? turns.get(at).value() : null;
  }
}
