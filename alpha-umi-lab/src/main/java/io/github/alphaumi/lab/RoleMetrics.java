package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many turns were right, of each role by itself. Denominators depend on the data alone, so that
 * models compare.
 */
final class RoleMetrics {
  private final Map<String, Share> shares = new LinkedHashMap<>();
  private int steps;

  /** So many of so many. */
  private static final class Share {
    private int right;
    private int of;

    void add(boolean counts) {
      right += counts ? 1 : 0;
      of++;
    }

    Wilson wilson() {
      return new Wilson(right, of);
    }
  }

  RoleMetrics() {
    for (String name :
        List.of(
            "decisionOfThree",
            "decisionStrict",
            "toolOfPlanner",
            "callName",
            "callExact",
            "callInvented",
            "callUnreadable")) {
      shares.put(name, new Share());
    }
  }

  /**
   * @param plan what the planner wrote
   * @param call what the caller wrote; empty where none was to be written
   */
  void add(
      StaticInference.Asked step,
      Map<String, @Nullable Object> plan,
      Map<String, @Nullable Object> call)
      throws BadRecordException {
    steps++;
    List<String> offered = step.tools().stream().map(ToolSpecification::name).toList();
    Decision right = step.step().decision();
    PlanText text = PlanText.of(right, offered);
    String decided = Fields.text(plan, RoleInference.DECISION, "");
    PlanText written =
        PlanText.of(new Decision.Call(Fields.text(plan, RoleInference.RATIONALE, "")), offered);
    boolean same = decided.equals(JoinedStep.name(right));
    count("decisionOfThree", same);
    count("decisionStrict", same && text.opening().equals(written.opening()));
    if (right instanceof Decision.Call && step.step().call() instanceof ToolCall expected) {
      count("toolOfPlanner", same && expected.name().equals(written.tool()));
      caller(expected, call, offered);
    }
  }

  private void caller(ToolCall expected, Map<String, @Nullable Object> call, List<String> offered) {
    Object name = call.get(RoleInference.NAME);
    boolean named = expected.name().equals(name);
    count("callName", named);
    count(
        "callExact",
        named
            && ArgumentScore.isExact(
                expected.argumentsJson(), String.valueOf(call.get(RoleInference.ARGUMENTS))));
    count("callInvented", name != null && !offered.contains(name));
    count("callUnreadable", name == null);
  }

  private void count(String name, boolean right) {
    Share share = shares.get(name);
    if (share == null) {
      throw new IllegalArgumentException(name);
    }
    share.add(right);
  }

  Map<String, Object> result() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("steps", steps);
    shares.forEach((name, share) -> result.put(name, share.wilson().json()));
    return result;
  }

  /** The figures as lines for people, with 95 % intervals. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%-18s %d", "steps", steps));
    shares.forEach(
        (name, share) ->
            lines.add(String.format(Locale.ROOT, "%-18s %s", name, share.wilson().ofAll())));
    return lines;
  }
}
