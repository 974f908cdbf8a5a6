package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of the steps of one run.
 *
 * <p>A caller that writes several calls for a step has written the later ones without having read
 * what the earlier ones return. Those that only look, or may be repeated, cannot be in each other's
 * way and run side by side. A call with an effect runs alone, in its place: what is before it has
 * ended and what is after it sees what it did. When something was to be changed and the call ran
 * and did not work, later changes of the step are not made: whoever reserves, pays and ships in one
 * step does not want to pay for what was not reserved, and a planner that does want it can say so
 * in the next one. A call that was refused or could not be read has done nothing, and stops
 * nothing.
 */
final class StepCalls {
  private final Run run;
  private final Outside outside;
  private final CallLedger ledger = new CallLedger();

  StepCalls(Run run, Outside outside) {
    this.run = run;
    this.outside = outside;
  }

  /**
   * A step that is whole.
   *
   * @param end why the run ends after it; null if it does not
   */
  record Made(Step step, @Nullable RunStoppedException end) {}

  Made make(Decision.Call plan, Caller.Turn turn, Trajectory path, NodeContext context) {
    List<Caller.Turn> calls = turn.calls();
    if (calls.size() > 1) {
      return new Several(plan, calls, path, context).make();
    }
    if (calls.get(0) instanceof ToolCall call) {
      called(call, context);
      return new Made(single(plan, call, path, context), null);
    }
    Observation unreadable = unreadable(calls.get(0));
    run.emit(new RunEvent.Observed(context.origin(), unreadable));
    return new Made(Step.unreadable(plan, unreadable), null);
  }

  private static Observation unreadable(Caller.Turn turn) {
    String problem = ((Caller.Unreadable) turn).problem();
    return Observation.error(Observation.Status.INVALID, ModelMessages.unreadableCall(problem));
  }

  private Step single(Decision.Call plan, ToolCall call, Trajectory path, NodeContext context) {
    Effect effect = outside.effect(call.name());
    Optional<Observation> known = ledger.known(call, effect, path);
    if (known.isPresent()) {
      run.emit(new RunEvent.Observed(context.origin(), known.get()));
      return Step.of(plan, List.of(outcome(call, known.get())));
    }
    run.limits().checkTools();
    Step.Outcome outcome = executed(call, context);
    ledger.made(ledger.call(outcome).orElseThrow(), effect, outcome.observation());
    return Step.of(plan, List.of(outcome));
  }

  private Step.Outcome executed(ToolCall call, NodeContext context) {
    ToolCall made = call;
    Observation observation;
    try {
      observation = outside.execute(made, context);
    } catch (EditedCallException e) {
      made = e.instead(call);
      called(made, context);
      observation = outside.execute(made, context);
    }
    return over(made, observation, context);
  }

  private Step.Outcome over(ToolCall made, Observation observation, NodeContext context) {
    if (observation.status().ran()) {
      run.limits().meter().tool();
    }
    run.emit(new RunEvent.Observed(context.origin(), observation));
    return outcome(made, observation);
  }

  private void called(ToolCall call, NodeContext context) {
    run.emit(new RunEvent.Called(context.origin(), outside.redacted(call)));
  }

  private Step.Outcome outcome(ToolCall made, Observation observation) {
    return ledger.outcome(made, outside.redacted(made), observation);
  }

  /** What a tool returned in this run, if it did. */
  Optional<String> result(Step.Outcome outcome) {
    return ledger.result(outcome);
  }

  /** The calls of one step, of which some go side by side. */
  private final class Several {
    private final Decision.Call plan;
    private final List<Caller.Turn> turns;
    private final Trajectory path;
    private final List<NodeContext> contexts = new ArrayList<>();
    private final TreeMap<Integer, Step.Outcome> outcomes = new TreeMap<>();
    private @Nullable ToolCall broken;
    private @Nullable RunStoppedException end;

    Several(Decision.Call plan, List<Caller.Turn> turns, Trajectory path, NodeContext context) {
      this.plan = plan;
      this.turns = turns;
      this.path = path;
      contexts.add(context);
      for (int i = 1; i < turns.size(); i++) {
        contexts.add(run.context(context.node(), context.step(), i));
      }
    }

    Made make() {
      try {
        int from = 0;
        while (from < turns.size()) {
          int to = together(from);
          together(from, to);
          from = to;
        }
      } finally {
        contexts.forEach(NodeContext::close);
      }
      return new Made(step(), end);
    }

    private Step step() {
      return Step.of(plan, List.copyOf(outcomes.values()));
    }

