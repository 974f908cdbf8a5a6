package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.Simulation.Fault;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tasks of several calls that do not need each other. */
final class SeveralTasks {
  private static final List<String> NTH = List.of("First", "Second", "Third");

  private final TaskDraft draft;
  private final Draws draws;

  SeveralTasks(TaskDraft draft) {
    this.draft = draft;
    draws = draft.draws();
  }

  Optional<WorldTask> two() {
    return independent(2, "two");
  }

  Optional<WorldTask> three() {
    return independent(3, "three");
  }

  private Optional<WorldTask> independent(int number, String inWords) {
    List<OfferedTool> shuffled = draws.shuffled(draft.tools());
    if (shuffled.size() < number) {
      return Optional.empty();
    }
    List<Asked> wishes = new ArrayList<>();
    for (OfferedTool tool : shuffled.subList(0, number)) {
      wishes.add(Asked.draw(tool, draws));
    }
    if (wishes.subList(0, number - 1).stream().anyMatch(wish -> wish.request().isClosed())) {
      return Optional.empty();
    }
    Episode episode = draft.episode(faults(wishes.get(0).tool()));
    Request all = wishes.get(number - 1).request();
    for (int i = number - 2; i >= 0; i--) {
      all = Joining.independent(wishes.get(i).request(), all, draws);
    }
    for (int i = 0; i < number; i++) {
      TaskDraft.perform(PlanWords.nthOf(NTH.get(i), inWords), wishes.get(i), episode);
    }
    return Optional.of(
        draft.task(
            all,
            wishes.stream().anyMatch(TaskDraft::usesDate),
            wishes.stream().anyMatch(Asked::indirect),
            episode));
  }

  private Map<Integer, Fault> faults(OfferedTool first) {
    return draws.chance(0.08)
        ? Map.of(0, draft.missing(first))
        : draws.chance(0.05) ? Map.of(0, draft.temporary(first)) : Map.of();
  }

  Optional<WorldTask> sameToolTwice() {
    List<OfferedTool> candidates =
        draft.tools().stream().filter(tool -> TaskDraft.variable(tool).isPresent()).toList();
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    OfferedTool tool = draws.pick(candidates);
    Argument varied = TaskDraft.variable(tool).orElseThrow();
    boolean described = DescribedRequests.isNext(draws);
    Phrase phrase =
        described ? DescribedRequests.draw(tool, draws) : draws.pick(tool.tool().asks());
    Map<String, Object> first = Asked.values(tool.tool(), Map.of(), draws);
    Map<String, Object> second = new LinkedHashMap<>(first);
    Object other = varied.kind().draw(draws);
    if (other.equals(first.get(varied.name()))) {
      return Optional.empty();
    }
    second.put(varied.name(), other);
    Request request = Joining.coordinated(tool.tool(), phrase, varied, first, other, draws);
    if (described) {
      request.inWordsOfDescription();
    }
    if (request.isClosed()) {
      return Optional.empty();
    }
    Episode episode = draft.episode(Map.of());
    Object one = first.getOrDefault(varied.name(), other);
    episode
        .call(PlanWords.nthOf("First", "two"), tool, first)
        .ifPresent(results -> episode.say(tool, first, results, one));
    episode
        .call(PlanWords.nthOf("Second", "two"), tool, second)
        .ifPresent(results -> episode.say(tool, second, results, other));
    return Optional.of(draft.task(request, TaskDraft.usesDate(tool, first), false, episode));
  }
}
