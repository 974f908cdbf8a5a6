package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Trajectory.Attempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fits what a role is shown into the window of its model: every observation is capped relative to
 * the window, by its tool's share of it; then, oldest first, observations are condensed and steps
 * left out; then the newest one is condensed; tool documents come last, and of those the tools in
 * use never go. The task is never cut.
 *
 * <p>Engines keep what they computed for a prompt and continue from there as long as the next
 * prompt begins with the same tokens. Condensing changes old text, and everything after it has to
 * be read again. Therefore it happens in coarse steps: once the limit is met, so much is condensed
 * that the prompt shrinks to three quarters, and then prompts only grow again for several steps. No
 * state is kept for that: the decisions are replayed over the trajectory from its beginning, so
 * that each prompt begins as the one before it, and the branches of a tree as their stem.
 */
final class ContextFit {
  /** Where condensing stops, in hundredths of the limit. */
  private static final int LOW_WATER = 75;

  /** The share of the window that one observation may have where its tool says no other. */
  private static final int OBSERVATION_SHARE = 4;

  private static final int CONDENSED_SHARE = 64;
  private static final int CONVERSATION_SHARE = 4;
  private static final int SMALLEST_CAP = 24;

  /** Characters that a token has at most, where nothing was counted. */
  private static final int LONGEST_TOKEN = 16;

  private static final int SHORT_DESCRIPTION = 60;

  /** Tokens by which sums of parts and whole texts may differ. */
  private static final int SLACK = 16;

  private final Sizes sizes;
  private final int limit;
  private final int cap;
  private final int condensedCap;

  /** How much of the window the parts of a prompt take. */
  interface Sizes {
    int tokens(String text);

    /** One step of the history, and what was tried after it. */
    int step(Step step, List<Attempt> tried);

    /** All but steps and plan, of the longest role: the same for all whose prompts begin alike. */
    int base(Trajectory start, List<ToolSpecification> tools);

    /** All but the steps: instructions, tools, conversation, task and plan. */
    int rest(Trajectory start, List<ToolSpecification> tools);

    /** The whole prompt as one text. */
    String whole(Trajectory trajectory, List<ToolSpecification> tools);
  }

  /** What is shown: the same objects where nothing had to be changed. */
  record View(Trajectory trajectory, List<ToolSpecification> tools) {}

  /** How much of the history is not shown in full. */
  private record State(int condensed, int left) {}

  /**
   * @param limit tokens that the prompt may have
   */
  ContextFit(Sizes sizes, int limit) {
    this.sizes = sizes;
    this.limit = limit;
    cap = Math.max(SMALLEST_CAP, limit / OBSERVATION_SHARE);
    condensedCap = Math.max(SMALLEST_CAP, limit / CONDENSED_SHARE);
  }

  /** Empty if the task itself does not fit. */
  Optional<View> fit(
      Trajectory trajectory, @Nullable Decision plan, List<ToolSpecification> tools) {
    History history = new History(trajectory, conversation(trajectory), caps(tools));
    Trajectory capped = history.shown(new State(0, 0));
    if (isSurely(limit, sizes.whole(capped, tools))) {
      return Optional.of(new View(capped, tools));
    }
    history.count();
    int rest = sizes.rest(history.start, tools);
    State state = history.replay(sizes.base(history.start, tools));
    if (rest + history.size(state) <= limit) {
      return Optional.of(new View(history.shown(state), tools));
    }
    int steps = trajectory.steps().size();
    State least = new State(steps, Math.max(0, steps - 1));
    State condensed = new State(steps, state.left);
    for (State fewer : List.of(condensed, least)) {
      if (rest + history.size(fewer) <= limit) {
        return Optional.of(new View(history.shown(fewer), tools));
      }
    }
    return fewerTools(history, plan, tools, limit - history.size(least))
        .map(fewer -> new View(history.shown(least), fewer));
  }

  /** What observations of those tools may have whose toolbox says it. */
  private Map<String, Integer> caps(List<ToolSpecification> tools) {
    Map<String, Integer> caps = new HashMap<>();
    for (ToolSpecification tool : tools) {
      if (tool.metadata().get(Toolbox.MAX_RESULT_SHARE) instanceof Number share) {
        caps.put(tool.name(), Math.max(SMALLEST_CAP, (int) (limit * share.doubleValue())));
      }
    }
    return caps;
  }

