package io.github.alphaumi.core;

import com.google.common.collect.Lists;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Trajectory.Attempt;
import io.github.alphaumi.core.Visit.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the nodes of one run's tree, one at a time: asks the planner, makes the call or has the
 * answer written, and tells what happened. Which node comes next is the search's affair.
 */
final class Expander {

  /** An answer and the path that led to it. */
  record Found(Trajectory trajectory, String answer) {}

  private final Run run;
  private final Outside outside;
  private List<ToolSpecification> offered = List.of();
  private List<ToolSpecification> told = List.of();
  private final StepCalls calls;
  private final Place root;
  private final List<Found> found = new ArrayList<>();
  private Place best;
  private int newest;
  private int newestDepth;
  private int queries;

  Expander(Run run, Outside outside, TrajectoryNode start) {
    this.run = run;
    this.outside = outside;
    calls = new StepCalls(run, outside);
    root = new Place(0, 0, start, 0, 0);
    best = root;
  }

  Place root() {
    return root;
  }

  void listTools() {
    NodeContext context = run.context(0, 0);
    offered = outside.tools(context);
    told = outside.shown(offered, root.trajectory(), context);
    run.emit(new RunEvent.Offered(context.origin(), told));
  }

  private List<ToolSpecification> tools(Trajectory path, NodeContext context) {
    List<ToolSpecification> tools = outside.shown(offered, path, context);
    if (!tools.equals(told)) {
      told = tools;
      run.emit(new RunEvent.Offered(context.origin(), tools));
    }
    return tools;
  }

  /** The limit of steps on a path. */
  int steps() {
    return run.limits().steps();
  }

  int answers() {
    return found.size();
  }

  /** Planner's turns and judge's verdicts so far. */
  int queries() {
    return queries;
  }

  Optional<Found> answer() {
    return found.stream().findFirst();
  }

  /** The path with the most results of tools, the newest of those. */
  Trajectory best() {
    return best.trajectory();
  }

  /**
   * @throws RunStoppedException if the search's own limits are met
   */
  void checkSearch(int mostNodes, int mostQueries) {
    if (newest >= mostNodes) {
      throw searchLimit(mostNodes, "nodes");
    }
    if (queries >= mostQueries) {
      throw searchLimit(mostQueries, "queries");
    }
  }

  private static RunStoppedException searchLimit(int limit, String what) {
    return new RunStoppedException(
        StopReason.SEARCH_LIMIT,
        String.format(Locale.ROOT, "the search's %,d %s are used up", limit, what));
  }

  /** Tells that the search goes on after this place, if that is not where it is. */
  void goBack(Place to) {
    if (to.node() != newest) {
      run.emit(new RunEvent.Backtracked(run.origin(newest, newestDepth), to.node()));
    }
  }

  /** Tells that the search does not go on from a place because its path is as long as allowed. */
  void cut(Place place) {
    run.emit(new RunEvent.Cut(run.origin(place.node(), place.depth())));
  }

  void rank(Place place, double score) {
    run.emit(new RunEvent.Ranked(run.origin(place.node(), place.depth()), score));
  }

  boolean prefers(Search.Judge judge, Place first, Place second) {
    run.checkModels();
    queries++;
    try (NodeContext context = run.context(first.node(), first.depth())) {
      return outside.prefer(judge, first.trajectory(), second.trajectory(), context);
    }
  }

  double score(Search.Scorer scorer, Place place) {
    try (NodeContext context = run.context(place.node(), place.depth())) {
      return outside.score(scorer, place.trajectory(), context);
    }
  }

  /**
   * Makes one node after a place.
   *
   * @param tried what siblings tried; the planner is told, and only it
   * @param depth steps on a path at most
   */
  Visit visit(Place from, List<Attempt> tried, int depth) {
    TrajectoryNode told = from.trajectory().afterTrying(tried);
    return visit(from, told, from.trajectory(), depth);
  }

  /** The same without a limit of steps, and what siblings tried stays in the history below. */
  Visit visitAsPublished(Place from, List<Attempt> tried) {
    TrajectoryNode told = from.trajectory().afterTrying(tried);
    return visit(from, told, told, Integer.MAX_VALUE);
  }

  /**
   * Has the planner write a turn that nobody reads, as the published search does with its last one.
   */
  void askInVain(Place from, List<Attempt> tried, int limit) {
    run.checkModels();
    queries++;
    try (NodeContext context = open(from)) {
      TrajectoryNode path = from.trajectory().afterTrying(tried);
      outside.plan(path, tools(path, context), context);
    }
    throw searchLimit(limit, "queries");
  }

