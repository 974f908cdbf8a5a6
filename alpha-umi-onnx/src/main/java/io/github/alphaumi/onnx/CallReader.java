package io.github.alphaumi.onnx;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.util.List;
import java.util.UUID;

/**
 * Reads the arguments of one call as they are written, and passes them on: each piece with more in
 * it than blanks or a first brace, and none as long as the call may be an earlier one over again.
 * Not thread-safe.
 */
final class CallReader {
  private final TurnListener listener;
  private final int index;
  private final List<ToolExecutionRequest> earlier;
  private final String id = "call_" + UUID.randomUUID();
  private final String name;
  private final StringBuilder arguments = new StringBuilder();
  private int passed;
  private int depth;
  private boolean inString;
  private boolean escaped;

  /**
   * @param earlier calls of the turn that must not come again
   */
  CallReader(TurnListener listener, int index, String name, List<ToolExecutionRequest> earlier) {
    this.listener = listener;
    this.index = index;
    this.name = name;
    this.earlier = List.copyOf(earlier);
  }

  /** Takes in what belongs to the arguments, and returns how many characters that are. */
  int read(CharSequence text) {
    int at = 0;
    while (at < text.length() && !isComplete()) {
      char c = text.charAt(at++);
      arguments.append(c);
      count(c);
    }
    pass();
    return at;
  }

  private void count(char c) {
    if (escaped) {
      escaped = false;
    } else if (inString) {
      escaped = c == '\\';
      inString = c != '"';
    } else if (c == '"') {
      inString = true;
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']') {
      depth--;
    }
  }

  private void pass() {
    String more = arguments.substring(passed);
    if (more.isBlank() || arguments.length() < 2 || mayRepeat()) {
      return;
    }
    passed = arguments.length();
    listener.arguments(index, id, name, more);
  }

  private boolean mayRepeat() {
    return earlier.stream()
        .anyMatch(
            call -> call.name().equals(name) && call.arguments().startsWith(arguments.toString()));
  }

  boolean isComplete() {
    return depth == 0 && arguments.length() > 0;
  }

  /** Whether it is, to its end, a call that came before. */
  boolean isRepeated() {
    return earlier.stream()
        .anyMatch(call -> call.name().equals(name) && call.arguments().contentEquals(arguments));
  }

  /** The call, of which the listener has heard then. */
  ToolExecutionRequest call() {
    ToolExecutionRequest call =
        ToolExecutionRequest.builder().id(id).name(name).arguments(arguments.toString()).build();
    listener.call(index, call);
    return call;
  }
}
