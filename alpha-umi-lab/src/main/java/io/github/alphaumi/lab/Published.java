package io.github.alphaumi.lab;

import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.PythonJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts of the published data's prompts, in which every byte counts. */
final class Published {
  /** What ends a turn. */
  static final String END = "</s>";

  static final String CALLER = "Next: caller.";
  static final String CONCLUSION = "Next: conclusion.";
  static final String GIVE_UP = "Next: give up.";
  static final List<String> ENDINGS = List.of(GIVE_UP, CONCLUSION, CALLER);

  private static final PromptFormat FORMAT = PromptFormat.alphaUmi();

  private Published() {}

  /** The tools as prompts have them, from the records as they were read. */
  static String document(List<Map<String, @Nullable Object>> tools) {
    StringBuilder doc = new StringBuilder();
    tools.forEach(tool -> doc.append(PythonJson.writeAscii(tool)).append('\n'));
    return doc.toString();
  }

  static String history(List<Turn> turns) {
    return FORMAT.history(turns.stream().map(Turn::prompted).toList());
  }

  /**
   * The history of the backbone, whose turns are rationale and call in one; conclusions are not
   * part of it.
   */
  static List<Turn> merged(List<Turn> turns) {
    List<Turn> merged = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (turn.from().equals(Turn.USER) || turn.from().equals(Turn.OBSERVATION)) {
        merged.add(turn);
      } else if (turn.from().equals(Turn.CALLER)
          && i > 0
          && turns.get(i - 1).from().equals(Turn.PLANNER)) {
        merged.add(
            new Turn(Turn.PLANNER, rationale(turns.get(i - 1).value()) + "\n" + turn.value()));
      }
    }
    return merged;
  }

  /** A plan without the words that carry the decision. */
  static String rationale(String plan) {
    String rationale = plan;
    for (String ending : ENDINGS) {
      rationale = rationale.replace(ending, "");
    }
    return PythonText.strip(rationale);
  }

  /** What stands before and after each kind of turn, as a format file has it. */
  static Map<String, List<String>> turnForms() {
    Map<String, List<String>> forms = new LinkedHashMap<>();
    for (String kind : List.of("user", "planner", "caller", "summarizer", "observation")) {
      String mark = "\0";
      String around = FORMAT.history(List.of(new PromptFormat.Turn(kind, mark)));
      int at = around.indexOf(mark);
      forms.put(kind, List.of(around.substring(0, at), around.substring(at + 1)));
    }
    return forms;
  }
}
