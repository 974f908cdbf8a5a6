package io.github.alphaumi.onnx;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a turn of the assistant as it is written: its text up to the first stop string, and its
 * calls. What it reads was held to a {@link TurnLanguage}, so that whatever begins as a call is
 * one. Not thread-safe.
 */
final class TurnReader {
  private final ToolSyntax syntax;
  private final Kind kind;
  private final TurnListener listener;
  private final Runnable halt;
  private final StopScanner text;
  private final StringBuilder unread = new StringBuilder();
  private final List<ToolExecutionRequest> calls = new ArrayList<>();
  private State state;
  private @Nullable CallReader call;
  private boolean begun;
  private boolean halted;

  /** What a turn may consist of. */
  enum Kind {
    TEXT,
    CALLS,
    /** Its first characters tell. */
    TEXT_OR_CALLS,
    TEXT_THEN_CALLS
  }

  private enum State {
    START,
    TEXT,
    BETWEEN_CALLS,
    NAME,
    ARGUMENTS
  }

  /**
   * @param stops end the text, and with it the turn
   * @param halt is run when nothing more is wanted
   */
  TurnReader(
      ToolSyntax syntax, Kind kind, List<String> stops, TurnListener listener, Runnable halt) {
    this.syntax = syntax;
    this.kind = kind;
    this.listener = listener;
    this.halt = halt;
    text = new StopScanner(stops, listener::text);
    state =
        switch (kind) {
          case TEXT, TEXT_THEN_CALLS -> State.TEXT;
          case CALLS -> State.BETWEEN_CALLS;
          case TEXT_OR_CALLS -> State.START;
        };
  }

  /** Takes in what was written next. */
  void add(String more) {
    unread.append(more);
    boolean moved = true;
    while (moved && !halted && !unread.isEmpty()) {
      moved = step();
    }
  }

  /** Reads on in this state; whether another one begins. */
  private boolean step() {
    return switch (state) {
      case START -> readStart();
      case TEXT -> readText();
      case BETWEEN_CALLS -> skipTo(syntax.beforeName(), State.NAME);
      case NAME -> readName();
      case ARGUMENTS -> readArguments();
    };
  }

  private boolean readStart() {
    String mark = syntax.beforeName();
    String read = unread.toString();
    if (mark.startsWith(read) && read.length() < mark.length()) {
      return false;
    }
    state = read.startsWith(mark) ? State.BETWEEN_CALLS : State.TEXT;
    return true;
  }

  private boolean readText() {
    if (kind != Kind.TEXT_THEN_CALLS) {
      pass(unread.length());
      return false;
    }
    String mark = syntax.beforeName();
    int at = unread.indexOf(mark);
    if (at >= 0) {
      pass(at);
      state = State.BETWEEN_CALLS;
      return true;
    }
    int held = Math.min(mark.length() - 1, unread.length());
    while (!mark.startsWith(unread.substring(unread.length() - held))) {
      held--;
    }
    pass(unread.length() - held);
    return false;
  }

  private void pass(int length) {
    String more = unread.substring(0, length);
    unread.delete(0, length);
    if (!begun && syntax.isTaught()) {
      // Between the word that begins the turn and its text.
      more = more.stripLeading();
    }
    begun |= !more.isEmpty();
    if (text.add(more)) {
      halt();
    }
  }

  private void halt() {
    halted = true;
    halt.run();
  }

  private boolean skipTo(String mark, State next) {
    int at = unread.indexOf(mark);
    if (at < 0) {
      return false;
    }
    unread.delete(0, at + mark.length());
    state = next;
    return true;
  }

  private boolean readName() {
    int at = unread.indexOf(syntax.beforeArguments());
    if (at < 0) {
      return false;
    }
    // Models that were not trained to call do not know when to stop either.
    List<ToolExecutionRequest> earlier = syntax.isTaught() ? calls : List.of();
    call = new CallReader(listener, calls.size(), unread.substring(0, at), earlier);
    unread.delete(0, at + syntax.beforeArguments().length());
    state = State.ARGUMENTS;
    return true;
  }

  private boolean readArguments() {
    CallReader reader = Objects.requireNonNull(call);
    unread.delete(0, reader.read(unread));
    if (!reader.isComplete()) {
      return false;
    }
    if (reader.isRepeated()) {
      halt();
      return false;
    }
    calls.add(reader.call());
    state = State.BETWEEN_CALLS;
    return true;
  }

  /** Takes in that the turn is over, and returns its text: null if there is none. */
  @Nullable String finish() {
    if (!halted && (state == State.START || state == State.TEXT)) {
      pass(unread.length());
    }
    String all = text.finish();
    return all.isEmpty() ? null : all;
  }

  /** The calls that are complete. */
  List<ToolExecutionRequest> calls() {
    return List.copyOf(calls);
  }

  /** Whether it has run {@code halt}. */
  boolean isHalted() {
    return halted;
  }
}
