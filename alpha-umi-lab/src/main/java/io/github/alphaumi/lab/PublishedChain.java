package io.github.alphaumi.lab;

import com.google.common.base.CharMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The published data's rules, faults included: a thought without a call is lost, a tool's error is
 * lost, a result that was cut is kept with its escapes, an answer that cannot be read is {@code
 * none}.
 */
final class PublishedChain implements ChainReader {
  static final String NO_ANSWER = "none";
  static final String GIVE_UP = "give_up_and_restart";

  private static final String BEFORE_ANSWER = "\"final_answer\": ";
  private static final String BEFORE_RESPONSE = "\"response\":";

  private final List<Turn> turns = new ArrayList<>();

  PublishedChain(String instruction) {
    turns.add(new Turn(Turn.USER, instruction));
  }

  @Override
  public void user(String text) {
    turns.add(new Turn(Turn.USER, text));
  }

  @Override
  public void thought(@Nullable String thought) {
    // Lost, as published.
  }

  @Override
  public void call(@Nullable String thought, String name, String arguments) {
    plan(thought, " Next: caller.");
    turns.add(new Turn(Turn.CALLER, "Action: " + name + "\nAction Input: " + arguments));
  }

  private void plan(@Nullable String thought, String ending) {
    turns.add(new Turn(Turn.PLANNER, (thought == null ? "" : thought + "\n") + ending));
  }

  @Override
  public void finish(@Nullable String thought, String arguments) throws BadRecordException {
    Optional<String> answer = answer(thought, arguments);
    plan(thought, answer.isPresent() ? " Next: conclusion." : " Next: give up.");
    answer.ifPresent(text -> turns.add(new Turn(Turn.SUMMARIZER, text)));
  }

  /** The answer; empty if the chain gave up. */
  private static Optional<String> answer(@Nullable String thought, String arguments)
      throws BadRecordException {
    Optional<Map<String, @Nullable Object>> parsed = parse(arguments);
    if (parsed.isPresent() && parsed.get().containsKey("return_type")) {
      if (GIVE_UP.equals(parsed.get().get("return_type"))) {
        return Optional.empty();
      }
      return Optional.of(
          parsed.get().containsKey("final_answer")
              ? Fields.text(parsed.get(), "final_answer")
              : NO_ANSWER);
    }
    if (arguments.contains(GIVE_UP)) {
      return Optional.empty();
    }
    int at = arguments.indexOf(BEFORE_ANSWER);
    if (at < 0) {
      return Optional.of(thought == null ? NO_ANSWER : thought);
    }
    String rest = PythonText.strip(arguments.substring(at + BEFORE_ANSWER.length()));
    return Optional.of(CharMatcher.is('"').trimFrom(CharMatcher.is('}').trimFrom(rest)));
  }

  private static Optional<Map<String, @Nullable Object>> parse(String json) {
    try {
      return Optional.of(Fields.asObject(Fields.value(json), "the text"));
    } catch (BadRecordException e) {
      return Optional.empty();
    }
  }

  @Override
  public void observation(String content) throws BadRecordException {
    Optional<Map<String, @Nullable Object>> parsed = parse(content);
    String text;
    if (parsed.isPresent() && parsed.get().containsKey("response")) {
      text = Fields.text(parsed.get(), "response");
    } else {
      int at = content.indexOf(BEFORE_RESPONSE);
      text = at < 0 ? "" : content.substring(at + BEFORE_RESPONSE.length());
    }
    turns.add(new Turn(Turn.OBSERVATION, text));
  }

  @Override
  public List<Turn> turns() {
    return turns;
  }
}