    /** Where the calls end that may go side by side from here on; the same call twice may not. */
    private int together(int from) {
      Set<Caller.Turn> calls = new HashSet<>();
      int to = from;
      while (to < turns.size() && mayGoAlong(turns.get(to), calls)) {
        to++;
      }
      return Math.max(to, from + 1);
    }

    private boolean mayGoAlong(Caller.Turn turn, Set<Caller.Turn> others) {
      return !(turn instanceof ToolCall call)
          || outside.effect(call.name()).repeatable() && others.add(call);
    }

    private void together(int from, int to) {
      Trajectory here = outcomes.isEmpty() ? path : path.with(step());
      List<Integer> calls = new ArrayList<>();
      for (int i = from; i < to; i++) {
        Optional<Observation> known = instead(i, here);
        if (known.isPresent()) {
          told(i, known.get());
        } else {
          calls.add(i);
        }
      }
      while (!calls.isEmpty() && !isOver(calls)) {
        int most = Math.min(calls.size(), run.limits().toolCallsLeft());
        execute(calls.subList(0, most));
        calls = calls.stream().filter(index -> !outcomes.containsKey(index)).toList();
      }
    }

    /** What there is instead of making a call; empty if it has to be made. */
    private Optional<Observation> instead(int index, Trajectory here) {
      if (!(turns.get(index) instanceof ToolCall call)) {
        return Optional.of(unreadable(turns.get(index)));
      }
      called(call, contexts.get(index));
      Effect effect = outside.effect(call.name());
      Optional<Observation> known = ledger.known(call, effect, here);
      return known.isEmpty() && broken != null && effect != Effect.READ_ONLY
          ? Optional.of(refused(ModelMessages.notMadeAfter(broken.name())))
          : known;
    }

    private void told(int index, Observation observation) {
      run.emit(new RunEvent.Observed(contexts.get(index).origin(), observation));
      outcomes.put(
          index,
          turns.get(index) instanceof ToolCall call
              ? outcome(call, observation)
              : new Step.Outcome(Optional.empty(), observation));
    }

    private static Observation refused(String why) {
      return Observation.error(Observation.Status.REFUSED, why);
    }

    /**
     * Whether no more calls may be made. Those that are left say so, so that what has been made is
     * not lost with them.
     *
     * @throws RunStoppedException if none has been made
     */
    private boolean isOver(List<Integer> left) {
      try {
        run.checkCancelled();
        run.limits().checkTools();
        return false;
      } catch (RunStoppedException e) {
        if (outcomes.values().stream().noneMatch(made -> made.observation().status().ran())) {
          throw e;
        }
        end = e;
        left.forEach(index -> told(index, refused(ModelMessages.notMadeBefore(e.reason()))));
        return true;
      }
    }

    private void execute(List<Integer> indices) {
      if (indices.size() == 1) {
        int index = indices.get(0);
        outcomes.put(index, executed((ToolCall) turns.get(index), contexts.get(index)));
      } else {
        executeAll(indices);
      }
      indices.stream().filter(outcomes::containsKey).forEach(this::keep);
    }

    private void executeAll(List<Integer> indices) {
      List<RunStoppedException> stops = new ArrayList<>();
      TreeMap<Integer, ToolCall> edited = new TreeMap<>();
      outside.executeAll(
          indices.stream()
              .map(i -> new Outside.Wanted((ToolCall) turns.get(i), contexts.get(i)))
              .toList(),
          (number, observation) -> {
            int index = indices.get(number);
            ToolCall call = (ToolCall) turns.get(index);
            try {
              outcomes.put(index, over(call, observation.get(), contexts.get(index)));
            } catch (EditedCallException e) {
              edited.put(index, e.instead(call));
            } catch (RunStoppedException e) {
              stops.add(e);
            }
          });
      if (!stops.isEmpty()) {
        throw stops.get(0);
      }
      edited.forEach(
          (index, call) -> {
            called(call, contexts.get(index));
            outcomes.put(index, executed(call, contexts.get(index)));
          });
    }

    /** In the order of the calls, not in that in which they ended. */
    private void keep(int index) {
      Step.Outcome outcome = outcomes.get(index);
      ToolCall made = ledger.call(outcome).orElseThrow();
      Observation observation = outcome.observation();
      Effect effect = outside.effect(made.name());
      ledger.made(made, effect, observation);
      if (effect != Effect.READ_ONLY && observation.status().ran() && observation.isError()) {
        broken = made;
      }
    }
  }
}
