package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Trajectory.Attempt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes shorter what was said: texts are cut after so many tokens, with a notice of how much is
 * gone. A step that fits stays the same object.
 */
final class Shortening {
  /** Tokens that every text may have: with less, only the notice would be left of it. */
  static final int LEAST = 24;

  /** Characters that a token has at most, where nothing was counted. */
  private static final int LONGEST_TOKEN = 16;

  private static final int SHORT_DESCRIPTION = 60;

  private final ToIntFunction<String> tokens;
  private final int few;

  /**
   * @param tokens counts those of a text
   * @param few tokens of a text that is to be short; at least {@link #LEAST} in any case
   */
  Shortening(ToIntFunction<String> tokens, int few) {
    this.tokens = tokens;
    this.few = Math.max(LEAST, few);
  }

  /** Tokens of a text that is to be short. */
  int few() {
    return few;
  }

  Conversation capped(Conversation conversation) {
    return new Conversation(
        conversation.exchanges().stream()
            .map(
                exchange ->
                    new Conversation.Exchange(
                        cut(exchange.task(), few * 4, ModelMessages::textCut),
                        exchange.steps().stream()
                            .map(step -> shortened(capped(step, outcome -> few)))
                            .toList(),
                        cut(exchange.answer(), few * 4, ModelMessages::textCut)))
            .toList());
  }

  static ToolSpecification abbreviated(ToolSpecification tool) {
    String description = tool.description();
    return description == null || description.length() <= SHORT_DESCRIPTION
        ? tool
        : tool.toBuilder()
            .description(description.substring(0, wholeEnd(description, SHORT_DESCRIPTION)) + "…")
            .build();
  }

  /** Observations of one step share what a step may have. */
  Step capped(Step step, ToIntFunction<Step.Outcome> room) {
    int count = step.outcomes().size();
    List<Step.Outcome> outcomes =
        step.outcomes().stream()
            .map(one -> capped(one, Math.max(LEAST, room.applyAsInt(one) / count)))
            .toList();
    return outcomes.equals(step.outcomes()) ? step : Step.of(step.plan(), outcomes);
  }

  private Step.Outcome capped(Step.Outcome outcome, int room) {
    Observation observation = outcome.observation();
    String text = cut(observation.text(), room, ModelMessages::resultCut);
    return text.equals(observation.text())
        ? outcome
        : new Step.Outcome(outcome.call(), new Observation(observation.status(), text));
  }

  List<Attempt> shortened(List<Attempt> attempts) {
    return attempts.stream()
        .map(
            attempt ->
                new Attempt(
                    shortened(attempt.decision()),
                    attempt.outcomes().stream()
                        .map(outcome -> capped(shortened(outcome), few))
                        .toList()))
        .toList();
  }

  private Decision shortened(Decision decision) {
    String why = cut(decision.rationale(), few, ModelMessages::textCut);
    if (decision instanceof Decision.Call) {
      return new Decision.Call(why);
    }
    return decision instanceof Decision.Conclude
        ? new Decision.Conclude(why)
        : new Decision.GiveUp(why);
  }

  /** What a plan and a call can take apart from the observation is mostly little, but need not. */
  Step shortened(Step step) {
    Decision.Call plan =
        new Decision.Call(cut(step.plan().rationale(), few, ModelMessages::textCut));
    List<Step.Outcome> outcomes = step.outcomes().stream().map(this::shortened).toList();
    return plan.equals(step.plan()) && outcomes.equals(step.outcomes())
        ? step
        : Step.of(plan, outcomes);
  }

  private Step.Outcome shortened(Step.Outcome outcome) {
    Optional<ToolCall> call =
        outcome.call().map(c -> new ToolCall(c.name(), shortened(c.arguments())));
    return new Step.Outcome(call, outcome.observation());
  }

  private Map<String, @Nullable Object> shortened(Map<String, @Nullable Object> arguments) {
    int each = Math.max(LEAST, 2 * few / Math.max(1, arguments.size()));
    Map<String, @Nullable Object> shorter = new LinkedHashMap<>();
    arguments.forEach(
        (name, value) -> {
          String text = value instanceof String string ? string : PythonJson.write(value);
          String cut = cut(text, each, ModelMessages::textCut);
          shorter.put(name, cut.equals(text) ? value : cut);
        });
    return shorter;
  }

  /** The text, or as much of its beginning as there is room for, and a notice. */
  private String cut(String text, int most, BiFunction<Integer, Integer, String> notice) {
    if (isSurely(most, text)
        || (text.length() <= (long) LONGEST_TOKEN * most && tokens.applyAsInt(text) <= most)) {
      return text;
    }
    int room = Math.max(0, most - tokens.applyAsInt(notice.apply(text.length(), text.length())));
    int shown = (int) Math.min(text.length() - 1L, (long) LONGEST_TOKEN * room);
    while (shown > 0 && tokens.applyAsInt(text.substring(0, shown)) > room) {
      shown = shown * 3 / 4;
    }
    int end = wholeEnd(text, shown);
    return text.substring(0, end) + notice.apply(text.length(), end);
  }

  /** Whether a text has so far less tokens than this that they need not be counted. */
  static boolean isSurely(int tokens, String text) {
    return text.length() <= tokens * 2L && TokenEstimate.of(text) * 2L <= tokens;
  }

  /** Not in the middle of a surrogate pair. */
  private static int wholeEnd(String text, int end) {
    return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }
}
