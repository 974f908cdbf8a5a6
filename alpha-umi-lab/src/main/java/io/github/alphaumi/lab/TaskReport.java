package io.github.alphaumi.lab;

import io.github.alphaumi.core.cases.AgentCase;
import io.github.alphaumi.core.cases.AgentCase.Outcome.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Outcomes of cases, counted: all together, by kind and by level, and each failure by itself. */
final class TaskReport {
  private static final Map<String, Predicate<AgentCase.Outcome>> MEASURES = measures();

  private final List<Judged> judged = new ArrayList<>();

  private record Judged(AgentCase task, AgentCase.Outcome outcome) {}

  private static Map<String, Predicate<AgentCase.Outcome>> measures() {
    Map<String, Predicate<AgentCase.Outcome>> measures = new LinkedHashMap<>();
    measures.put("success", AgentCase.Outcome::success);
    measures.put("callsExact", AgentCase.Outcome::callsExact);
    measures.put("toolNames", AgentCase.Outcome::toolNames);
    measures.put("decision", AgentCase.Outcome::decision);
    measures.put("answer", AgentCase.Outcome::answer);
    return measures;
  }

  private final String subject;

  /**
   * @param subject whose outcomes they are
   */
  TaskReport(String subject) {
    this.subject = subject;
  }

  String subject() {
    return subject;
  }

  void add(AgentCase task, AgentCase.Outcome outcome) {
    judged.add(new Judged(task, outcome));
  }

