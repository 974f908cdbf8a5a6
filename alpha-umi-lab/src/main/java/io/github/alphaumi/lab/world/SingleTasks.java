package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.Simulation.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tasks of one call, with what may happen to it, and of none. */
final class SingleTasks {
  private static final double LOOKED_UP_ELSEWHERE = 0.3;

  private final TaskDraft draft;
  private final Draws draws;

  SingleTasks(TaskDraft draft) {
    this.draft = draft;
    draws = draft.draws();
  }

  /**
   * Often one whose argument another tool could give, but the request itself has it: so that a
   * model learns when to look up and when not.
   */
  Optional<WorldTask> single() {
    if (draws.chance(LOOKED_UP_ELSEWHERE)) {
      List<OfferedTool> taking =
          new Links(draft.tools()).entities().stream().map(Links.Link::to).distinct().toList();
      if (!taking.isEmpty()) {
        return Optional.of(single(draws.pick(taking), Map.of()));
      }
    }
    return draft.anyTool().map(tool -> single(tool, Map.of()));
  }

  Optional<WorldTask> retry() {
    return draft.anyTool().map(tool -> single(tool, Map.of(0, draft.temporary(tool))));
  }

  Optional<WorldTask> notFound() {
    return draft.anyTool().map(tool -> single(tool, Map.of(0, draft.missing(tool))));
  }

  Optional<WorldTask> failedTwice() {
    return draft
        .anyTool()
        .map(tool -> single(tool, Map.of(0, draft.temporary(tool), 1, draft.temporary(tool))));
  }

  private WorldTask single(OfferedTool tool, Map<Integer, Fault> faults) {
    Asked asked = Asked.draw(tool, draws);
    Episode episode = draft.episode(faults);
    TaskDraft.perform("", asked, episode);
    return draft.task(asked.request(), TaskDraft.usesDate(asked), asked.indirect(), episode);
  }

  Optional<WorldTask> alternative() {
    return draft
        .twins()
        .map(
            twins -> {
              OfferedTool closed = twins.get(0);
              OfferedTool other = twins.get(1);
              Asked asked = Asked.draw(closed, draws);
              Episode episode = draft.episode(Map.of(0, draft.closed()));
              episode.say(asked, episode.callOther(closed, other, asked.arguments()));
              return draft.task(
                  asked.request(), TaskDraft.usesDate(asked), asked.indirect(), episode);
            });
  }

  WorldTask noTool() {
    String[] line = draws.line("small-talk").split("\\s+\\|\\s+", 2);
    return new WorldTask(
        "",
        draft.kind(),
        List.of(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        draws.chance(0.15) ? line[0].toLowerCase(Locale.ROOT) : line[0],
        List.of(),
        PlanWords.NO_TOOL_NEEDED,
        Optional.of(line[1]));
  }
}
