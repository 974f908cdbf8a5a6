package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes back from tools, prompts fit the window and the task stays in them. */
class ContextWindowTest {
  private static final String TASK = "Where is my order A-4711, and may I still change it?";
  private static final String CALL = "Action: orderStatus\nAction Input: {\"orderId\": \"7\"}";

  private final FakeRunContext context = new FakeRunContext();

  private static Step step(int number, String result) {
    return Step.of(
        new Decision.Call("Look at number " + number + "."),
        new ToolCall("orderStatus", Map.of("orderId", String.valueOf(number))),
        Observation.ok(result));
  }

  private static Trajectory trajectory(int steps, String result) {
    Trajectory trajectory = Trajectory.start(TASK);
    for (int i = 1; i <= steps; i++) {
      trajectory = trajectory.with(step(i, "<" + i + "> " + result));
    }
    return trajectory;
  }

  private String tunedPrompt(Trajectory trajectory, int window, List<ToolSpecification> tools) {
    ScriptedTextModel model =
        new ScriptedTextModel().withContextWindow(window).writes("Next: caller.");
    Planner.tuned(model, PromptFormat.compact()).plan(trajectory, tools, context);
    return model.requests().get(0).prompt().text();
  }

  private static String text(ChatRequest request) {
    return request.messages().stream()
        .map(
            message ->
                message instanceof UserMessage user
                    ? user.singleText()
                    : message instanceof AiMessage ai
                        ? ai.text()
                        : ((SystemMessage) message).text())
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "{\"a\": [", "é😀", "<|im_end|>", "word and word "})
  void should_cap_a_million_characters_for_tuned_roles(String part) {
    String million = part.repeat(1_000_000 / part.length());
    ScriptedTextModel model =
        new ScriptedTextModel()
            .writes("Call orderStatus for 7. Next: caller.")
            .writes(CALL)
            .writes("The result is in. Next: conclusion.")
            .writes("It is on its way.");
    AgentResult result =
        Agent.builder()
            .roles(Roles.tuned(model, PromptFormat.compact()))
            .tools(new FakeToolbox(Tools.SHOP, call -> Observation.ok(million)))
            .build()
            .run(TASK);

    assertThat(result.answer()).contains("It is on its way.");
    assertThat(result.trajectory().steps().get(0).outcomes().get(0).observation().text())
        .isEqualTo(million);
    assertThat(model.requests()).hasSize(4);
    for (TextModel.Request request : model.requests()) {
      assertThat(model.countTokens(request.prompt().text())).isLessThan(2048 - 256);
      assertThat(request.prompt().text()).contains(TASK);
    }
    assertThat(model.requests().get(2).prompt().text())
        .containsPattern(
            "… \\[the result has [\\d,]+ characters; only the first [\\d,]+ are shown]");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4_096, 32_768})
  void should_cap_a_million_characters_for_prompted_roles(int window) {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("Call orderStatus for 7. Next: caller.")
            .says(CALL)
            .says("The result is in. Next: conclusion.")
            .says("It is on its way.");
    AgentResult result =
        Agent.builder()
            .roles(Roles.prompted(model, Prompting.defaults().withContextWindow(window)))
            .tools(new FakeToolbox(Tools.SHOP, call -> Observation.ok("x".repeat(1_000_000))))
            .build()
            .run(TASK);

    assertThat(result.answer()).contains("It is on its way.");
    for (ChatRequest request : model.requests()) {
      int schemas = TokenEstimate.of(request.toolSpecifications().toString());
      assertThat(TokenEstimate.of(text(request)) + schemas).isLessThan(window);
      assertThat(text(request)).contains(TASK);
    }
    assertThat(text(model.requests().get(3)))
        .contains("… [the result has 1,000,000 characters; only the first ");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.25, 0.6})
  void should_give_a_result_the_share_that_its_tool_has(double share) {
    int window = 8_192;
    List<ToolSpecification> tools =
        Tools.SHOP.stream()
            .map(tool -> tool.toBuilder().metadata(Map.of(Toolbox.MAX_RESULT_SHARE, share)).build())
            .toList();
    ScriptedTextModel model = new ScriptedTextModel();
    int without = model.countTokens(tunedPrompt(trajectory(1, ""), window, tools));
    int with =
        model.countTokens(tunedPrompt(trajectory(1, "value ".repeat(20_000)), window, tools));
    assertThat((with - without) / (double) window).isBetween(share * 0.6, share);
  }

  @Test
  void should_condense_the_oldest_results_first_and_keep_the_newest() {
    String prompt = tunedPrompt(trajectory(30, "value ".repeat(40)), 2048, Tools.SHOP);

    assertThat(prompt).contains(TASK);
    assertThat(prompt)
        .endsWith("<30> " + "value ".repeat(40) + "<|im_end|>\n<|im_start|>planner\n");
    assertThat(prompt).contains("earlier steps are not shown]");
    assertThat(prompt.indexOf("characters; only the first"))
        .isLessThan(prompt.indexOf("<29> " + "value ".repeat(40)));
    Tools.SHOP.forEach(tool -> assertThat(prompt).contains(tool.description()));
  }

  /** A prompt that begins as the one before it costs an engine only what was added. */
  @Test
  void should_change_old_text_rarely() {
    List<String> prompts =
        IntStream.rangeClosed(1, 60)
            .mapToObj(
                steps -> tunedPrompt(trajectory(steps, "value ".repeat(20)), 2048, Tools.SHOP))
            .map(prompt -> prompt.substring(0, prompt.lastIndexOf("<|im_start|>")))
            .toList();
    long rewritten =
        IntStream.range(1, prompts.size())
            .filter(i -> !prompts.get(i).startsWith(prompts.get(i - 1)))
            .count();

    assertThat(prompts.get(59)).contains("not shown]");
    assertThat(rewritten).isBetween(2L, 12L);
  }

  @Test
  void should_show_planner_and_caller_the_same_beginning() {
    Trajectory trajectory = trajectory(30, "value ".repeat(20));
    ScriptedTextModel model = new ScriptedTextModel().writes("Next: caller.").writes(CALL);
    Roles roles = Roles.tuned(model, PromptFormat.compact());
    roles.planner().plan(trajectory, Tools.SHOP, context);
    roles.caller().call(trajectory, new Decision.Call("Look."), Tools.SHOP, context);
    String planner = model.requests().get(0).prompt().text();

    assertThat(model.requests().get(1).prompt().text())
        .startsWith(planner.substring(0, planner.lastIndexOf("<|im_start|>")));
  }

  @Test
  void should_leave_out_tools_last_and_never_those_in_use() {
    List<ToolSpecification> many =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    ToolSpecification.builder()
                        .name("tool" + i + "x")
                        .description("Does what number " + i + " does, " + "and more ".repeat(20))
                        .build())
            .toList();
    Trajectory trajectory =
        Trajectory.start(TASK)
            .with(
                Step.of(
                    new Decision.Call("Ask."),
                    new ToolCall("tool59x", Map.of()),
                    Observation.ok("fine")));
    String prompt = tunedPrompt(trajectory, 1_024, many);

    assertThat(prompt).contains(TASK, "tool59x", "tool0x", "fine").doesNotContain("tool58x");
    assertThat(prompt).contains("…");
  }

  @Test
  void should_end_with_context_full_only_if_the_task_itself_does_not_fit() {
    String task = "Read this: " + "word ".repeat(3_000);
    ScriptedTextModel model = new ScriptedTextModel();
    AgentResult tuned =
        Agent.builder().roles(Roles.tuned(model, PromptFormat.compact())).build().run(task);
    AgentResult prompted =
        Agent.builder()
            .roles(
                Roles.prompted(
                    new ScriptedChatModel(), Prompting.defaults().withContextWindow(4_096)))
            .build()
            .run(task);

    assertThat(tuned.stopReason()).isEqualTo(StopReason.CONTEXT_FULL);
    assertThat(tuned.detail()).contains("the model's window 2,048: shorten the task");
    assertThat(prompted.stopReason()).isEqualTo(StopReason.CONTEXT_FULL);
    assertThat(model.requests()).isEmpty();
  }

  /** An engine that finds more tokens than it counted: control tokens spelt out, for example. */
  @Test
  void should_shorten_the_prompt_once_more_if_the_model_counts_more() {
    ScriptedTextModel scripted = new ScriptedTextModel().writes("Next: conclusion.");
    TextModel strict =
        new TextModel() {
          @Override
          public TextModel.Response complete(TextModel.Request request) {
            int real = 3 * countTokens(request.prompt().text());
            return real < contextWindow()
                ? scripted.complete(request)
                : new TextModel.Response(
                    "",
                    TextModel.Finish.CONTEXT_FULL,
                    new ModelUse(real, 0, 0, Duration.ZERO, Duration.ZERO));
          }

          @Override
          public int contextWindow() {
            return 2048;
          }
        };
    Trajectory trajectory = trajectory(20, "value ".repeat(20));

    assertThat(Planner.tuned(strict, PromptFormat.compact()).plan(trajectory, Tools.SHOP, context))
        .isEqualTo(new Decision.Conclude(""));
    assertThat(scripted.requests().get(0).prompt().text()).contains(TASK, "<20> value");
  }

  @Test
  void should_give_an_earlier_conversation_a_share_of_the_window() {
    Conversation conversation = Conversation.empty();
    for (int i = 0; i < 50; i++) {
      conversation =
          conversation.with(
              new Conversation.Exchange(
                  "Question " + i,
                  List.of(step(i, "value ".repeat(200))),
                  "Answer " + i + " " + "indeed ".repeat(10)));
    }
    String prompt = tunedPrompt(Trajectory.start(TASK, conversation), 2048, Tools.SHOP);

    assertThat(prompt).contains(TASK, "Question 49", "Answer 49").doesNotContain("Question 0<");
    assertThat(TokenEstimate.of(prompt)).isLessThan(1_024);
  }

  /** 4,096 positions, 512 to write, 8 left free: the published runs keep 3,576 tokens. */
  @Test
  void should_lose_the_beginning_as_published() {
    ScriptedTextModel model = new ScriptedTextModel().withContextWindow(4_096);
    model.writes("Next: caller.");
    Trajectory trajectory = trajectory(20, "value ".repeat(400));
    Planner.tuned(model, PromptFormat.alphaUmi().asPublished())
        .plan(trajectory, Tools.SHOP, context);
    Prompt prompt = model.requests().get(0).prompt();
    String whole =
        PromptFormat.alphaUmi()
            .asPublished()
            .prompt(Role.PLANNER, trajectory, null, Tools.SHOP)
            .text();

    assertThat(model.countTokens(prompt.text())).isEqualTo(3_576);
    assertThat(whole).endsWith(prompt.text()).contains(TASK);
    assertThat(prompt.text()).doesNotContain(TASK);
    assertThat(whole).contains("value value...").doesNotContain("value ".repeat(200));
    assertThat(prompt.parts().get(prompt.parts().size() - 1).control()).isTrue();
  }

  @Test
  void should_leave_prompts_alone_that_fit() {
    Trajectory trajectory = trajectory(3, "short");

    assertThat(tunedPrompt(trajectory, 2048, Tools.SHOP))
        .isEqualTo(
            PromptFormat.compact().prompt(Role.PLANNER, trajectory, null, Tools.SHOP).text());
  }
}
