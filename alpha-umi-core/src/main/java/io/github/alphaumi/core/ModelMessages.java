package io.github.alphaumi.core;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Every text of this module that goes back to a model, each in one place. */
final class ModelMessages {
  /** Stands for what nobody but a tool should read. */
  static final String REDACTED = "[redacted]";

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

  /** Lengths that keep a branch's story short: siblings need its gist. */
  private static final int TRIED_AT_MOST = 5;

  private static final int TRIED_TEXT = 300;

  /** What planners are told of the siblings of the step that they plan. */
  static String tried(List<Trajectory.Attempt> attempts) {
    StringBuilder text =
        new StringBuilder("From here this has been tried before and did not lead to the end:");
    int first = Math.max(0, attempts.size() - TRIED_AT_MOST);
    for (Trajectory.Attempt attempt : attempts.subList(first, attempts.size())) {
      text.append("\n- ").append(tried(attempt));
    }
    return text.append("\nDo something else this time.").toString();
  }

  private static String tried(Trajectory.Attempt attempt) {
    String rationale = shortened(attempt.decision().rationale());
    if (!attempt.outcomes().isEmpty()) {
      return attempt.outcomes().stream()
          .map(outcome -> tried(outcome, rationale))
          .collect(Collectors.joining("; "));
    }
    String what =
        attempt.decision() instanceof Decision.GiveUp
            ? "gave up"
            : attempt.decision() instanceof Decision.Conclude ? "answered" : "planned, not done";
    return rationale.isEmpty() ? what : what + ": " + rationale;
  }

  private static String tried(Step.Outcome outcome, String rationale) {
    String did = outcome.call().map(ToolCall::toString).orElse(rationale);
    return shortened(did) + " gave: " + shortened(outcome.observation().text());
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) <= TRIED_TEXT) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, TRIED_TEXT)) + "…";
  }

  static String toolGivenUp() {
    return "the run ended while the tool was at work; whether it had its effect is unknown";
  }

  /** The process ended while the tool ran, and another one goes on. */
  static String outcomeUnknown(String tool) {
    return "it is not known whether "
        + tool
        + " was carried out: the run was cut off while it was at work; it is not called again, find"
        + " out otherwise what it did, or say so in the answer";
  }

  /** Why a call is not made that was cut off before it could be. */
  static String argumentsLost(String tool) {
    return tool
        + " was not called: the run was cut off before it, and arguments that are redacted were not"
        + " kept; plan the call again if it is still needed";
  }

  /** Why a call with redacted arguments cannot wait for its approval. */
  static String cannotWaitRedacted() {
    return "the call needs an approval that nobody can give now, and its redacted arguments are not"
        + " kept until somebody can";
  }

  /** Why a call is refused that somebody should have decided on. */
  static String nobodyToApprove() {
    return "this call needs approval and nobody can be asked";
  }

  static String approvalTooLate() {
    return "the call that asked for approval is over";
  }

  /** Why a call is not made that changes something. */
  static String notMadeAfter(String tool) {
    return "this call was not made, because "
        + tool
        + " before it in the same step did not work; make it in a step of its own if it is wanted"
        + " nevertheless";
  }

  /** Why a call is not made when the run ends in the middle of a step. */
  static String notMadeBefore(StopReason reason) {
    return reason == StopReason.TOOL_CALL_LIMIT
        ? "this call was not made: no more calls of tools are allowed"
        : "this call was not made: the run was ended before";
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
