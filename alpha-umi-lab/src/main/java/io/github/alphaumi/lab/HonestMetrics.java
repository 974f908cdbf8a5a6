package io.github.alphaumi.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a static evaluation says without the published peculiarities: every figure with its
 * denominator, which is the same for every model; beside the decisions what always deciding the
 * same would give; who was to blame for a step; each tool by itself.
 */
final class HonestMetrics {
  private static final List<String> DECISIONS =
      List.of(JoinedStep.CALL, JoinedStep.CONCLUDE, JoinedStep.GIVE_UP);

  private static final List<Ratio> RATIOS =
      List.of(
          Ratio.share("decisions", outcome -> true, StepOutcome::planned),
          Ratio.share("toolNames", StepOutcome::expectsCall, StepOutcome::named),
          Ratio.share("callsExact", StepOutcome::expectsCall, StepOutcome::argumentsExact),
          new Ratio("argumentF1", StepOutcome::expectsCall, StepOutcome::argumentF1),
          new Ratio(
              "argumentF1OfCallsWithArguments",
              outcome -> outcome.expectsCall() && outcome.withArguments(),
              StepOutcome::argumentF1),
          new Ratio(
              "argumentF1OfCallsWithout",
              outcome -> outcome.expectsCall() && !outcome.withArguments(),
              StepOutcome::argumentF1),
          new Ratio("rougeL", StepOutcome::expectsAnswer, StepOutcome::rougeL));

  /** Their denominators depend on the model: they explain, and do not compare. */
  private static final List<Ratio> GIVEN =
      List.of(
          Ratio.share(
              "toolNamesWhereCalled",
              outcome -> outcome.expectsCall() && outcome.calls(),
              StepOutcome::named),
          new Ratio(
              "argumentF1WhereNamed",
              outcome -> outcome.expectsCall() && outcome.named(),
              StepOutcome::argumentF1),
          new Ratio(
              "rougeLWhereConcluded",
              outcome -> outcome.expectsAnswer() && outcome.planned(),
              StepOutcome::rougeL),
          Ratio.share(
              "inventedToolsOfCalls",
              StepOutcome::calls,
              outcome -> outcome.called() != null && !outcome.offered()),
          Ratio.share(
              "unreadableOfCalls", StepOutcome::calls, outcome -> outcome.called() == null));

  private final List<StepOutcome> outcomes = new ArrayList<>();

  void add(Prediction sample) {
    outcomes.add(StepOutcome.of(sample));
  }

  Map<String, Object> result(int resamples, long seed) {
    Bootstrap bootstrap = new Bootstrap(outcomes, resamples, seed);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("steps", outcomes.size());
    result.put("tasks", outcomes.stream().map(StepOutcome::task).distinct().count());
    RATIOS.forEach(ratio -> result.put(ratio.name(), figure(ratio, bootstrap)));
    result.put("majorityBaseline", majority());
    GIVEN.forEach(ratio -> result.put(ratio.name(), figure(ratio, bootstrap)));
    result.put("confusion", confusion());
    result.put("attribution", attribution());
    result.put("tools", tools());
    result.put("resamples", resamples);
    result.put("seed", seed);
    return result;
  }

  private Map<String, Object> figure(Ratio ratio, Bootstrap bootstrap) {
    List<StepOutcome> about = outcomes.stream().filter(ratio.about()).toList();
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("value", about.stream().mapToDouble(ratio.value()).average().orElse(Double.NaN));
    figure.put("of", about.size());
    figure.put("interval95", bootstrap.interval(ratio));
    return figure;
  }

  /** What is right when the most frequent decision is always taken. */
  private Map<String, Object> majority() {
    Map<String, Object> majority = new LinkedHashMap<>();
    long most = -1;
    for (String decision : DECISIONS) {
      long count = outcomes.stream().filter(o -> o.expected().equals(decision)).count();
      if (count > most) {
        most = count;
        majority.put("decision", decision);
        majority.put("value", (double) count / outcomes.size());
      }
    }
    return majority;
  }

  /** Right decision to decision that came to count. */
  private Map<String, Object> confusion() {
    Map<String, Object> rows = new LinkedHashMap<>();
    for (String expected : DECISIONS) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (String decided : DECISIONS) {
        row.put(
            decided,
            outcomes.stream()
                .filter(o -> o.expected().equals(expected) && o.decided().equals(decided))
                .count());
      }
      rows.put(expected, row);
    }
    return rows;
  }

  private Map<String, Long> attribution() {
    Map<String, Long> counts = new TreeMap<>();
    outcomes.forEach(outcome -> counts.merge(outcome.attribution(), 1L, Long::sum));
    return counts;
  }

  private Map<String, Object> tools() {
    Map<String, Object> tools = new TreeMap<>();
    Map<String, List<StepOutcome>> byTool = new TreeMap<>();
    for (StepOutcome outcome : outcomes) {
      if (outcome.tool() != null) {
        byTool.computeIfAbsent(outcome.tool(), tool -> new ArrayList<>()).add(outcome);
      }
    }
    byTool.forEach(
        (tool, steps) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("calls", steps.size());
          row.put("decided", steps.stream().filter(StepOutcome::planned).count());
          row.put("named", steps.stream().filter(StepOutcome::named).count());
          row.put("exact", steps.stream().filter(StepOutcome::argumentsExact).count());
          tools.put(tool, row);
        });
    return tools;
  }

  /** The figures as lines for people. */
  static List<String> lines(Map<String, Object> result) {
    List<String> lines = new ArrayList<>();
    List<Ratio> all = new ArrayList<>(RATIOS);
    all.addAll(GIVEN);
    for (Ratio ratio : all) {
      Map<?, ?> figure = (Map<?, ?>) Objects.requireNonNull(result.get(ratio.name()));
      lines.add(
          String.format(
              Locale.ROOT,
              "%-32s %7.4f of %-6s %s",
              ratio.name(),
              figure.get("value"),
              figure.get("of"),
              figure.get("interval95")));
    }
    lines.add("majorityBaseline                 " + result.get("majorityBaseline"));
    lines.add("attribution                      " + result.get("attribution"));
    return lines;
  }
}
