package io.github.alphaumi.lab;

import org.jspecify.annotations.Nullable;

/**
 * A step's text as the published scorer reads it. It takes the last mark of each kind, wherever it
 * stands, so that an argument with "Action:" in it becomes the action.
 *
 * @param plan {@code call}, {@code finish} or {@code give up}
 * @param thought the rationale; of a call with its ending
 * @param action the tool's name, {@code none} if there is none; null if nothing is called
 * @param arguments the arguments' text; null if nothing is called
 * @param answer null if the step is no answer
 */
record PublishedStep(
    String plan,
    String thought,
    @Nullable String action,
    @Nullable String arguments,
    @Nullable String answer) {
  static final String CALL = "call";
  static final String FINISH = "finish";
  static final String GIVE_UP = "give up";
  static final String NONE = "none";

  private static final String ACTION = "Action:";
  private static final String INPUT = "Action Input:";
  private static final String BEFORE_ANSWER = "conclusion: ";

  /** The turn of a single model, in which neither ends of turns nor decisions are written. */
  static PublishedStep readBackbone(String text) {
    if (text.contains("conclusion: give up")) {
      return new PublishedStep(GIVE_UP, text, null, null, null);
    }
    if (text.contains(BEFORE_ANSWER)) {
      String answer = PythonText.afterLast(text, BEFORE_ANSWER);
      return new PublishedStep(FINISH, text, null, null, answer);
    }
    return call(text, text);
  }

  static PublishedStep read(String text) {
    if (text.contains("Next: give up")) {
      String thought = PythonText.strip(PythonText.beforeFirst(text, "Next: give up"));
      return new PublishedStep(GIVE_UP, thought, null, null, null);
    }
    if (text.contains("Next: conclusion")) {
      String thought = PythonText.strip(PythonText.beforeFirst(text, "Next: conclusion"));
      String answer = PythonText.afterLast(text, BEFORE_ANSWER).replace(Published.END, "");
      return new PublishedStep(FINISH, thought, null, null, answer);
    }
    String thought = PythonText.beforeFirst(text, Published.END + "caller: ");
    int first = text.indexOf(Published.END);
    if (first < 0) {
      // The published scorer ends here with an exception.
      return new PublishedStep(CALL, thought, NONE, "{}", null);
    }
    String call =
        PythonText.beforeFirst(text.substring(first + Published.END.length()), Published.END);
    return call(thought, call);
  }

  private static PublishedStep call(String thought, String call) {
    String action = NONE;
    if (call.contains(ACTION)) {
      action = PythonText.strip(PythonText.beforeFirst(PythonText.afterLast(call, ACTION), INPUT));
    }
    String arguments =
        call.contains(INPUT) ? PythonText.strip(PythonText.afterLast(call, INPUT)) : "{}";
    return new PublishedStep(CALL, thought, action, arguments, null);
  }
}
