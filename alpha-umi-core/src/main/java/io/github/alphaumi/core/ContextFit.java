package io.github.alphaumi.core;

import com.google.common.collect.Lists;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fits what a role is shown into the window of its model: every observation is capped relative to
 * the window; then, oldest first, observations are condensed and steps left out; then the newest
 * one is condensed; tool documents come last, and of those the tools in use never go. The task is
 * never cut.
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

  /** The largest share of the window that one observation may have. */
  private static final int OBSERVATION_SHARE = 4;

  /** The largest share of the window that earlier tasks may have. */
  private static final int CONVERSATION_SHARE = 4;

  private static final int CONDENSED_SHARE = 64;
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
    /** What all is shown after: the trajectory without its steps. */
    TrajectoryNode start();

    int tokens(String text);

    /** One step of the history. */
    int step(Step step);

    /** All but history and plan; the same for all roles whose prompts begin alike. */
    int base(List<ToolSpecification> tools);

    /** All but the history: instructions, tools, task and plan. */
    int rest(List<ToolSpecification> tools);

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

  /**
   * A trajectory without its steps: its task, word of what was tried at its end, and of the
   * conversation before it as much as is worth the room, the newest.
   *
   * @param limit tokens that the whole prompt may have
   */
  static TrajectoryNode withoutSteps(
      Trajectory trajectory, int limit, ToIntFunction<String> tokens) {
    Conversation conversation = trajectory.conversation();
    int left = limit / CONVERSATION_SHARE;
    int kept = 0;
    for (Conversation.Exchange exchange : Lists.reverse(conversation.exchanges())) {
      String text = exchange.task() + " " + exchange.answer() + " " + exchange.steps();
      left -= isSurely(left, text) ? TokenEstimate.of(text) * 2 : tokens.applyAsInt(text);
      if (left < 0) {
        break;
      }
      kept++;
    }
    return TrajectoryNode.start(trajectory.task(), conversation.newest(kept))
        .afterTrying(trajectory.tried(trajectory.steps().size()));
  }

  /** Empty if the task itself does not fit. */
  Optional<View> fit(
      Trajectory trajectory, @Nullable Decision plan, List<ToolSpecification> tools) {
    History history = new History(trajectory);
    Trajectory capped = history.shown(new State(0, 0));
    if (isSurely(limit, sizes.whole(capped, tools))) {
      return Optional.of(new View(capped, tools));
    }
    history.count();
    int rest = sizes.rest(tools);
    State state = history.replay(sizes.base(tools));
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
    int room = limit - history.size(least);
    return fewerTools(trajectory, plan, tools, room)
        .map(fewer -> new View(history.shown(least), fewer));
  }

  private Optional<List<ToolSpecification>> fewerTools(
      Trajectory trajectory, @Nullable Decision plan, List<ToolSpecification> tools, int room) {
    List<ToolSpecification> shown =
        new ArrayList<>(tools.stream().map(ContextFit::abbreviated).toList());
    for (int i = shown.size() - 1; i >= 0 && sizes.rest(shown) > room; i--) {
      if (!isChosen(shown.get(i).name(), trajectory, plan)) {
        shown.remove(i);
      }
    }
    return sizes.rest(shown) > room ? Optional.empty() : Optional.of(shown);
  }

  private static boolean isChosen(String name, Trajectory trajectory, @Nullable Decision plan) {
    return (plan != null && plan.rationale().contains(name))
        || trajectory.steps().stream()
            .anyMatch(step -> step.call().filter(call -> call.name().equals(name)).isPresent());
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
    private final List<Step> full = new ArrayList<>();
    private final List<Integer> fullSizes = new ArrayList<>();
    private final Map<Integer, Step> condensed = new LinkedHashMap<>();
    private final Map<Integer, Integer> condensedSizes = new LinkedHashMap<>();

    History(Trajectory trajectory) {
      this.trajectory = trajectory;
      for (Step step : trajectory.steps()) {
        full.add(capped(step, cap));
      }
    }

    void count() {
      for (int i = 0; i < full.size(); i++) {
        fullSizes.add(sizes.step(full.get(i)) + triedSize(i));
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
      int size = state.left > 0 ? sizes.step(leftOut(state.left)) + SLACK : 0;
      for (int i = state.left; i < full.size(); i++) {
        size += i < state.condensed ? condensedSize(i) : fullSizes.get(i);
      }
      return size;
    }

    /** The word before a step; the one at the end belongs to the rest of the prompt. */
    private int triedSize(int step) {
      List<Trajectory.Attempt> tried = trajectory.tried(step);
      return tried.isEmpty() ? 0 : sizes.tokens(ModelMessages.tried(tried)) + SLACK;
    }

    Trajectory shown(State state) {
      TrajectoryNode start = sizes.start();
      if (state.condensed == 0
          && full.equals(trajectory.steps())
          && start.conversation().equals(trajectory.conversation())) {
        return trajectory;
      }
      TrajectoryNode shown = start.afterTrying(List.of());
      if (state.left > 0) {
        shown = shown.with(leftOut(state.left));
      }
      for (int i = state.left; i < full.size(); i++) {
        shown =
            shown
                .afterTrying(trajectory.tried(i))
                .with(i < state.condensed ? condensed(i) : full.get(i));
      }
      return shown.afterTrying(start.tried(0));
    }

    private Step condensed(int step) {
      return condensed.computeIfAbsent(
          step, i -> shortened(capped(trajectory.steps().get(i), condensedCap)));
    }

    private int condensedSize(int step) {
      return condensedSizes.computeIfAbsent(step, i -> sizes.step(condensed(i)) + triedSize(i));
    }
  }

  private static Step leftOut(int steps) {
    return Step.unreadable(
        new Decision.Call(""), Observation.ok(ModelMessages.stepsLeftOut(steps)));
  }

  private Step capped(Step step, int tokens) {
    Observation observation = step.observation();
    String text = cut(observation.text(), tokens, ModelMessages::resultCut);
    return text.equals(observation.text())
        ? step
        : of(step.plan(), step.call(), new Observation(observation.status(), text));
  }

  /** What a plan and a call can take apart from the observation is mostly little, but need not. */
  private Step shortened(Step step) {
    Decision.Call plan =
        new Decision.Call(cut(step.plan().rationale(), condensedCap, ModelMessages::textCut));
    Optional<ToolCall> call =
        step.call().map(c -> new ToolCall(c.name(), shortened(c.arguments())));
    return plan.equals(step.plan()) && call.equals(step.call())
        ? step
        : of(plan, call, step.observation());
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

  private static Step of(Decision.Call plan, Optional<ToolCall> call, Observation observation) {
    return call.isPresent()
        ? Step.of(plan, call.get(), observation)
        : Step.unreadable(plan, observation);
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
