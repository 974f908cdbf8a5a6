package io.github.alphaumi.lab;

import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.ToolCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ToolAlpaca's recorded instances to conversations, one for each instance that its own data builder
 * would train on: one to five steps, at least one of them no question back to the user.
 */
final class ToolAlpaca implements RecordStep {
  private static final String ASKS_BACK = "getDetails";
  private static final String HINT = "\nHint: ";
  private static final int MAX_STEPS = 5;

  /** The log of a step repeats the call; the thought stands before it. */
  private static final Pattern THOUGHT =
      Pattern.compile(
          "^(?:.*\\bThought:)?\\s*(.*?)\\s*(?:(?:ASSISTANT )?Action:.*)?$", Pattern.DOTALL);

  @Override
  public void apply(Path source, Map<String, @Nullable Object> api, Sink sink)
      throws BadRecordException {
    List<Map<String, @Nullable Object>> tools = new ArrayList<>();
    for (Map<String, Object> tool : ToolAlpacaTools.of(api)) {
      tools.add(new LinkedHashMap<>(tool));
    }
    if (!api.containsKey("Instances")) {
      throw new BadRecordException(
          "'Instances' is missing: evaluation files have instructions but no recorded runs");
    }
    for (Map<String, @Nullable Object> instance : Fields.objects(api, "Instances")) {
      Optional<List<Turn>> turns = turns(instance, sink);
      if (turns.isPresent()) {
        sink.write(0, new Conversation(tools, Fields.text(instance, "input"), turns.get()).json());
        sink.count("conversations");
      }
    }
  }

  private static Optional<List<Turn>> turns(Map<String, @Nullable Object> instance, Sink sink)
      throws BadRecordException {
    if (instance.containsKey("error") || !(instance.get("intermediate_steps") instanceof List<?>)) {
      sink.count("left out: ended as an error");
      return Optional.empty();
    }
    List<Step> steps = steps(instance);
    if (steps.isEmpty() || steps.size() > MAX_STEPS) {
      sink.count("left out: no step or more than " + MAX_STEPS);
      return Optional.empty();
    }
    if (steps.stream().allMatch(step -> step.action.equals(ASKS_BACK))) {
      sink.count("left out: only asks back");
      return Optional.empty();
    }
    List<Turn> turns = new ArrayList<>();
    turns.add(new Turn(Turn.USER, Fields.text(instance, "input")));
    for (Step step : steps) {
      turns.add(plan(new Decision.Call(step.thought)));
      turns.add(new Turn(Turn.CALLER, call(step)));
      turns.add(new Turn(Turn.OBSERVATION, PythonText.beforeFirst(step.observation, HINT)));
    }
    turns.add(plan(new Decision.Conclude(Fields.text(instance, "Final Thought", "").strip())));
    turns.add(new Turn(Turn.SUMMARIZER, Fields.text(instance, "output").strip()));
    return Optional.of(turns);
  }

  private static Turn plan(Decision decision) {
    return new Turn(Turn.PLANNER, PromptFormat.write(decision));
  }

  private static String call(Step step) {
    return TruncatedJson.object(step.input)
        .map(arguments -> PromptFormat.write(new ToolCall(step.action, arguments)))
        .orElse("Action: " + step.action + "\nAction Input: " + step.input);
  }

  private record Step(String action, String input, String thought, String observation) {}

  private static List<Step> steps(Map<String, @Nullable Object> instance)
      throws BadRecordException {
    List<Step> steps = new ArrayList<>();
    for (Object step : Fields.list(instance, "intermediate_steps")) {
      if (!(step instanceof List<?> pair)
          || pair.size() != 2
          || !(pair.get(0) instanceof List<?> call)
          || call.size() != 3) {
        throw new BadRecordException("a step is not [[action, input, log], observation]");
      }
      Matcher thought = THOUGHT.matcher(String.valueOf(call.get(2)));
      steps.add(
          new Step(
              String.valueOf(call.get(0)),
              String.valueOf(call.get(1)),
              thought.find() ? thought.group(1) : "",
              String.valueOf(pair.get(1))));
    }
    return steps;
  }
}