  /** An outcome as it is kept between a kill and the next start. */
  static Map<String, @Nullable Object> write(AgentCase.Outcome outcome) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("decision", outcome.decision());
    json.put("toolNames", outcome.toolNames());
    json.put("callsExact", outcome.callsExact());
    json.put("answer", outcome.answer());
    Failure failure = outcome.failure();
    json.put("failure", failure == null ? null : failure.toString());
    json.put("problem", outcome.problem());
    json.put("remarks", outcome.remarks());
    json.put("trajectory", outcome.trajectory());
    return json;
  }

  static AgentCase.Outcome read(Map<String, @Nullable Object> json) throws BadRecordException {
    return new AgentCase.Outcome(
        Boolean.TRUE.equals(json.get("decision")),
        Boolean.TRUE.equals(json.get("toolNames")),
        Boolean.TRUE.equals(json.get("callsExact")),
        Boolean.TRUE.equals(json.get("answer")),
        Arrays.stream(Failure.values())
            .filter(failure -> failure.toString().equals(json.get("failure")))
            .findFirst()
            .orElse(null),
        Fields.text(json, "problem"),
        Fields.list(json, "remarks").stream().map(String::valueOf).toList(),
        Fields.list(json, "trajectory").stream().map(String::valueOf).toList());
  }

  Map<String, Object> json() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("all", counts(judged));
    report.put("kinds", groups(Grouping.KIND));
    report.put("levels", groups(Grouping.LEVEL));
    Map<String, Object> causes = new LinkedHashMap<>();
    for (Failure failure : Failure.values()) {
      causes.put(failure.toString(), failed(failure));
    }
    report.put("failuresByCause", causes);
    report.put("failures", failures());
    Map<String, Object> remarks = new LinkedHashMap<>();
    judged.stream()
        .filter(one -> !one.outcome.remarks().isEmpty())
        .forEach(one -> remarks.put(one.task.id(), one.outcome.remarks()));
    report.put("remarks", remarks);
    return report;
  }

  /** What cases are grouped by. */
  private enum Grouping {
    KIND,
    LEVEL;

    String of(Judged one) {
      return this == KIND ? one.task.kind() : String.valueOf(one.task.level());
    }
  }

  private Map<String, List<Judged>> grouped(Grouping grouping) {
    Map<String, List<Judged>> groups = new TreeMap<>();
    judged.forEach(
        one -> groups.computeIfAbsent(grouping.of(one), group -> new ArrayList<>()).add(one));
    return groups;
  }

  private Map<String, Object> groups(Grouping grouping) {
    Map<String, Object> counted = new LinkedHashMap<>();
    grouped(grouping).forEach((group, members) -> counted.put(group, counts(members)));
    return counted;
  }

  private static Map<String, Object> counts(List<Judged> members) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("cases", members.size());
    MEASURES.forEach(
        (measure, right) -> {
          counts.put(measure, share(members, right).json());
        });
    return counts;
  }

  private static Wilson share(List<Judged> members, Predicate<AgentCase.Outcome> right) {
    return new Wilson(
        (int) members.stream().filter(one -> right.test(one.outcome)).count(), members.size());
  }

  private List<Map<String, Object>> failures() {
    List<Map<String, Object>> failures = new ArrayList<>();
    for (Judged one : judged) {
      Failure failure = one.outcome.failure();
      if (failure != null) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", one.task.id());
        json.put("kind", one.task.kind());
        json.put("level", one.task.level());
        json.put("request", one.task.request());
        json.put("cause", failure.toString());
        json.put("problem", one.outcome.problem());
        json.put("trajectory", one.outcome.trajectory());
        failures.add(json);
      }
    }
    return failures;
  }

  /** Failures for people, each with what was done. */
  List<String> failureLines() {
    List<String> lines = new ArrayList<>();
    for (Judged one : judged) {
      one.outcome
          .report()
          .ifPresent(
              report ->
                  lines.add(
                      subject + ", " + one.task + "\n  " + report.replace("\n", "\n  ") + "\n"));
    }
    return lines;
  }

  /** One table of what was judged on the same cases, a line each for each kind and level. */
  static List<String> table(List<TaskReport> reports) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(Locale.ROOT, "%-14s %-12s %6s %s", "", "", "cases", headings())
            .stripTrailing());
    List<Map<String, List<Judged>>> grouped = reports.stream().map(TaskReport::rows).toList();
    for (String group : grouped.get(0).keySet()) {
      for (int i = 0; i < reports.size(); i++) {
        List<Judged> members = grouped.get(i).getOrDefault(group, List.of());
        lines.add(row(i == 0 ? group : "", reports.get(i).subject, members));
      }
    }
    return lines;
  }

  private static String headings() {
    return String.join(
        " ",
        MEASURES.keySet().stream().map(name -> String.format(Locale.ROOT, "%-20s", name)).toList());
  }

  private Map<String, List<Judged>> rows() {
    Map<String, List<Judged>> rows = new LinkedHashMap<>();
    rows.put("all", judged);
    grouped(Grouping.KIND).forEach(rows::put);
    grouped(Grouping.LEVEL).forEach((level, members) -> rows.put("level " + level, members));
    return rows;
  }

  private static String row(String group, String subject, List<Judged> members) {
    StringBuilder row =
        new StringBuilder(
            String.format(Locale.ROOT, "%-14s %-12s %6d", group, subject, members.size()));
    MEASURES
        .values()
        .forEach(right -> row.append(String.format(Locale.ROOT, " %-20s", share(members, right))));
    return row.toString().stripTrailing();
  }

  /** How many cases failed of each cause. */
  String causes() {
    return Arrays.stream(Failure.values())
        .map(failure -> failure + " " + failed(failure))
        .collect(Collectors.joining(", ", "failures of " + subject + ": ", ""));
  }

  private long failed(Failure failure) {
    return judged.stream().filter(one -> one.outcome.failure() == failure).count();
  }

  /** How many of the same cases both did, one alone, and none. */
  Map<String, Object> beside(TaskReport other) {
    Set<String> theirs = other.done();
    long both = done().stream().filter(theirs::contains).count();
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("both", both);
    counts.put(subject + " alone", done().size() - both);
    counts.put(other.subject + " alone", theirs.size() - both);
    counts.put("neither", judged.size() - done().size() - theirs.size() + both);
    return counts;
  }

  private Set<String> done() {
    return judged.stream()
        .filter(one -> one.outcome.success())
        .map(one -> one.task.id())
        .collect(Collectors.toSet());
  }
}
