package io.github.alphaumi.lab;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many first calls were right: decided, named, and exact by STE's string rule. */
final class CallMetrics {
  private final Counts all = new Counts();
  private final Map<String, Counts> byTool = new TreeMap<>();

  /** Of the same tasks for every model. */
  private static final class Counts {
    private int tasks;
    private int called;
    private int readable;
    private int named;
    private int exact;
    private int withReadableTruth;
    private int withArguments;
    private int exactWithArguments;

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("tasks", tasks);
      json.put("called", called);
      json.put("readable", readable);
      json.put("named", named);
      json.put("exact", exact);
      json.put("tasksWithReadableTruth", withReadableTruth);
      json.put("tasksWithArguments", withArguments);
      json.put("exactWithArguments", exactWithArguments);
      return json;
    }

    void add(CallTask task, Map<String, @Nullable Object> answer) {
      Map<String, @Nullable Object> truth = task.arguments();
      boolean right = task.name().equals(answer.get(CallInference.NAME));
      boolean fits =
          right
              && truth != null
              && answer.get(CallInference.ARGUMENTS) instanceof Map<?, ?> arguments
              && StringRule.fits(truth, arguments);
      boolean some = truth != null && !truth.isEmpty();
      tasks++;
      called += JoinedStep.CALL.equals(answer.get(CallInference.DECISION)) ? 1 : 0;
      readable += answer.containsKey(CallInference.NAME) ? 1 : 0;
      named += right ? 1 : 0;
      exact += fits ? 1 : 0;
      withReadableTruth += truth != null ? 1 : 0;
      withArguments += some ? 1 : 0;
      exactWithArguments += some && fits ? 1 : 0;
    }
  }

  void add(CallTask task, Map<String, @Nullable Object> answer) {
    all.add(task, answer);
    byTool.computeIfAbsent(task.name(), name -> new Counts()).add(task, answer);
  }

  Map<String, Object> result() {
    Map<String, Object> result = all.json();
    figures().forEach((name, share) -> result.put(name, share.json()));
    Map<String, Object> tools = new LinkedHashMap<>();
    byTool.forEach((name, counts) -> tools.put(name, counts.json()));
    result.put("tools", tools);
    return result;
  }

  /** What compares models: right names and whole calls, of all tasks. */
  Map<String, Wilson> figures() {
    Map<String, Wilson> figures = new LinkedHashMap<>();
    figures.put("nameAccuracy", new Wilson(all.named, all.tasks));
    figures.put("exactAccuracy", new Wilson(all.exact, all.tasks));
    figures.put("exactWhereArguments", new Wilson(all.exactWithArguments, all.withArguments));
    return figures;
  }
}
