package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Prompting;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What weak models and bad days do to an agent, and to langchain4j's AiServices with its defaults:
 * the same tools, and models that write the same nonsense. Both columns are measured here; only
 * ours is asserted. The table is written to {@code target/against-ai-services.md}.
 */
@Timeout(60)
class AgainstAiServicesTest {
  private static final String CALLER = "Next: caller.";
  private static final String CONCLUSION = "Next: conclusion.";
  private static final Map<Integer, String> ROWS = new TreeMap<>();

  interface Assistant {
    String chat(String task);
  }

  /** The tools; what they did is counted. */
  static class Shop {
    final AtomicInteger calls = new AtomicInteger();
    final List<String> seen = new ArrayList<>();
    final CountDownLatch never = new CountDownLatch(1);
    volatile Thread toInterrupt = Thread.currentThread();

    record Address(String street, String city) {}

    @Tool("Adds two numbers")
    int add(@P(name = "a") int a, @P(name = "b") int b) {
      calls.incrementAndGet();
      return a + b;
    }

    @Tool("Ships an order to an address")
    String ship(@P(name = "orderId") String orderId, @P(name = "address") Address address) {
      calls.incrementAndGet();
      return "shipped to " + address;
    }

    @Tool("A long report")
    @Policy(maxResultChars = 2_000_000)
    String report() {
      calls.incrementAndGet();
      return "x".repeat(1_000_000);
    }

    @Tool("Waits for a parcel")
    String await() throws InterruptedException {
      calls.incrementAndGet();
      toInterrupt.interrupt();
      never.await();
      return "it came";
    }

    @Tool("Looks up a customer")
    String customer() {
      throw new IllegalStateException("login failed: password=hunter2");
    }

    @Tool("Refunds an order")
    @Policy(approval = true)
    String refund(@P(name = "orderId") String orderId) {
      calls.incrementAndGet();
      seen.add(orderId);
      return "refunded " + orderId;
    }
  }

  private final Shop shop = new Shop();
  private final Shop other = new Shop();

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @AfterAll
  static void report() throws IOException {
    StringBuilder table =
        new StringBuilder("| | what happens | AiServices, defaults | alpha-umi, defaults |\n")
            .append("|---|---|---|---|\n");
    ROWS.values().forEach(table::append);
    Path file = Path.of("target", "against-ai-services.md");
    Files.createDirectories(file.getParent());
    Files.writeString(file, table);
  }

  private static void row(int number, String what, String theirs, String ours) {
    ROWS.put(number, "| " + number + " | " + what + " | " + theirs + " | " + ours + " |\n");
  }

  private static AiMessage call(String name, String arguments) {
    return AiMessage.from(
        ToolExecutionRequest.builder().id("1").name(name).arguments(arguments).build());
  }

  private static Agent.Builder agent(ChatModel model, Shop tools) {
    return Agent.builder().roles(Roles.prompted(model)).tools(AnnotatedTools.of(tools));
  }

  /** What came of it in AiServices: the answer or what was thrown, and the state of its memory. */
  private String theirs(ChatModel model) {
    ChatMemory memory = MessageWindowChatMemory.withMaxMessages(1_000);
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(model)
            .tools(other)
            .chatMemory(memory)
            .build();
    String end = ended(() -> assistant.chat("Please do it."));
    List<ChatMessage> messages = memory.messages();
    boolean open =
        messages.get(messages.size() - 1) instanceof AiMessage last
            && last.hasToolExecutionRequests();
    return end + (open ? "; memory ends with an unanswered call" : "");
  }

  private static String ended(Supplier<String> run) {
    try {
      String answer = run.get();
      return answer == null || answer.isBlank() ? "returns null" : "answers";
    } catch (RuntimeException e) {
      return "throws " + e.getClass().getSimpleName();
    }
  }

  private static String observed(AgentResult result, int step) {
    return result.trajectory().steps().get(step).outcomes().get(0).observation().text();
  }

  private static int characters(ChatRequest request) {
    return request.messages().stream().mapToInt(message -> message.toString().length()).sum();
  }

  @Test
  void should_suggest_the_tool_that_was_meant() {
    AgentResult result =
        agent(
                new ScriptedChatModel()
                    .says("Add 1 and 2. " + CALLER)
                    .says(call("ADD", "{\"a\": 1, \"b\": 2}"))
                    .says("Add 1 and 2. " + CALLER)
                    .says(call("addd", "{\"a\": 1, \"b\": 2}"))
                    .says("Add 1 and 2 with add. " + CALLER)
                    .says(call("add", "{\"a\": 1, \"b\": 2}"))
                    .says(CONCLUSION)
                    .says("3"),
                shop)
            .build()
            .run("1 + 2?");
    String theirs =
        theirs(new ScriptedChatModel().says(call("addd", "{\"a\": 1, \"b\": 2}")).says("3"));

    assertThat(result.answer()).contains("3");
    assertThat(observed(result, 0)).contains("the tool ADD does not exist; use add");
    assertThat(observed(result, 1)).contains("the tool addd does not exist; use add");
    assertThat(shop.calls).hasValue(1);
    row(
        1,
        "calls `addd` or `ADD` where there is `add`",
        theirs,
        "the planner reads \"the tool addd does not exist; use add\"; answers");
  }