  private Optional<List<ToolSpecification>> fewerTools(
      History history, @Nullable Decision plan, List<ToolSpecification> tools, int room) {
    List<ToolSpecification> shown =
        new ArrayList<>(tools.stream().map(ContextFit::abbreviated).toList());
    for (int i = shown.size() - 1; i >= 0 && sizes.rest(history.start, shown) > room; i--) {
      if (!isChosen(shown.get(i).name(), history.trajectory, plan)) {
        shown.remove(i);
      }
    }
    return sizes.rest(history.start, shown) > room ? Optional.empty() : Optional.of(shown);
  }

  /**
   * As much of an earlier conversation as a share of the window holds: the same for a whole run.
   */
  private Conversation conversation(Trajectory trajectory) {
    Conversation all = trajectory.conversation();
    if (all.exchanges().isEmpty()) {
      return all;
    }
    Conversation capped = capped(all);
    int alone = conversationSize(trajectory, Conversation.empty());
    int most = limit / CONVERSATION_SHARE;
    if (conversationSize(trajectory, capped) - alone <= most) {
      return capped;
    }
    Conversation shorter = capped.withoutSteps();
    int exchanges = shorter.exchanges().size();
    while (exchanges > 0
        && conversationSize(trajectory, shorter.newest(exchanges)) - alone > most) {
      exchanges--;
    }
    return shorter.newest(exchanges);
  }

  private int conversationSize(Trajectory trajectory, Conversation conversation) {
    return sizes.base(Trajectory.start(trajectory.task(), conversation), List.of());
  }

  private Conversation capped(Conversation conversation) {
    return new Conversation(
        conversation.exchanges().stream()
            .map(
                exchange ->
                    new Conversation.Exchange(
                        cut(exchange.task(), condensedCap * 4, ModelMessages::textCut),
                        exchange.steps().stream()
                            .map(step -> shortened(capped(step, outcome -> condensedCap)))
                            .toList(),
                        cut(exchange.answer(), condensedCap * 4, ModelMessages::textCut)))
            .toList());
  }

  private static boolean isChosen(String name, Trajectory trajectory, @Nullable Decision plan) {
    return (plan != null && plan.rationale().contains(name))
        || trajectory.steps().stream()
            .flatMap(step -> step.outcomes().stream())
            .flatMap(outcome -> outcome.call().stream())
            .anyMatch(call -> call.name().equals(name));
  }

  private static ToolSpecification abbreviated(ToolSpecification tool) {
    String description = tool.description();
    return description == null || description.length() <= SHORT_DESCRIPTION
        ? tool
        : tool.toBuilder()
            .description(description.substring(0, wholeEnd(description, SHORT_DESCRIPTION)) + "…")
            .build();
  }

  /** The history in two lengths, each step's size counted once. */
  private final class History {
    private final Trajectory trajectory;
    private final TrajectoryNode start;
    private final Map<String, Integer> caps;
    private final List<Step> full = new ArrayList<>();
    private final List<List<Attempt>> tried = new ArrayList<>();
    private final List<Integer> fullSizes = new ArrayList<>();
    private final Map<Integer, Step> condensed = new LinkedHashMap<>();
    private final Map<Integer, Integer> condensedSizes = new LinkedHashMap<>();

    History(Trajectory trajectory, Conversation conversation, Map<String, Integer> caps) {
      this.trajectory = trajectory;
      this.caps = caps;
      start =
          TrajectoryNode.start(trajectory.task(), conversation)
              .afterTrying(shortened(trajectory.tried(0)));
      for (Step step : trajectory.steps()) {
        full.add(capped(step, this::most));
        tried.add(shortened(trajectory.tried(full.size())));
      }
    }

    void count() {
      for (int i = 0; i < full.size(); i++) {
        fullSizes.add(sizes.step(full.get(i), tried.get(i)));
      }
    }

    /** The state after all steps, each prefix of the trajectory having been shown in its turn. */
    State replay(int rest) {
      State state = new State(0, 0);
      // Room for a plan, whose length differs from step to step: what is condensed must not.
      int most = limit - limit / 16 - SLACK;
      int enough = most * LOW_WATER / 100;
      int size = 0;
      for (int steps = 1; steps <= full.size(); steps++) {
        size += fullSizes.get(steps - 1);
        if (rest + size <= most) {
          continue;
        }
        int gone = state.condensed;
        while (gone < steps - 1 && rest + size > enough) {
          size -= fullSizes.get(gone) - condensedSize(gone);
          gone++;
        }
        int left = state.left;
        if (rest + size > most) {
          while (left < steps - 1 && rest + size > enough) {
            size -= condensedSize(left);
            left++;
          }
        }
        state = new State(gone, left);
      }
      return state;
    }

