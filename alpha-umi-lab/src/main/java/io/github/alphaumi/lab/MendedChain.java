package io.github.alphaumi.lab;

import com.google.common.base.Joiner;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns as live runs write them, with nothing lost that a model can learn from: thoughts without a
 * call become part of the next plan, a tool's error stays in the observation, a result that was cut
 * is unescaped, arguments are written in one way.
 */
final class MendedChain implements ChainReader {
  private final List<Turn> turns = new ArrayList<>();
  private final List<String> thoughts = new ArrayList<>();
  private final RecordStep.Sink sink;

  MendedChain(String instruction, RecordStep.Sink sink) {
    this.sink = sink;
    turns.add(new Turn(Turn.USER, instruction));
  }

  @Override
  public void user(String text) {
    turns.add(new Turn(Turn.USER, text));
  }

  @Override
  public void thought(@Nullable String thought) {
    if (thought != null && !thought.isBlank()) {
      thoughts.add(thought.strip());
      sink.count("thoughts without a call, joined to the next plan");
    }
  }

  @Override
  public void call(@Nullable String thought, String name, String arguments) {
    plan(new Decision.Call(rationale(thought)));
    Optional<Map<String, @Nullable Object>> parsed = TruncatedJson.object(arguments);
    turns.add(
        new Turn(
            Turn.CALLER,
            parsed
                .map(object -> PromptFormat.write(new ToolCall(name, object)))
                .orElse("Action: " + name + "\nAction Input: " + arguments)));
  }

  @Override
  public void finish(@Nullable String thought, String arguments) {
    Map<String, @Nullable Object> parsed = TruncatedJson.object(arguments).orElse(Map.of());
    if (PublishedChain.GIVE_UP.equals(parsed.get("return_type"))
        || (!parsed.containsKey("return_type") && arguments.contains(PublishedChain.GIVE_UP))) {
      plan(new Decision.GiveUp(rationale(thought)));
      return;
    }
    plan(new Decision.Conclude(rationale(thought)));
    String answer = parsed.get("final_answer") instanceof String text ? text.strip() : "";
    if (answer.isEmpty()) {
      sink.count("conclusions without an answer");
    } else {
      turns.add(new Turn(Turn.SUMMARIZER, answer));
    }
  }

  private String rationale(@Nullable String thought) {
    List<String> all = new ArrayList<>(thoughts);
    thoughts.clear();
    if (thought != null && !thought.isBlank()) {
      all.add(thought.strip());
    }
    return Joiner.on('\n').join(all);
  }

  private void plan(Decision decision) {
    turns.add(new Turn(Turn.PLANNER, PromptFormat.write(decision)));
  }

  @Override
  public void observation(String content) {
    Map<String, @Nullable Object> parsed = TruncatedJson.object(content).orElse(Map.of());
    String error = parsed.get("error") instanceof String text ? text.strip() : "";
    Object response = parsed.isEmpty() ? content : parsed.get("response");
    if (error.isEmpty()) {
      turns.add(new Turn(Turn.OBSERVATION, asText(response)));
      return;
    }
    Map<String, @Nullable Object> observation = new LinkedHashMap<>();
    observation.put("error", error);
    if (response != null && !asText(response).isBlank()) {
      observation.put("response", response);
    }
    turns.add(new Turn(Turn.OBSERVATION, PythonJson.write(observation)));
    sink.count("errors kept in observations");
  }

  private static String asText(@Nullable Object response) {
    if (response == null) {
      return "";
    }
    return response instanceof String text ? text : PythonJson.write(response);
  }

  @Override
  public List<Turn> turns() {
    if (!thoughts.isEmpty()) {
      sink.count("conversations that end in a thought");
    }
    return turns;
  }
}
