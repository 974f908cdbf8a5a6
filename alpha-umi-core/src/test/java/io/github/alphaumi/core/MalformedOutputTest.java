package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.github.alphaumi.core.testkit.FakeToolbox;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whole runs over models that write nonsense: whatever comes out of them, a run ends with a reason,
 * its history is well-formed and the number of model calls is bounded.
 *
 * <p>The number of outputs is the system property {@code alpha.umi.fuzz}: 20,000 unless given. Each
 * run prints its seed when it fails.
 */
class MalformedOutputTest {
  private static final long OUTPUTS = Long.getLong("alpha.umi.fuzz", 20_000);
  private static final long FIRST_SEED = Long.getLong("alpha.umi.fuzz.seed", 20_240_701);
  private static final int STEPS = 6;

  /** Every step at most: a plan and its repair, a call and its repair; then the answer, twice. */
  private static final int MOST_OUTPUTS = 4 * (STEPS + 1) + 6;

  private static final Pattern HISTORY = Pattern.compile("(u(pc?o)*s)*u(u?pc?o)*u?(p[cs]|p)");

  private final Map<StopReason, Integer> reasons = new EnumMap<>(StopReason.class);
  private long outputs;
  private long runs;
  private long repairs;

  /** One run's models: all they write is malformed, and all they read is checked. */
  private final class Nonsense implements TextModel, ChatModel {
    private final Random random;
    private final MalformedText texts;
    private final Set<Capability> capabilities;
    private int written;

    Nonsense(long seed) {
      random = new Random(seed);
      texts = new MalformedText(random);
      capabilities =
          random.nextBoolean() ? Set.of() : Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    private String write() {
      outputs++;
      written++;
      return texts.next();
    }

    @Override
    public TextModel.Response complete(TextModel.Request request) {
      checkPrompt(request.prompt());
      TextModel.Finish finish =
          random.nextInt(8) == 0 ? TextModel.Finish.LENGTH : TextModel.Finish.STOP;
      return new TextModel.Response(
          write(), finish, new ModelUse(50, 0, 10, Duration.ZERO, Duration.ZERO));
    }

    @Override
    public int contextWindow() {
      return 2048;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
      return capabilities;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      checkMessages(request.messages());
      return ChatResponse.builder()
          .aiMessage(message())
          .finishReason(random.nextInt(8) == 0 ? FinishReason.LENGTH : FinishReason.STOP)
          .build();
    }

    private AiMessage message() {
      if (random.nextInt(3) > 0) {
        String text = write();
        return text.isEmpty() ? AiMessage.builder().build() : AiMessage.from(text);
      }
      ToolExecutionRequest call =
          ToolExecutionRequest.builder()
              .id("1")
              .name(random.nextInt(3) == 0 ? write() : "orderStatus")
              .arguments(random.nextInt(9) == 0 ? null : write())
              .build();
      return AiMessage.from(random.nextInt(4) == 0 ? List.of(call, call) : List.of(call));
    }
  }

  @Test
  void should_end_every_run_with_a_reason_and_a_well_formed_history() {
    for (long seed = FIRST_SEED; outputs < OUTPUTS; seed++) {
      try {
        run(seed);
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ": " + e, e);
      }
      runs++;
    }

    System.out.printf(
        "%,d malformed outputs in %,d runs from seed %d: %,d repairs, ends %s%n",
        outputs, runs, FIRST_SEED, repairs, reasons);
    assertThat(reasons).containsKeys(StopReason.ANSWERED, StopReason.GAVE_UP);
    assertThat(reasons).doesNotContainKeys(StopReason.MODEL_FAILED, StopReason.TOOLS_FAILED);
  }

