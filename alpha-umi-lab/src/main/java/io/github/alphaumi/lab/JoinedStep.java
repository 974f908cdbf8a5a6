package io.github.alphaumi.lab;

import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.ToolCall;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A step's text, planner's and next role's turns in one, as live runs would read the turns: the
 * first mark of each kind counts, and nothing inside an argument is one.
 *
 * @param decision {@code call}, {@code conclude} or {@code give up}
 * @param call the call, if it can be read as one
 * @param answer the answer, if there is one
 */
record JoinedStep(String decision, @Nullable ToolCall call, @Nullable String answer) {
  static final String CALL = "call";
  static final String CONCLUDE = "conclude";
  static final String GIVE_UP = "give up";

  private static final Pattern BACKBONE_MARK =
      Pattern.compile("^(Action|conclusion):", Pattern.MULTILINE);

  private static final String BEFORE_CALL = Published.END + "caller: ";
  private static final String BEFORE_ANSWER = Published.END + "conclusion: ";

  static JoinedStep read(String text) {
    int call = text.indexOf(BEFORE_CALL);
    int answer = text.indexOf(BEFORE_ANSWER);
    if (call >= 0 && (answer < 0 || call < answer)) {
      String turn = withoutEnd(text.substring(call + BEFORE_CALL.length()));
      Caller.Turn read = PromptFormat.readCall(turn);
      return new JoinedStep(CALL, read instanceof ToolCall written ? written : null, null);
    }
    if (answer >= 0) {
      String turn = withoutEnd(text.substring(answer + BEFORE_ANSWER.length()));
      return new JoinedStep(CONCLUDE, null, turn.strip());
    }
    Decision decision = PromptFormat.readDecision(text).orElseGet(() -> new Decision.Call(text));
    return new JoinedStep(name(decision), null, null);
  }

  /** The turn of a single model: the first line that begins as a call or an answer counts. */
  static JoinedStep readBackbone(String text) {
    Matcher mark = BACKBONE_MARK.matcher(text);
    if (!mark.find()) {
      return new JoinedStep(CALL, null, null);
    }
    if (mark.group(1).equals("Action")) {
      Caller.Turn read = PromptFormat.readCall(withoutEnd(text.substring(mark.start())));
      return new JoinedStep(CALL, read instanceof ToolCall written ? written : null, null);
    }
    String answer = withoutEnd(text.substring(mark.end())).strip();
    return answer.startsWith(GIVE_UP)
        ? new JoinedStep(GIVE_UP, null, null)
        : new JoinedStep(CONCLUDE, null, answer);
  }

  static String name(Decision decision) {
    if (decision instanceof Decision.Call) {
      return CALL;
    }
    return decision instanceof Decision.Conclude ? CONCLUDE : GIVE_UP;
  }

  private static String withoutEnd(String turn) {
    return PythonText.beforeFirst(turn, Published.END);
  }
}
