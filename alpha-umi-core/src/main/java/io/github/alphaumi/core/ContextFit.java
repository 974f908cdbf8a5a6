package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Trajectory.Attempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Tokens by which sums of parts and whole texts may differ. */
  private static final int SLACK = 16;

  private final Sizes sizes;
  private final int limit;
  private final int cap;
  private final Shortening shortening;

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
    cap = Math.max(Shortening.LEAST, limit / OBSERVATION_SHARE);
    shortening = new Shortening(sizes::tokens, limit / CONDENSED_SHARE);
  }

  /** Empty if the task itself does not fit. */
  Optional<View> fit(
      Trajectory trajectory, @Nullable Decision plan, List<ToolSpecification> tools) {
    History history = new History(trajectory, conversation(trajectory), caps(tools));
    Trajectory capped = history.shown(new State(0, 0));
    if (Shortening.isSurely(limit, sizes.whole(capped, tools))) {
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
        caps.put(tool.name(), Math.max(Shortening.LEAST, (int) (limit * share.doubleValue())));
      }
    }
    return caps;
  }

  private Optional<List<ToolSpecification>> fewerTools(
      History history, @Nullable Decision plan, List<ToolSpecification> tools, int room) {
    List<ToolSpecification> shown =
        new ArrayList<>(tools.stream().map(Shortening::abbreviated).toList());
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
    Conversation capped = shortening.capped(all);
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

  private static boolean isChosen(String name, Trajectory trajectory, @Nullable Decision plan) {
    return (plan != null && plan.rationale().contains(name))
        || trajectory.steps().stream()
            .flatMap(step -> step.outcomes().stream())
            .flatMap(outcome -> outcome.call().stream())
            .anyMatch(call -> call.name().equals(name));
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
              .afterTrying(shortening.shortened(trajectory.tried(0)));
      for (Step step : trajectory.steps()) {
        full.add(shortening.capped(step, this::most));
        tried.add(shortening.shortened(trajectory.tried(full.size())));
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
              shortening.shortened(
                  shortening.capped(
                      trajectory.steps().get(i),
                      outcome -> Math.min(most(outcome), shortening.few()))));
    }

    private int condensedSize(int step) {
      return condensedSizes.computeIfAbsent(step, i -> sizes.step(condensed(i), tried.get(i)));
    }
  }

  private static Step leftOut(int steps) {
    return Step.unreadable(
        new Decision.Call(""), Observation.ok(ModelMessages.stepsLeftOut(steps)));
  }
}