  private void run(long seed) {
    Nonsense model = new Nonsense(seed);
    Random random = new Random(~seed);
    PromptFormat format = random.nextBoolean() ? PromptFormat.compact() : PromptFormat.alphaUmi();
    Roles tuned = Roles.tuned(model, format);
    Roles prompted =
        Roles.prompted(model, Prompting.defaults().withContextWindow(1_024 << random.nextInt(4)));
    Roles roles =
        switch (random.nextInt(4)) {
          case 0 -> tuned;
          case 1 -> prompted;
          case 2 -> tuned.withCaller(tuned.caller().withFallback(prompted.caller()));
          default -> tuned.withPlanner(prompted.planner()).withSummarizer(prompted.summarizer());
        };
    MalformedText results = new MalformedText(random);
    FakeToolbox tools =
        new FakeToolbox(
            Tools.SHOP,
            call ->
                random.nextInt(4) == 0
                    ? Observation.error(Observation.Status.INVALID, results.next())
                    : Observation.ok(results.next().repeat(1 + random.nextInt(3))));
    Agent agent =
        Agent.builder()
            .roles(roles)
            .tools(tools)
            .budget(Budget.defaults().withSteps(STEPS).withTokens(1_000_000))
            .runIds(() -> "fuzz")
            .build();
    String task = "Where is my order " + results.next() + "?";
    AgentResult result =
        random.nextInt(4) == 0 ? agent.run(task, Map.class).result() : agent.run(task);

    reasons.merge(result.stopReason(), 1, Integer::sum);
    repairs += result.usage().repairs();
    assertThat(model.written).isLessThanOrEqualTo(2 * MOST_OUTPUTS);
    checkPrompt(PromptFormat.compact().prompt(Role.PLANNER, result.trajectory(), null, Tools.SHOP));
  }

  /** What is not control is text, so the control parts alone tell the turns. */
  private static void checkPrompt(Prompt prompt) {
    StringBuilder control = new StringBuilder();
    prompt.parts().stream().filter(Prompt.Part::control).forEach(p -> control.append(p.text()));
    String turns =
        control.indexOf("<|im_start|>") >= 0
            ? compactTurns(control.toString())
            : publishedTurns(control.toString());
    assertThat(HISTORY.matcher(turns).matches()).as("%s in %s", turns, prompt).isTrue();
  }

  private static String compactTurns(String control) {
    return control
        .replace("<|im_start|>system\nTools:\n<|im_end|>\n", "")
        .replace("<|im_start|>user\n<|im_end|>\n", "u")
        .replace("<|im_start|>planner\n<|im_end|>\n", "p")
        .replace("<|im_start|>caller\n<|im_end|>\n", "c")
        .replace("<|im_start|>observation\n<|im_end|>\n", "o")
        .replace("<|im_start|>conclusion\n<|im_end|>\n", "s")
        .replace("<|im_start|>planner\n", "p")
        .replace("<|im_start|>caller\n", "c")
        .replace("<|im_start|>conclusion\n", "s");
  }

  private static String publishedTurns(String control) {
    String history = control.substring(control.indexOf("user: "));
    String turns =
        history
            .substring(0, history.indexOf('\n'))
            .replace("user: </s>", "u")
            .replace("assistant: </s>", "p")
            .replace("caller: </s>", "c")
            .replace("observation: ", "o")
            .replace("conclusion: </s>", "s");
    // The cue ends the template, after the instructions.
    return control.endsWith(" assistant: ")
        ? turns + "p"
        : turns + (control.endsWith(" caller: ") ? "c" : "s");
  }

  private static void checkMessages(List<ChatMessage> messages) {
    for (int i = 0; i < messages.size(); i++) {
      ChatMessageType expected =
          i == 0 ? ChatMessageType.SYSTEM : i % 2 == 1 ? ChatMessageType.USER : ChatMessageType.AI;
      assertThat(messages.get(i).type()).isEqualTo(expected);
      if (messages.get(i) instanceof AiMessage ai) {
        assertThat(ai.hasToolExecutionRequests()).isFalse();
        assertThat(ai.text()).isNotBlank();
      }
    }
    assertThat(messages.get(messages.size() - 1).type()).isEqualTo(ChatMessageType.USER);
  }
}
