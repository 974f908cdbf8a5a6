package io.github.alphaumi.core;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every text of this module that goes back to a model, each in one place. */
final class ModelMessages {
  private ModelMessages() {}

  static String unknownTool(String name, Collection<String> names) {
    return names.isEmpty()
        ? "there is no tool " + name + " and no other"
        : "there is no tool " + name + "; the tools are " + String.join(", ", names);
  }

  static String unreadableCall(String problem) {
    return "the call could not be read: " + problem;
  }

  /** A call with an effect that was made on another branch, and what it returned there. */
  static String madeBefore(String text) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("note", "this call was made in an earlier attempt at the task and is not made again");
    note.put("result", JsonValues.parse(text).orElse(text));
    return PythonJson.write(note);
  }

  static String noToolsToCall() {
    return "there is no tool to call";
  }

  static String taskMissing(String agent) {
    return agent + " needs the argument \"task\": one text that says what to do";
  }

  /** What an agent that was asked has to say for itself; why it stopped, not what was thrown. */
  static String agentStopped(StopReason reason, String answer) {
    String why = "it stopped without an answer: " + reason;
    return answer.isBlank() ? why : why + "; it had found out: " + answer;
  }

  static String toolGivenUp() {
    return "the run ended while the tool was at work; whether it had its effect is unknown";
  }

  static String toolboxFailed() {
    return "the tool failed";
  }

  static String notAnObject(String name) {
    return "the arguments of " + name + " are not a JSON object";
  }

  static String cutOff() {
    return "the call was cut off before its end; write a shorter one";
  }

  static String howToCall() {
    return "write "
        + CallText.BEFORE_NAME
        + "the tool's name, then on a line of its own "
        + CallText.BEFORE_ARGUMENTS.strip()
        + " and a JSON object";
  }

  static String resultCut(int characters, int shown) {
    return String.format(
        Locale.ROOT,
        "… [the result has %,d characters; only the first %,d are shown]",
        characters,
        shown);
  }

  static String textCut(int characters, int shown) {
    return String.format(Locale.ROOT, "… [%,d of %,d characters are shown]", shown, characters);
  }

  /** What was tried from this place before, each attempt in a line. */
  static String tried(List<Trajectory.Attempt> attempts) {
    StringBuilder text =
        new StringBuilder("This was tried from here before and did not lead to an answer:");
    for (Trajectory.Attempt attempt : attempts) {
      text.append("\n- ").append(tried(attempt));
    }
    return text.append("\nDo something else.").toString();
  }

  private static String tried(Trajectory.Attempt attempt) {
    String why = attempt.decision().rationale();
    String what =
        attempt
            .call()
            .map(ToolCall::toString)
            .orElse(attempt.decision() instanceof Decision.GiveUp ? "give up" : "no call");
    return (why.isEmpty() ? "" : why + " ")
        + "("
        + what
        + ")"
        + attempt.observation().map(observation -> ": " + observation.text()).orElse("");
  }

  static String stepsLeftOut(int steps) {
    return steps == 1
        ? "[1 earlier step is not shown]"
        : "[" + steps + " earlier steps are not shown]";
  }

  /** What a model whose turn ends without a decision is told. */
  static String noDecision() {
    return "Your turn has to end with one of: Next: caller. Next: conclusion. Next: give up. "
        + "Write it again, for example: "
        + DecisionText.write(new Decision.Call("The date is missing, so it has to be looked up."));
  }

  /** What a model whose call cannot be used is told: what is wrong, and a valid call. */
  static String callAgain(String problem, ToolCall example) {
    return "That is not a call: "
        + problem
        + ". Write it again, for example:\n"
        + CallText.write(example);
  }

  static String planWithProblem(String rationale, String problem) {
    return (rationale.isEmpty() ? "" : rationale + " ")
        + "(An earlier call failed: "
        + problem
        + ".)";
  }

  static String missingArgument(String tool, String argument) {
    return tool + " needs the argument " + argument;
  }

  static String wrongType(String tool, String argument, String type) {
    return "the argument " + argument + " of " + tool + " must be " + type;
  }

  /** How an answer has to look that is asked for as a value. */
  static String answerForm(String example) {
    return "Write it as JSON and nothing else, in this form: " + example;
  }

  static String answerAgain(String problem, String example) {
    return "That is not the form that was asked for: " + problem + ". " + answerForm(example);
  }
}
