package io.github.alphaumi.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds a run's tree from its events, and the trees of the agents that it asked from theirs: live,
 * or later from a journal. Thread-safe.
 */
final class TreeRecorder implements RunListener {
  private final List<Draft> drafts = new ArrayList<>();
  private final Map<String, TreeRecorder> agents = new LinkedHashMap<>();
  private String runId = "";
  private String task = "";
  private int current;

  /** A node in the making. */
  private static final class Draft {
    final int id;
    final int parent;
    final int depth;
    final Duration started;
    Duration ended;
    @Nullable Decision decision;
    List<SearchTree.Call> calls = List.of();
    @Nullable String answer;
    SearchTree.State state = SearchTree.State.OPEN;
    double score = Double.NaN;
    List<SearchTree.ModelCall> models = List.of();
    List<String> repairs = List.of();
    List<TreeRecorder> agents = List.of();

    Draft(int id, int parent, RunEvent.Origin origin) {
      this.id = id;
      this.parent = parent;
      depth = origin.step();
      started = origin.at();
      ended = started;
    }

    boolean whole() {
      return isObserved() || answer != null || state != SearchTree.State.OPEN;
    }

    private boolean isObserved() {
      return !calls.isEmpty() && calls.stream().allMatch(call -> call.observation().isPresent());
    }

    /** A call that was made with other arguments than the caller's takes the place of its own. */
    void call(int index, SearchTree.Call call) {
      List<SearchTree.Call> changed = new ArrayList<>(calls);
      while (changed.size() <= index) {
        changed.add(new SearchTree.Call(Optional.empty(), Optional.empty()));
      }
      changed.set(index, call);
      calls = List.copyOf(changed);
    }

    void observation(int index, Observation observation) {
      Optional<ToolCall> call = index < calls.size() ? calls.get(index).call() : Optional.empty();
      call(index, new SearchTree.Call(call, Optional.of(observation)));
    }

    SearchTree.Node node() {
      return new SearchTree.Node(
          id,
          parent,
          depth,
          Optional.ofNullable(decision),
          calls,
          Optional.ofNullable(answer),
          state,
          score,
          models,
          repairs,
          agents.stream().map(TreeRecorder::tree).toList(),
          started,
          ended.minus(started));
    }
  }

  /** The tree so far. */
  synchronized SearchTree tree() {
    return new SearchTree(runId, task, drafts.stream().map(Draft::node).toList());
  }

  /** What is half made will not be made whole. */
  synchronized void stop() {
    Draft last = drafts.get(current);
    if (last.parent >= 0 && !last.whole()) {
      last.state = SearchTree.State.STOPPED;
    }
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (drafts.isEmpty() && event instanceof RunEvent.Started started) {
      runId = started.runId();
      task = started.task();
      drafts.add(new Draft(0, -1, started.origin()));
    } else if (event.runId().equals(runId)) {
      own(event);
    } else {
      ofAgent(event);
    }
  }

  private void ofAgent(RunEvent event) {
    if (event instanceof RunEvent.Started started
        && started.caller().filter(caller -> caller.runId().equals(runId)).isPresent()) {
      TreeRecorder agent = new TreeRecorder();
      agents.put(event.runId(), agent);
      Draft draft = drafts.get(started.caller().get().node());
      draft.agents = and(draft.agents, agent);
      agent.on(event);
      return;
    }
    TreeRecorder known = agents.get(event.runId());
    if (known != null) {
      known.on(event);
    } else {
      agents.values().forEach(agent -> agent.on(event));
    }
  }

  private void own(RunEvent event) {
    if (event instanceof RunEvent.Expanded expanded) {
      current = expanded.node();
      drafts.add(new Draft(current, expanded.parent(), expanded.origin()));
      return;
    }
    Draft draft = drafts.get(event.node());
    if (event instanceof RunEvent.Ranked ranked) {
      draft.score = ranked.score();
    } else if (event instanceof RunEvent.Backtracked backtracked) {
      abandon(draft, backtracked.to());
    } else if (event instanceof RunEvent.Stopped) {
      stop();
    } else {
      draft.ended = event.at();
      fill(draft, event);
    }
  }

  private static void fill(Draft draft, RunEvent event) {
    if (event instanceof RunEvent.ModelCalled called) {
      draft.models = and(draft.models, new SearchTree.ModelCall(called.role(), called.use()));
    } else if (event instanceof RunEvent.Repaired repaired) {
      draft.repairs = and(draft.repairs, repaired.role() + ": " + repaired.how());
    } else if (event instanceof RunEvent.Planned planned) {
      draft.decision = planned.decision();
      if (planned.decision() instanceof Decision.GiveUp) {
        draft.state = SearchTree.State.GAVE_UP;
      }
    } else if (event instanceof RunEvent.Called called) {
      draft.call(
          called.origin().call(),
          new SearchTree.Call(Optional.of(called.call()), Optional.empty()));
    } else if (event instanceof RunEvent.Observed observed) {
      draft.observation(observed.origin().call(), observed.observation());
    } else if (event instanceof RunEvent.Answered answered) {
      draft.answer = answered.answer();
      draft.state = SearchTree.State.ANSWERED;
    } else if (event instanceof RunEvent.Cut) {
      draft.state = SearchTree.State.CUT;
    }
  }

  /** From the path that is left to the one that is taken: what they share stays open. */
  private void abandon(Draft from, int to) {
    for (Draft draft = from; draft.parent >= 0; draft = drafts.get(draft.parent)) {
      if (draft.state == SearchTree.State.OPEN) {
        draft.state = SearchTree.State.ABANDONED;
      }
    }
    for (Draft draft = drafts.get(to); draft.parent >= 0; draft = drafts.get(draft.parent)) {
      if (draft.state == SearchTree.State.ABANDONED) {
        draft.state = SearchTree.State.OPEN;
      }
    }
  }

  /** Most nodes have one model call and nothing else: a list of one costs least. */
  private static <T> List<T> and(List<T> list, T item) {
    if (list.isEmpty()) {
      return List.of(item);
    }
    List<T> longer = new ArrayList<>(list);
    longer.add(item);
    return List.copyOf(longer);
  }
}