  @Test
  void should_mend_or_refuse_malformed_arguments() {
    List<String> forms = new ArrayList<>();
    for (String arguments :
        List.of("```json\n{\"a\": 1, \"b\": 2}\n```", "{'a': 1, 'b': 2}", "{\"a\": 1, \"b\": 2")) {
      boolean truncated = !arguments.contains("}");
      ScriptedChatModel model =
          new ScriptedChatModel().says("Add 1 and 2. " + CALLER).says(call("add", arguments));
      if (truncated) {
        model.says(call("add", "{\"a\": 1, \"b\": 2}"));
      }
      AgentResult result = agent(model.says(CONCLUSION).says("3"), shop).build().run("1 + 2?");

      assertThat(result.answer()).contains("3");
      assertThat(result.trajectory().steps().get(0).outcomes().get(0).observation())
          .isEqualTo(Observation.ok("{\"result\": 3}"));
      assertThat(result.usage().repairs()).isEqualTo(1);
      forms.add(theirs(new ScriptedChatModel().says(call("add", arguments)).says("3")));
    }
    assertThat(shop.calls).hasValue(3);
    row(
        2,
        "arguments in a fence, in single quotes, truncated",
        String.join(", ", forms),
        "mended, mended, asked again; answers, 1 repair counted each");
  }

  @Test
  void should_not_invoke_a_tool_without_a_required_argument() {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("Ship 7. " + CALLER)
            .says(call("ship", "{\"orderId\": \"7\"}"))
            .says("No address. Next: give up.");
    AgentResult result = agent(model, shop).build().run("Ship 7.");
    String theirs =
        theirs(new ScriptedChatModel().says(call("ship", "{\"orderId\": \"7\"}")).says("Shipped."));

    assertThat(observed(result, 0)).contains("the argument address is missing");
    assertThat(shop.calls).hasValue(0);
    row(
        3,
        "omits a required object argument",
        "tool run " + other.calls + " time(s) with null; " + theirs,
        "tool not run; the planner reads \"the argument address is missing\"");
  }

  @Test
  void should_divert_repetitions() {
    AtomicInteger theirModel = new AtomicInteger();
    ChatModel repeating =
        new ChatModel() {
          @Override
          public ChatResponse doChat(ChatRequest request) {
            theirModel.incrementAndGet();
            return ChatResponse.builder().aiMessage(call("add", "{\"a\": 1, \"b\": 2}")).build();
          }
        };
    ScriptedChatModel model = new ScriptedChatModel();
    for (int i = 0; i < 4; i++) {
      model.says("Add 1 and 2. " + CALLER).says(call("add", "{\"a\": 1, \"b\": 2}"));
    }
    AgentResult result = agent(model.says("It is 3."), shop).build().run("1 + 2?");
    String theirs = theirs(repeating);

    assertThat(result.stopReason()).isEqualTo(StopReason.REPEATED_CALL);
    assertThat(result.answer()).contains("It is 3.");
    assertThat(shop.calls).hasValue(1);
    row(
        4,
        "repeats the same call forever",
        theirModel + " model calls, " + other.calls + " tool runs, then " + theirs,
        model.requests().size() + " model calls, 1 tool run, then REPEATED_CALL with an answer");
  }

  @Test
  void should_cap_a_million_characters() {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("Get the report. " + CALLER)
            .says(call("report", "{}"))
            .says(CONCLUSION)
            .says("It is long.");
    AgentResult result =
        Agent.builder()
            .roles(Roles.prompted(model, Prompting.defaults().withContextWindow(8_192)))
            .tools(AnnotatedTools.of(shop))
            .build()
            .run("Report?");
    ScriptedChatModel theirModel =
        new ScriptedChatModel().says(call("report", "{}")).says("It is long.");
    String theirs = theirs(theirModel);
    int most =
        model.requests().stream().mapToInt(AgainstAiServicesTest::characters).max().orElse(0);

    assertThat(result.answer()).contains("It is long.");
    assertThat(most).isLessThan(3 * 8_192);
    assertThat(model.requests().get(2).messages().toString())
        .contains("the result has 1,000,0")
        .contains("characters; only the first");
    row(
        5,
        "a tool returns 1,000,000 characters; window of 8,192 tokens",
        String.format("%,d characters sent; %s", characters(theirModel.requests().get(1)), theirs),
        String.format(
            "%,d characters sent, with a notice of what is not shown; answers",
            characters(model.requests().get(2))));
  }

