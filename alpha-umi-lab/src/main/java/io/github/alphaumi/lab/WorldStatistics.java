package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.lab.world.ToolSet;
import io.github.alphaumi.lab.world.WorldStep;
import io.github.alphaumi.lab.world.WorldTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** Counts and lengths of what was generated. */
final class WorldStatistics {
  private final String unit;
  private final ToIntFunction<String> length;
  private final PromptFormat format = PromptFormat.compact();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<String, Integer> described = new TreeMap<>();
  private final Map<String, Integer> decisions = new TreeMap<>();
  private final Map<String, Integer> arguments = new TreeMap<>();
  private final Map<String, Integer> calls = new TreeMap<>();
  private final List<Integer> documents = new ArrayList<>();
  private final List<Integer> histories = new ArrayList<>();
  private final List<Integer> offered = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> domains = new HashSet<>();

  /**
   * @param unit what lengths are counted in, for example {@code tokens}
   */
  WorldStatistics(String unit, ToIntFunction<String> length) {
    this.unit = unit;
    this.length = length;
  }

  void add(ToolSet set) {
    offered.add(set.tools().size());
    documents.add(
        length.applyAsInt(
            format.prompt(Role.PLANNER, Trajectory.start(""), null, set.tools()).text()));
    for (ToolSpecification tool : set.tools()) {
      names.add(tool.name());
    }
    for (WorldTask task : set.tasks()) {
      add(task);
    }
  }

  private void add(WorldTask task) {
    kinds.merge(task.kind().toString(), 1, Integer::sum);
    if (task.described()) {
      described.merge(task.kind().toString(), 1, Integer::sum);
    }
    domains.addAll(task.domains());
    decisions.merge("call", task.steps().size(), Integer::sum);
    decisions.merge(
        task.end() instanceof Decision.GiveUp ? "give up" : "conclusion", 1, Integer::sum);
    calls.merge(String.valueOf(task.steps().size()), 1, Integer::sum);
    for (WorldStep step : task.steps()) {
      arguments.merge(String.valueOf(step.call().arguments().size()), 1, Integer::sum);
    }
    histories.add(
        length.applyAsInt(
            format.history(WorldRecords.turns(task).stream().map(Turn::prompted).toList())));
  }

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    json()
        .forEach(
            (name, value) ->
                lines.add(String.format(Locale.ROOT, "%-34s %s", name, String.valueOf(value))));
    return lines;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kinds", new TreeMap<>(kinds));
    json.put("% in words of a description", describedShares());
    json.put("decisions", new TreeMap<>(decisions));
    json.put("calls of a task", new TreeMap<>(calls));
    json.put("arguments of a call", new TreeMap<>(arguments));
    json.put("different tool names", names.size());
    json.put("domains called", domains.size());
    json.put("tools of a set", spread(offered));
    json.put(unit + " of a tool list", spread(documents));
    json.put(unit + " of a history", spread(histories));
    json.put(unit + " in all", sum(documents) + sum(histories));
    return json;
  }

  /** Of the tasks of each kind, and of all. */
  private Map<String, Long> describedShares() {
    Map<String, Long> shares = new TreeMap<>();
    kinds.forEach(
        (kind, n) -> shares.put(kind, Math.round(100.0 * described.getOrDefault(kind, 0) / n)));
    int tasks = kinds.values().stream().mapToInt(Integer::intValue).sum();
    int all = described.values().stream().mapToInt(Integer::intValue).sum();
    shares.put("all", Math.round(100.0 * all / Math.max(1, tasks)));
    return shares;
  }

  private static long sum(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).sum();
  }

  /** Mean, median, what nineteen of twenty do not exceed, and the largest. */
  private static Map<String, Object> spread(List<Integer> values) {
    List<Integer> sorted = values.stream().sorted().toList();
    Map<String, Object> spread = new LinkedHashMap<>();
    if (!sorted.isEmpty()) {
      spread.put("mean", Math.round(10.0 * sum(values) / values.size()) / 10.0);
      spread.put("median", sorted.get(sorted.size() / 2));
      spread.put("p95", sorted.get((int) (sorted.size() * 0.95)));
      spread.put("most", sorted.get(sorted.size() - 1));
    }
    return spread;
  }
}
