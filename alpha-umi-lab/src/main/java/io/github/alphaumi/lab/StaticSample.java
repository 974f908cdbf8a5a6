package io.github.alphaumi.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a recorded conversation that is asked of a model again, after the steps that were
 * really taken.
 *
 * @param turn index of the planner's turn
 * @param reference what was written, in the published form
 */
record StaticSample(Conversation conversation, int turn, String reference) {

  /** The planner's turns that decide something. */
  static List<StaticSample> of(Conversation conversation) throws BadRecordException {
    List<StaticSample> samples = new ArrayList<>();
    List<Turn> turns = conversation.turns();
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (turn.from().equals(Turn.PLANNER)
          && Published.ENDINGS.stream().anyMatch(turn.value()::contains)) {
        samples.add(new StaticSample(conversation, i, reference(turns, i)));
      }
    }
    return samples;
  }

  private static String reference(List<Turn> turns, int at) throws BadRecordException {
    String plan = turns.get(at).value();
    if (plan.contains(Published.GIVE_UP)) {
      return plan;
    }
    if (at + 1 == turns.size()) {
      throw new BadRecordException("ends with a plan that is not carried out");
    }
    Turn next = turns.get(at + 1);
    return "assistant: " + plan + Published.END + next.from() + ": " + next.value() + Published.END;
  }

  List<Map<String, @Nullable Object>> tools() {
    return conversation.tools();
  }

  String instruction() {
    return conversation.instruction();
  }

  /** What happened before, as prompts have it. */
  String history() {
    return Published.history(conversation.turns().subList(0, turn));
  }
}