  @Test
  void should_end_in_time_and_keep_the_interrupt() {
    Duration limit = Duration.ofMillis(300);
    other.toInterrupt = Thread.currentThread();
    String theirs =
        theirs(new ScriptedChatModel().says(call("await", "{}")).says("It never came."));
    boolean theirFlag = Thread.interrupted();

    shop.toInterrupt = new Thread();
    long start = System.nanoTime();
    AgentResult late =
        agent(new ScriptedChatModel().says("Wait. " + CALLER).says(call("await", "{}")), shop)
            .budget(Budget.defaults().withTime(limit))
            .build()
            .run("Wait.");
    Duration over = Duration.ofNanos(System.nanoTime() - start).minus(limit);
    shop.toInterrupt = Thread.currentThread();
    AgentResult interrupted =
        agent(new ScriptedChatModel().says("Wait. " + CALLER).says(call("await", "{}")), shop)
            .build()
            .run("Wait.");
    boolean ourFlag = Thread.interrupted();

    assertThat(late.stopReason()).isEqualTo(StopReason.TIME_LIMIT);
    assertThat(interrupted.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(ourFlag).isTrue();
    row(
        6,
        "a deadline passes, or the thread is interrupted, while a tool waits",
        "no deadline; interrupted: " + theirs + ", interrupt flag " + (theirFlag ? "kept" : "lost"),
        "TIME_LIMIT " + over.toMillis() + " ms after the deadline; CANCELLED, interrupt flag kept");
  }

  @Test
  void should_keep_secrets_from_models() {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("Look. " + CALLER)
            .says(call("customer", "{}"))
            .says("Next: give up.");
    agent(model, shop).build().run("Who?");
    ScriptedChatModel theirModel =
        new ScriptedChatModel().says(call("customer", "{}")).says("Nobody.");
    theirs(theirModel);
    boolean told = theirModel.requests().toString().contains("hunter2");

    assertThat(model.requests()).hasSize(3);
    assertThat(model.requests().toString()).doesNotContain("hunter2").contains("the tool failed");
    row(
        7,
        "a tool throws with a password in the message",
        told ? "the model reads the password" : "the model does not read it",
        "the model reads \"the tool failed\"");
  }

  @Test
  void should_run_an_effect_once_over_two_processes() {
    Journal journal = Journal.inMemory();
    ScriptedChatModel dies =
        new ScriptedChatModel()
            .says("Refund 7. " + CALLER)
            .says(call("refund", "{\"orderId\": \"7\"}"))
            .does(
                request -> {
                  throw new IllegalStateException("connection lost");
                });
    AgentResult first =
        agent(dies, shop)
            .approver(call -> Approver.Answer.yes())
            .journal(journal)
            .build()
            .run("Refund 7.");
    AgentResult second =
        agent(new ScriptedChatModel().says(CONCLUSION).says("It is refunded."), shop)
            .approver(call -> Approver.Answer.yes())
            .journal(journal)
            .build()
            .resume(first.runId());
    ScriptedChatModel theirDies =
        new ScriptedChatModel()
            .says(call("refund", "{\"orderId\": \"7\"}"))
            .does(
                request -> {
                  throw new IllegalStateException("connection lost");
                });
    String before = theirs(theirDies);
    String after =
        theirs(
            new ScriptedChatModel()
                .says(call("refund", "{\"orderId\": \"7\"}"))
                .says("It is refunded."));

    assertThat(first.stopReason()).isEqualTo(StopReason.MODEL_FAILED);
    assertThat(second.answer()).contains("It is refunded.");
    assertThat(shop.calls).hasValue(1);
    row(
        8,
        "the model is lost after an effectful call; the task is taken up again",
        before + "; asked again: " + after + ", effect made " + other.calls + " times",
        "resumed from the journal; effect made once; answers");
  }

  @Test
  void should_tell_why_a_call_was_refused_and_run_what_was_approved() {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("Refund 7. " + CALLER)
            .says(call("refund", "{\"orderId\": \"7\"}"))
            .says("Refund 8 then. " + CALLER)
            .says(call("refund", "{\"orderId\": \"8\"}"))
            .says(CONCLUSION)
            .says("Only 8 was refunded.");
    List<Object> asked = new ArrayList<>();
    AgentResult result =
        agent(model, shop)
            .approver(
                call -> {
                  asked.add(call.arguments().get("orderId"));
                  return "8".equals(call.arguments().get("orderId"))
                      ? Approver.Answer.yes()
                      : Approver.Answer.no("order 7 is too old");
                })
            .build()
            .run("Refund 7 and 8.");
    theirs(new ScriptedChatModel().says(call("refund", "{\"orderId\": \"7\"}")).says("Refunded."));

    assertThat(result.answer()).contains("Only 8 was refunded.");
    assertThat(observed(result, 0)).contains("order 7 is too old");
    assertThat(model.requests().get(2).messages().toString()).contains("order 7 is too old");
    assertThat(asked).containsExactly("7", "8");
    assertThat(shop.seen).containsExactly("8");
    row(
        9,
        "a call that somebody would deny",
        "nobody is asked; tool run " + other.calls + " time(s)",
        "the planner reads the reason; what was approved is what runs");
  }

  @Test
  void should_keep_agents_of_one_process_apart() {
    List<CompletableFuture<AgentResult>> runs = new ArrayList<>();
    List<Shop> shops = List.of(new Shop(), new Shop());
    for (int i = 0; i < 2; i++) {
      String id = "order-" + i;
      ScriptedChatModel model =
          new ScriptedChatModel()
              .says("Refund " + id + ". " + CALLER)
              .says(call("refund", "{\"orderId\": \"" + id + "\"}"))
              .says(CONCLUSION)
              .says("Refunded " + id);
      Agent agent =
          agent(model, shops.get(i))
              .approver(i == 0 ? call -> Approver.Answer.yes() : Approver.nobody())
              .build();
      runs.add(CompletableFuture.supplyAsync(() -> agent.run("Refund " + id)));
    }

    List<Shop> theirShops = List.of(new Shop(), new Shop());
    List<CompletableFuture<String>> chats = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ScriptedChatModel model =
          new ScriptedChatModel()
              .says(call("refund", "{\"orderId\": \"order-" + i + "\"}"))
              .says("Refunded.");
      Assistant assistant =
          AiServices.builder(Assistant.class)
              .chatModel(model)
              .tools(theirShops.get(i))
              .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
              .build();
      chats.add(CompletableFuture.supplyAsync(() -> ended(() -> assistant.chat("Please do it."))));
    }
    List<String> theirs = chats.stream().map(CompletableFuture::join).toList();
    int mixed =
        (theirShops.get(0).seen.equals(List.of("order-0")) ? 0 : 1)
            + (theirShops.get(1).seen.equals(List.of("order-1")) ? 0 : 1);

    assertThat(runs.get(0).join().answer()).contains("Refunded order-0");
    assertThat(runs.get(1).join().answer()).contains("Refunded order-1");
    assertThat(shops.get(0).seen).containsExactly("order-0");
    assertThat(shops.get(1).seen).isEmpty();
    assertThat(runs.get(1).join().trajectory().steps())
        .flatExtracting(Step::outcomes)
        .extracting(outcome -> outcome.observation().status())
        .containsExactly(Observation.Status.REFUSED);
    row(
        10,
        "two agents with different rules on two threads of one process",
        theirs.equals(List.of("answers", "answers")) && mixed == 0
            ? "kept apart, each with a memory of its own"
            : String.join(", ", theirs) + "; " + mixed + " tool runs of the other",
        "kept apart; native memory is counted to 0 by a test of alpha-umi-onnx");
  }

