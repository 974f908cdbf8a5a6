package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.ToolCall;
import java.util.stream.Collectors;

/**
 * The closed grammar of the planner's turns: the same words in the same situation. Texts stand in
 * quotes as the caller has to write them, so that it copies and does not spell. Openings of
 * different decisions begin with different words, because the first word decides.
 */
final class PlanWords {
  static final String FAILED = "The call failed, try again.";
  static final String CLOSED = "The tool is out of service, try another one.";
  static final Decision CONCLUDE = new Decision.Conclude("The result is in.");
  static final Decision NOTHING_FOUND = new Decision.Conclude("The call found nothing.");
  static final Decision NO_TOOL_NEEDED = new Decision.Conclude("No tool is needed.");
  static final Decision FAILED_AGAIN = new Decision.GiveUp("The call failed again.");
  static final Decision IMPOSSIBLE = new Decision.GiveUp("None of the tools can do this.");

  private static final int VALUES = 2;

  private PlanWords() {}

  static String nthOf(String nth, String number) {
    return nth + " of " + number + ".";
  }

  static String firstGet(String result) {
    return "First get the " + result + ".";
  }

  static String known(String result, Object value) {
    return "The " + result + " is " + PythonJson.write(value) + ".";
  }

  static String thenGet(String result) {
    return "Then get the " + result + ".";
  }

  /**
   * @param opening nothing, or sentences that say where the plan is
   */
  static Decision.Call call(String opening, ToolCall call) {
    String values =
        call.arguments().values().stream()
            .limit(VALUES)
            .map(PythonJson::write)
            .collect(Collectors.joining(", "));
    return new Decision.Call(
        (opening + " Call " + call.name() + (values.isEmpty() ? "" : " for " + values) + ".")
            .strip());
  }
}