  private Visit visit(Place from, TrajectoryNode told, TrajectoryNode known, int depth) {
    run.checkModels();
    queries++;
    try (NodeContext context = open(from)) {
      List<ToolSpecification> tools = tools(from.trajectory(), context);
      Decision decision =
          Objects.requireNonNull(outside.plan(told, tools, context), "the planner returned null");
      run.emit(new RunEvent.Planned(context.origin(), decision));
      if (decision instanceof Decision.GiveUp) {
        return new Visit.GaveUp(attempt(decision));
      }
      if (decision instanceof Decision.Conclude conclude) {
        run.checkModels();
        answer(conclude, known, tools, context);
        return new Visit.Answered(attempt(decision));
      }
      if (from.depth() >= depth) {
        run.emit(new RunEvent.Cut(context.origin()));
        return new Visit.Cut(attempt(decision));
      }
      return step(from, known, (Decision.Call) decision, tools, context);
    }
  }

  private NodeContext open(Place from) {
    newest++;
    newestDepth = from.depth() + 1;
    run.at(newest, newestDepth);
    NodeContext context = run.context(newest, newestDepth);
    run.emit(new RunEvent.Expanded(context.origin(), from.node()));
    return context;
  }

  private static Attempt attempt(Decision decision) {
    return new Attempt(decision, List.of());
  }

  private Visit step(
      Place from,
      TrajectoryNode known,
      Decision.Call plan,
      List<ToolSpecification> tools,
      NodeContext context) {
    StepCalls.Made made = made(known, plan, tools, context);
    Step step = made.step();
    boolean repeated =
        step.outcomes().stream()
            .allMatch(each -> each.observation().status() == Observation.Status.REPEATED);
    Place place =
        new Place(
            context.node(),
            from.depth() + 1,
            known.with(step),
            from.results() + (result(step).isPresent() ? 1 : 0),
            from.repetitions() + (repeated ? 1 : 0));
    if (place.results() >= best.results()) {
      best = place;
    }
    run.working(place.trajectory());
    if (made.end() != null) {
      throw made.end();
    }
    return new Visit.Stepped(place, context.plannerSure(), new Attempt(plan, step.outcomes()));
  }

  private StepCalls.Made made(
      Trajectory known, Decision.Call plan, List<ToolSpecification> tools, NodeContext context) {
    if (tools.isEmpty()) {
      Observation none =
          Observation.error(Observation.Status.INVALID, ModelMessages.noToolsToCall());
      run.emit(new RunEvent.Observed(context.origin(), none));
      return new StepCalls.Made(Step.unreadable(plan, none), null);
    }
    run.checkModels();
    Caller.Turn turn =
        Objects.requireNonNull(
            outside.call(known, plan, tools, context), "the caller returned null");
    if (turn.calls().stream().anyMatch(ToolCall.class::isInstance)) {
      run.checkModels();
    }
    return calls.make(plan, turn, known, context);
  }

  private void answer(
      Decision.Conclude plan,
      Trajectory trajectory,
      List<ToolSpecification> tools,
      NodeContext context) {
    String answer = summary(trajectory, plan, tools, context);
    if (answer.isBlank()) {
      context.repaired(Role.SUMMARIZER, "wrote nothing; the newest result stands for the answer");
      answer = newestResult(trajectory).orElse(plan.rationale());
    }
    run.emit(new RunEvent.Answered(context.origin(), answer));
    found.add(new Found(trajectory, answer));
  }

  private String summary(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      NodeContext context) {
    return Objects.requireNonNull(
        outside.summarize(trajectory, plan, tools, context), "the summarizer returned null");
  }

  /** What the summarizer makes of the best path when no more steps may be taken. */
  @Nullable String partialAnswer() {
    run.checkModels();
    try (NodeContext context = run.context(newest, newestDepth)) {
      Trajectory path = best.trajectory();
      String summary = summary(path, new Decision.Conclude(""), tools(path, context), context);
      return summary.isBlank() ? null : summary;
    }
  }

  /** The newest result of a tool on the best path. */
  Optional<String> newestResult() {
    return newestResult(best.trajectory());
  }

  private Optional<String> newestResult(Trajectory trajectory) {
    return Lists.reverse(trajectory.steps()).stream()
        .map(this::result)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What a tool returned last in a step, here or on another branch. */
  private Optional<String> result(Step step) {
    return Lists.reverse(step.outcomes()).stream()
        .map(this::result)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> result(Step.Outcome outcome) {
    return switch (outcome.observation().status()) {
      case OK -> Optional.of(outcome.observation().text());
      case REUSED -> calls.result(outcome);
      default -> Optional.empty();
    };
  }
}