  @Test
  void should_make_the_other_calls_of_a_turn_of_which_one_is_malformed() {
    Supplier<AiMessage> three =
        () ->
            AiMessage.from(
                ToolExecutionRequest.builder()
                    .id("1")
                    .name("add")
                    .arguments("{\"a\": 1, \"b\": 2}")
                    .build(),
                ToolExecutionRequest.builder().id("2").name("add").arguments("1 and 2").build(),
                ToolExecutionRequest.builder()
                    .id("3")
                    .name("add")
                    .arguments("{\"a\": 3, \"b\": 4}")
                    .build());
    AgentResult result =
        agent(
                new ScriptedChatModel()
                    .says("Add 1 and 2, and 3 and 4. " + CALLER)
                    .says(three.get())
                    .says(CONCLUSION)
                    .says("3 and 7"),
                shop)
            .build()
            .run("1 + 2? 3 + 4?");
    String theirs = theirs(new ScriptedChatModel().says(three.get()).says("3 and 7"));

    assertThat(result.answer()).contains("3 and 7");
    assertThat(result.trajectory().steps().get(0).outcomes())
        .extracting(outcome -> outcome.observation().text())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("{\"result\": 3}"),
            second -> assertThat(second).contains("the arguments of add are not a JSON object"),
            third -> assertThat(third).isEqualTo("{\"result\": 7}"));
    assertThat(shop.calls).hasValue(2);
    row(
        11,
        "one of three calls of a turn is malformed",
        theirs + "; " + other.calls.get() + " of the two others made",
        "both others are made, the planner reads what is wrong with the one; answers");
  }
}
