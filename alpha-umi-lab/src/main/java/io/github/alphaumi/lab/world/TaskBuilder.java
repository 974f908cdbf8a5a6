package io.github.alphaumi.lab.world;

import java.util.Optional;

/** Makes tasks over one set of tools. Of a kind that the tools do not allow there is none. */
final class TaskBuilder {
  private final ToolSet.Tools tools;
  private final ValueLists lists;
  private final Split split;

  TaskBuilder(ToolSet.Tools tools, Split split, ValueLists lists) {
    this.tools = tools;
    this.split = split;
    this.lists = lists;
  }

  Optional<WorldTask> build(WorldTask.Kind kind, String seed) {
    TaskDraft draft = new TaskDraft(kind, seed, tools, new Draws(seed, split, lists));
    return switch (kind) {
      case SINGLE -> new SingleTasks(draft).single();
      case RETRY -> retry(draft);
      case NOT_FOUND -> notFound(draft);
      case FAILED_TWICE -> new SingleTasks(draft).failedTwice();
      case ALTERNATIVE -> new SingleTasks(draft).alternative();
      case NO_TOOL -> Optional.of(new SingleTasks(draft).noTool());
      case TWO -> new SeveralTasks(draft).two();
      case SAME_TOOL_TWICE -> new SeveralTasks(draft).sameToolTwice();
      case DEPENDENT -> new DependentTasks(draft).dependent();
      case THREE -> three(draft);
      case FOLLOW_UP -> new FollowUpTasks(draft).followUp();
      case IMPOSSIBLE -> Optional.empty();
    };
  }

  private static Optional<WorldTask> retry(TaskDraft draft) {
    return draft.draws().chance(0.7)
        ? new SingleTasks(draft).retry()
        : new DependentTasks(draft).retry();
  }

  private static Optional<WorldTask> notFound(TaskDraft draft) {
    return draft.draws().chance(0.8)
        ? new SingleTasks(draft).notFound()
        : new DependentTasks(draft).notFound();
  }

  private static Optional<WorldTask> three(TaskDraft draft) {
    int way = draft.draws().below(10);
    return way < 4
        ? new DependentTasks(draft).chain()
        : way < 7 ? new DependentTasks(draft).afterAnother() : new SeveralTasks(draft).three();
  }
}
