package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.lab.world.ToolSet;
import io.github.alphaumi.lab.world.WorldStep;
import io.github.alphaumi.lab.world.WorldTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of the tool world as a case file. Cases of one file share its tools by name, and here tools
 * of one name differ from set to set, and what one gives differs from task to task: each case has
 * tools of its own, told apart by a number behind the name where the name is taken.
 */
final class WorldCases {
  private final Map<String, Object> tools = new LinkedHashMap<>();
  private final List<Map<String, Object>> cases = new ArrayList<>();

  /** The names that the tools of one case got, by the set's names. */
  private record Renamed(Map<String, String> names) {
    String of(String name) {
      return Objects.requireNonNull(names.get(name), name);
    }
  }

  /** Adds every task that a case can be made of: a follow-up has no form there. */
  void add(ToolSet set) {
    for (WorldTask task : set.tasks()) {
      if (task.kind() != WorldTask.Kind.FOLLOW_UP) {
        add(set, task);
      }
    }
  }

  int size() {
    return cases.size();
  }

  Map<String, Object> json() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("tools", tools);
    file.put("cases", cases);
    return file;
  }

  private void add(ToolSet set, WorldTask task) {
    Renamed renamed = new Renamed(new HashMap<>());
    List<String> offered = new ArrayList<>();
    for (ToolSpecification tool : set.tools()) {
      String name = free(tool.name(), scripted(set, tool, task));
      renamed.names.put(tool.name(), name);
      offered.add(name);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", task.id());
    json.put("kind", kind(task.kind()));
    json.put("level", level(task));
    json.put("request", task.task());
    json.put("tools", offered);
    json.put("expected", expected(task, renamed));
    json.put(
        "anyOrder",
        task.kind() == WorldTask.Kind.TWO || task.kind() == WorldTask.Kind.SAME_TOOL_TWICE);
    json.put("answerContains", contained(task));
    json.put("giveUp", task.answer().isEmpty());
    cases.add(json);
  }

  /** A name under which the file has no other tool than this one. */
  private String free(String name, Map<String, Object> tool) {
    String free = name;
    for (int i = 2; !tool.equals(tools.getOrDefault(free, tool)); i++) {
      free = name + i;
    }
    tools.put(free, tool);
    return free;
  }

  private static Map<String, Object> scripted(ToolSet set, ToolSpecification tool, WorldTask task) {
    Map<String, @Nullable Object> specification = WorldRecords.specification(tool);
    List<Map<String, Object>> results = new ArrayList<>();
    int temporary = 0;
    for (int i = 0; i < task.steps().size(); i++) {
      WorldStep step = task.steps().get(i);
      if (!step.call().name().equals(tool.name())) {
        continue;
      }
      if (isRepeated(task, i)) {
        temporary++;
      } else {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("args", step.call().arguments());
        result.put("result", WorldRecords.object(step.observation()));
        results.add(result);
      }
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("description", String.valueOf(specification.get("description")));
    json.put("parameters", Objects.requireNonNull(specification.get("parameters")));
    json.put("effect", effect(set.effects().getOrDefault(tool.name(), Effect.EFFECTFUL)));
    json.put("results", results);
    json.put("otherwise", Map.of("error", set.failures().getOrDefault(tool.name(), "nothing")));
    if (temporary > 0) {
      json.put("failFirst", temporary);
    }
    return json;
  }

  /** Whether the call met a temporary error: then the same call was made again, or all was over. */
  private static boolean isRepeated(WorldTask task, int at) {
    WorldStep step = task.steps().get(at);
    boolean last = at + 1 == task.steps().size();
    return step.failed()
        && (last
            ? task.kind() == WorldTask.Kind.FAILED_TWICE
            : task.steps().get(at + 1).call().equals(step.call()));
  }

  private static String effect(Effect effect) {
    return switch (effect) {
      case READ_ONLY -> "read-only";
      case IDEMPOTENT -> "idempotent";
      case EFFECTFUL -> "effectful";
    };
  }

  private static List<Map<String, Object>> expected(WorldTask task, Renamed renamed) {
    List<Map<String, Object>> calls = new ArrayList<>();
    for (int i = 0; i < task.steps().size(); i++) {
      if (!isRepeated(task, i)) {
        WorldStep step = task.steps().get(i);
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("tool", renamed.of(step.call().name()));
        call.put("args", step.call().arguments());
        calls.add(call);
      }
    }
    return calls;
  }

  /** Of what the last of the calls brought, all that our own answer says. */
  private static List<List<String>> contained(WorldTask task) {
    List<List<String>> contained = new ArrayList<>();
    String answer = task.answer().orElse("");
    for (WorldStep step : task.steps()) {
      if (!step.failed()) {
        for (String text : values(WorldRecords.object(step.observation()))) {
          if (says(answer, text)) {
            contained.add(List.of(text));
          }
        }
      }
    }
    return contained;
  }

  /** Whether it stands there by itself: "1" is not in "OB-37-15". */
  private static boolean says(String answer, String value) {
    return Pattern.compile(
            "(?<![\\p{L}\\p{N}.,-])"
                + Pattern.quote(value)
                + "(?![\\p{L}\\p{N}]|[-.,][\\p{L}\\p{N}])")
        .matcher(answer)
        .find();
  }

  /** Texts and numbers, however deep they stand. */
  private static List<String> values(@Nullable Object json) {
    if (json instanceof Map<?, ?> object) {
      return object.values().stream().flatMap(value -> values(value).stream()).toList();
    }
    if (json instanceof List<?> list) {
      return list.stream().flatMap(value -> values(value).stream()).toList();
    }
    return json == null || json instanceof Boolean || "".equals(json)
        ? List.of()
        : List.of(json instanceof String text ? text : PythonJson.write(json));
  }

  private static String kind(WorldTask.Kind kind) {
    return switch (kind) {
      case SINGLE -> "single";
      case TWO, SAME_TOOL_TWICE -> "two";
      case DEPENDENT, FOLLOW_UP -> "dependent";
      case THREE -> "three";
      case RETRY -> "retry";
      case NOT_FOUND, ALTERNATIVE -> "error";
      case FAILED_TWICE, IMPOSSIBLE -> "giveup";
      case NO_TOOL -> "chat";
    };
  }

  private static int level(WorldTask task) {
    return switch (task.kind()) {
      case SINGLE, NO_TOOL -> task.indirect() ? 2 : 1;
      case TWO, RETRY, NOT_FOUND, FAILED_TWICE -> 2;
      default -> 3;
    };
  }
}
