package io.github.alphaumi.core;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The calls that one run has made, on whatever branch, and what may be taken over from them.
 *
 * <p>The world does not branch with the search: what a tool did on one branch is done. So a call
 * with an effect is made once in a run; only along one path may it be tried again after it failed,
 * because there the planner has seen the failure. What other tools returned holds until a call that
 * may have changed something.
 */
final class CallLedger {
  /** Times that a call may be made again after it failed. */
  private static final int RETRIES = 2;

  private final Map<ToolCall, Entry> entries = new HashMap<>();

  /** The calls themselves of those outcomes that show them redacted. */
  private final Map<Step.Outcome, ToolCall> redacted = new IdentityHashMap<>();

  private int changes;

  /**
   * @param changes calls until then that may have changed something
   */
  private record Entry(Observation observation, int changes) {}

  /** What there is instead of making the call; empty if it has to be made. */
  Optional<Observation> known(ToolCall call, Effect effect, Trajectory path) {
    Entry entry = entries.get(call);
    if (entry == null) {
      return Optional.empty();
    }
    Optional<Observation> onPath = answeredBefore(call, effect, path, entry);
    if (onPath.isPresent() || !entry.observation.status().ran() || madeOn(path, call)) {
      return onPath;
    }
    if (effect == Effect.EFFECTFUL) {
      return Optional.of(
          new Observation(
              Observation.Status.REUSED, ModelMessages.madeBefore(entry.observation.text())));
    }
    return entry.observation.status() == Observation.Status.OK && entry.changes == changes
        ? Optional.of(new Observation(Observation.Status.REUSED, entry.observation.text()))
        : Optional.empty();
  }

  /**
   * What came back of a call, as it stands in a step.
   *
   * @param shown what may be read of the call
   */
  Step.Outcome outcome(ToolCall call, ToolCall shown, Observation observation) {
    Step.Outcome outcome = new Step.Outcome(Optional.of(shown), observation);
    if (!shown.equals(call)) {
      redacted.put(outcome, call);
    }
    return outcome;
  }

  /** The call itself, by which it is told from others: two may look alike once redacted. */
  Optional<ToolCall> call(Step.Outcome outcome) {
    ToolCall call = redacted.get(outcome);
    return call == null ? outcome.call() : Optional.of(call);
  }

  /** What a tool returned, if it did. */
  Optional<String> result(Step.Outcome outcome) {
    return call(outcome)
        .map(entries::get)
        .map(Entry::observation)
        .filter(observation -> observation.status() == Observation.Status.OK)
        .map(Observation::text);
  }

  void made(ToolCall call, Effect effect, Observation observation) {
    if (observation.status().ran() && effect != Effect.READ_ONLY) {
      changes++;
    }
    entries.put(call, new Entry(observation, changes));
  }

  private boolean madeOn(Trajectory path, ToolCall call) {
    return path.steps().stream()
        .flatMap(step -> step.outcomes().stream())
        .anyMatch(made -> isOf(made, call) && made.observation().status().ran());
  }

  private boolean isOf(Step.Outcome made, ToolCall call) {
    return call(made).filter(call::equals).isPresent();
  }

  /** What an identical call on the same path gave, if asking again is pointless or harmful. */
  private Optional<Observation> answeredBefore(
      ToolCall call, Effect effect, Trajectory path, Entry entry) {
    boolean mayDiffer = effect == Effect.READ_ONLY && entry.changes != changes;
    int failures = 0;
    for (Step earlier : path.steps()) {
      for (Step.Outcome made : earlier.outcomes()) {
        Observation observation = made.observation();
        if (isOf(made, call)
            && (mayBeTriedAgain(observation, effect) ? ++failures > RETRIES : !mayDiffer)) {
          return Optional.of(new Observation(Observation.Status.REPEATED, observation.text()));
        }
      }
    }
    return Optional.empty();
  }

  /** Where it is unknown whether a call had its effect, only if another one does no harm. */
  private static boolean mayBeTriedAgain(Observation observation, Effect effect) {
    return switch (observation.status()) {
      case FAILED -> true;
      case TIMED_OUT, UNKNOWN -> effect.repeatable();
      default -> false;
    };
  }
}
