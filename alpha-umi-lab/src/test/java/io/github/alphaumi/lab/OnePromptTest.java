package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A role reads the same prompt when it learns, when it is measured and when it works. */
class OnePromptTest {
  private static final String TASK = "Is it warm in Oslo?";
  private static final String RESULT = "{\"degrees\": 3, \"sky\": \"grå\"}";
  private static final List<String> TURNS =
      List.of(
          "Look at the weather. Next: caller.",
          "Action: weather\nAction Input: {\"city\": \"Oslo\"}",
          "The result is in. Next: conclusion.",
          "No, 3 degrees.");

  @TempDir Path folder;

  private final Conversation conversation =
      new Conversation(
          List.of(
              Map.of(
                  "Name",
                  "weather",
                  "function",
                  "The weather of a city",
                  "input",
                  Map.of("city", "string, the city"),
                  "required",
                  List.of("city"))),
          TASK,
          List.of(
              new Turn(Turn.USER, TASK),
              new Turn(Turn.PLANNER, TURNS.get(0)),
              new Turn(Turn.CALLER, TURNS.get(1)),
              new Turn(Turn.OBSERVATION, RESULT),
              new Turn(Turn.PLANNER, TURNS.get(2)),
              new Turn(Turn.SUMMARIZER, TURNS.get(3))));

  @ParameterizedTest
  @ValueSource(strings = {"alpha-umi", "compact"})
  void should_build_the_prompts_of_each_step_alike(String name) throws Exception {
    PromptFormat format = Formats.of(name);

    List<String> live = live(format);

    assertThat(live).hasSize(4);
    assertThat(learnt(format)).containsExactlyInAnyOrderElementsOf(live);
    assertThat(measured(format)).containsExactlyInAnyOrderElementsOf(live);
  }

  private List<String> live(PromptFormat format) throws BadRecordException {
    Recorder model = new Recorder(TURNS);
    Agent.builder()
        .roles(Roles.tuned(model, format))
        .tools(new Weather(ToolRecord.specifications(conversation.tools())))
        .build()
        .run(TASK);
    return model.prompts;
  }

  private List<String> measured(PromptFormat format) throws IOException, BadRecordException {
    // All plans come first, then the calls, then the answers.
    Recorder model = new Recorder(List.of(TURNS.get(0), TURNS.get(2), TURNS.get(1), TURNS.get(3)));
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    try (Answers answers = new Answers(folder.resolve(format.name() + ".jsonl"), "test");
        Progress progress = new Progress(new Console(nowhere, nowhere, false), "", 4, "", 1)) {
      new StaticInference(Roles.tuned(model, format), answers, progress, 1)
          .predict(StaticInference.Asked.of(0, conversation));
    }
    return model.prompts;
  }

  private List<String> learnt(PromptFormat format) throws BadRecordException {
    List<String> prompts = new ArrayList<>();
    new RoleFiles(format, true)
        .apply(
            folder,
            new LinkedHashMap<>(conversation.json()),
            new RecordStep.Sink() {
              @Override
              public void write(int output, Object record) {
                if (output != RoleSample.BACKBONE && record instanceof Map<?, ?> sample) {
                  prompts.add(String.valueOf(sample.get("input")));
                }
              }

              @Override
              public void count(String name) {}
            });
    return prompts;
  }

  private static final class Recorder implements TextModel {
    private final List<String> prompts = new ArrayList<>();
    private final Iterator<String> texts;

    Recorder(List<String> texts) {
      this.texts = texts.iterator();
    }

    @Override
    public TextModel.Response complete(TextModel.Request request) {
      prompts.add(request.prompt().text());
      return new TextModel.Response(
          texts.next(), TextModel.Finish.STOP, new ModelUse(1, 0, 1, Duration.ZERO, Duration.ZERO));
    }

    @Override
    public int contextWindow() {
      return 4096;
    }
  }

  private record Weather(List<ToolSpecification> specifications) implements Toolbox {
    @Override
    public Observation execute(ToolCall call, RunContext context) {
      return Observation.ok(RESULT);
    }
  }
}