    int size(State state) {
      int size = state.left > 0 ? sizes.step(leftOut(state.left), List.of()) + SLACK : 0;
      for (int i = state.left; i < full.size(); i++) {
        size += i < state.condensed ? condensedSize(i) : fullSizes.get(i);
      }
      return size;
    }

    Trajectory shown(State state) {
      TrajectoryNode shown = start;
      if (state.left > 0) {
        shown = shown.with(leftOut(state.left));
      }
      for (int i = state.left; i < full.size(); i++) {
        shown =
            shown.with(i < state.condensed ? condensed(i) : full.get(i)).afterTrying(tried.get(i));
      }
      return shown;
    }

    private int most(Step.Outcome outcome) {
      return outcome.call().map(call -> caps.get(call.name())).orElse(cap);
    }

    private Step condensed(int step) {
      return condensed.computeIfAbsent(
          step,
          i ->
              shortened(
                  capped(
                      trajectory.steps().get(i),
                      outcome -> Math.min(most(outcome), condensedCap))));
    }

    private int condensedSize(int step) {
      return condensedSizes.computeIfAbsent(step, i -> sizes.step(condensed(i), tried.get(i)));
    }
  }

  private static Step leftOut(int steps) {
    return Step.unreadable(
        new Decision.Call(""), Observation.ok(ModelMessages.stepsLeftOut(steps)));
  }

  /** Observations of one step share what a step may have. */
  private Step capped(Step step, ToIntFunction<Step.Outcome> most) {
    int count = step.outcomes().size();
    List<Step.Outcome> outcomes =
        step.outcomes().stream()
            .map(one -> capped(one, Math.max(SMALLEST_CAP, most.applyAsInt(one) / count)))
            .toList();
    return outcomes.equals(step.outcomes()) ? step : Step.of(step.plan(), outcomes);
  }

  private Step.Outcome capped(Step.Outcome outcome, int tokens) {
    Observation observation = outcome.observation();
    String text = cut(observation.text(), tokens, ModelMessages::resultCut);
    return text.equals(observation.text())
        ? outcome
        : new Step.Outcome(outcome.call(), new Observation(observation.status(), text));
  }

  private List<Attempt> shortened(List<Attempt> attempts) {
    return attempts.stream()
        .map(
            attempt ->
                new Attempt(
                    shortened(attempt.decision()),
                    attempt.outcomes().stream()
                        .map(outcome -> capped(shortened(outcome), condensedCap))
                        .toList()))
        .toList();
  }

  private Decision shortened(Decision decision) {
    String why = cut(decision.rationale(), condensedCap, ModelMessages::textCut);
    if (decision instanceof Decision.Call) {
      return new Decision.Call(why);
    }
    return decision instanceof Decision.Conclude
        ? new Decision.Conclude(why)
        : new Decision.GiveUp(why);
  }

  /** What a plan and a call can take apart from the observation is mostly little, but need not. */
  private Step shortened(Step step) {
    Decision.Call plan =
        new Decision.Call(cut(step.plan().rationale(), condensedCap, ModelMessages::textCut));
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
    int each = Math.max(SMALLEST_CAP, 2 * condensedCap / Math.max(1, arguments.size()));
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
  private String cut(String text, int tokens, BiFunction<Integer, Integer, String> notice) {
    if (isSurely(tokens, text)
        || (text.length() <= (long) LONGEST_TOKEN * tokens && sizes.tokens(text) <= tokens)) {
      return text;
    }
    int room = Math.max(0, tokens - sizes.tokens(notice.apply(text.length(), text.length())));
    int shown = (int) Math.min(text.length() - 1L, (long) LONGEST_TOKEN * room);
    while (shown > 0 && sizes.tokens(text.substring(0, shown)) > room) {
      shown = shown * 3 / 4;
    }
    int end = wholeEnd(text, shown);
    return text.substring(0, end) + notice.apply(text.length(), end);
  }

  /** Whether a text has so far less tokens than this that they need not be counted. */
  private static boolean isSurely(int tokens, String text) {
    return text.length() <= tokens * 2L && TokenEstimate.of(text) * 2L <= tokens;
  }

  /** Not in the middle of a surrogate pair. */
  private static int wholeEnd(String text, int end) {
    return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }
}
