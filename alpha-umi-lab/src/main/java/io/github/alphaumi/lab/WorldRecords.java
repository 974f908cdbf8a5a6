package io.github.alphaumi.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.lab.world.ToolSet;
import io.github.alphaumi.lab.world.WorldStep;
import io.github.alphaumi.lab.world.WorldTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets of the tool world as records. */
final class WorldRecords {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private WorldRecords() {}

  /** One record a set: its tools as chat models are told of them, and all trajectories. */
  static Map<String, Object> set(ToolSet set) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("tools", set.tools().stream().map(WorldRecords::specification).toList());
    record.put("trajectories", set.tasks().stream().map(WorldRecords::trajectory).toList());
    return record;
  }

  static Map<String, @Nullable Object> specification(ToolSpecification tool) {
    return object(tool.toJson());
  }

  /** An object that our own tools wrote. */
  static Map<String, @Nullable Object> object(String json) {
    try {
      return JSON.readValue(json, OBJECT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON object: " + json, e);
    }
  }

  private static Map<String, Object> trajectory(WorldTask task) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("id", task.id());
    record.put("kind", task.kind().toString());
    record.put("domains", task.domains());
    task.today().ifPresent(today -> record.put("today", today.toString()));
    task.earlier().ifPresent(earlier -> record.put("earlier", done(earlier)));
    record.putAll(done(task));
    return record;
  }

  private static Map<String, Object> done(WorldTask task) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("task", task.task());
    record.put("steps", task.steps().stream().map(WorldRecords::step).toList());
    record.put("decision", task.end() instanceof Decision.GiveUp ? "give up" : "conclusion");
    record.put("rationale", task.end().rationale());
    task.answer().ifPresent(answer -> record.put("answer", answer));
    return record;
  }

  private static Map<String, Object> step(WorldStep step) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("name", step.call().name());
    call.put("arguments", step.call().arguments());
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("plan", step.plan().rationale());
    record.put("call", call);
    record.put("observation", object(step.observation()));
    return record;
  }

  /**
   * The task as stage 2 writes conversations. Such a record has one task: what went before is not
   * in it.
   */
  static Conversation conversation(ToolSet set, WorldTask task) {
    List<Map<String, @Nullable Object>> tools = new ArrayList<>();
    for (ToolSpecification tool : set.tools()) {
      try {
        tools.add(new LinkedHashMap<>(ToolRecord.of(tool)));
      } catch (BadRecordException e) {
        throw new IllegalStateException("a tool of our own: " + tool, e);
      }
    }
    return new Conversation(tools, task.task(), turns(task));
  }

  /** All turns, those of the task before it first. */
  static List<Turn> turns(WorldTask task) {
    List<Turn> turns = new ArrayList<>();
    task.earlier().ifPresent(earlier -> turns.addAll(turns(earlier)));
    turns.add(new Turn(Turn.USER, task.task()));
    for (WorldStep step : task.steps()) {
      turns.add(new Turn(Turn.PLANNER, PromptFormat.write(step.plan())));
      turns.add(new Turn(Turn.CALLER, PromptFormat.write(step.call())));
      turns.add(new Turn(Turn.OBSERVATION, step.observation()));
    }
    turns.add(new Turn(Turn.PLANNER, PromptFormat.write(task.end())));
    task.answer().ifPresent(answer -> turns.add(new Turn(Turn.SUMMARIZER, answer)));
    return turns;
  }
}
