package io.github.alphaumi.lab;

import io.github.alphaumi.core.PromptFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation as the data sets keep it.
 *
 * @param from {@code user, assistant} (the planner){@code , caller, observation} or {@code
 *     conclusion}
 */
record Turn(String from, String value) {
  static final String USER = "user";
  static final String PLANNER = "assistant";
  static final String CALLER = "caller";
  static final String OBSERVATION = "observation";
  static final String SUMMARIZER = "conclusion";

  /** The turn as a record's member. */
  Map<String, Object> json() {
    Map<String, Object> turn = new LinkedHashMap<>();
    turn.put("from", from);
    turn.put("value", value);
    return turn;
  }

  /** The turn as prompts have it. */
  PromptFormat.Turn prompted() {
    return new PromptFormat.Turn(
        switch (from) {
          case PLANNER -> "planner";
          case SUMMARIZER -> "summarizer";
          default -> from;
        },
        value);
  }

  static List<Turn> read(List<Map<String, @Nullable Object>> turns) throws BadRecordException {
    List<Turn> read = new ArrayList<>();
    for (Map<String, @Nullable Object> turn : turns) {
      String from = Fields.text(turn, "from");
      if (!List.of(USER, PLANNER, CALLER, OBSERVATION, SUMMARIZER).contains(from)) {
        throw new BadRecordException("a turn is from '" + from + "', whom no format knows");
      }
      read.add(new Turn(from, Fields.text(turn, "value")));
    }
    return read;
  }
}
