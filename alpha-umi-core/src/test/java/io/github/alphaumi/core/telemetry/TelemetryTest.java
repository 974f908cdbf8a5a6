package io.github.alphaumi.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.Search;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs in Micrometer's own test registry, and as spans in an exporter of OpenTelemetry. */
class TelemetryTest {
  /** Stands for everything that was said; no telemetry may hold it unless asked to. */
  private static final String SECRET = "S3CRET";

  private final TestObservationRegistry registry = TestObservationRegistry.create();
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider tracers =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RunObservations telemetry = RunObservations.of(registry);

  TelemetryTest() {
    registry
        .observationConfig()
        .observationHandler(
            new DefaultTracingObservationHandler(
                new OtelTracer(tracers.get("test"), new OtelCurrentTraceContext(), event -> {})))
        .observationHandler(new DefaultMeterObservationHandler(meters))
        .observationHandler(new RunObservations.Meters(meters));
  }

  @AfterEach
  void everything_that_was_started_was_stopped() {
    assertThat(registry.getCurrentObservation()).as("current after the run").isNull();
    TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    tracers.close();
  }

  /** A chat model with a name that answers by a script. */
  private static final class NamedModel implements ChatModel {
    private final Deque<Supplier<String>> script = new ArrayDeque<>();
    private final Runnable whileAsked;

    NamedModel(Runnable whileAsked, String... texts) {
      this.whileAsked = whileAsked;
      for (String text : texts) {
        script.add(() -> text);
      }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
      return ChatRequestParameters.builder().modelName("small-1").build();
    }

    @Override
    public dev.langchain4j.model.ModelProvider provider() {
      return dev.langchain4j.model.ModelProvider.OPEN_AI;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      whileAsked.run();
      return ChatResponse.builder()
          .aiMessage(AiMessage.from(script.remove().get()))
          .tokenUsage(new TokenUsage(100, 7))
          .build();
    }
  }

  private static NamedModel model(Runnable whileAsked) {
    return new NamedModel(
        whileAsked,
        SECRET + " look. Next: caller.",
        "Action: price\nAction Input: {\"ticker\": \"" + SECRET + "\"}",
        SECRET + " known. Next: conclusion.",
        SECRET);
  }

  private Agent.Builder agent(Roles roles) {
    return Agent.builder().name("broker").roles(roles).listener(telemetry);
  }

  private static FakeToolbox tools(Runnable whileRun) {
    return FakeToolbox.of(
        call -> {
          whileRun.run();
          return Observation.ok(SECRET);
        },
        "price");
  }

  private AgentResult answered() {
    return agent(Roles.prompted(model(() -> {}))).tools(tools(() -> {})).build().run(SECRET);
  }

  private Map<String, String> parents() {
    List<SpanData> spans = exporter.getFinishedSpanItems();
    Map<String, String> names = new java.util.HashMap<>();
    spans.forEach(span -> names.put(span.getSpanId(), span.getName()));
    Map<String, String> parents = new java.util.TreeMap<>();
    for (SpanData span : spans) {
      parents.put(span.getName(), names.getOrDefault(span.getParentSpanId(), "-"));
    }
    return parents;
  }

  private SpanData span(String name) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + names()));
  }

  private List<String> names() {
    return exporter.getFinishedSpanItems().stream().map(SpanData::getName).toList();
  }

  private static String attribute(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  @Test
  void should_name_and_nest_spans_as_the_conventions_do() {
    answered();

    assertThat(names())
        .containsExactly(
            "chat small-1",
            "plan broker",
            "chat small-1",
            "execute_tool price",
            "chat small-1",
            "plan broker",
            "chat small-1",
            "invoke_agent broker");
    List<SpanData> spans = exporter.getFinishedSpanItems();
    SpanData run = span("invoke_agent broker");
    assertThat(run.getParentSpanContext().isValid()).isFalse();
    assertThat(spans.get(0).getParentSpanId()).isEqualTo(spans.get(1).getSpanId());
    assertThat(List.of(1, 2, 3, 5, 6))
        .allMatch(i -> spans.get(i).getParentSpanId().equals(run.getSpanId()));
    assertThat(spans.get(4).getParentSpanId()).isEqualTo(spans.get(5).getSpanId());
  }

  @Test
  void should_have_a_span_for_each_of_several_calls_under_the_run() {
    ExecutorService pool = Executors.newCachedThreadPool();
    CyclicBarrier all = new CyclicBarrier(3);
    List<String> under = new CopyOnWriteArrayList<>();
    FakeToolbox tools =
        FakeToolbox.of(
                call -> {
                  try {
                    all.await(30, TimeUnit.SECONDS);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                  under.add(
                      call.arguments().get("n")
                          + " "
                          + registry
                              .getCurrentObservation()
                              .getContextView()
                              .getHighCardinalityKeyValue("gen_ai.tool.call.id")
                              .getValue());
                  return call.arguments().get("n").equals(1)
                      ? Observation.error(Observation.Status.FAILED, "broken")
                      : Observation.ok("fine");
                },
                "price")
            .with("price", Effect.READ_ONLY);
    Caller.Turn turn =
        new Caller.Several(
            IntStream.range(0, 3)
                .<Caller.Turn>mapToObj(n -> new ToolCall("price", Map.of("n", n)))
                .toList());
    try {
      agent(
              ScriptedRoles.create()
                  .plan(() -> new Decision.Call("all"))
                  .turn(() -> turn)
                  .conclude("done")
                  .roles())
          .tools(tools)
          .executor(pool)
          .runIds(() -> "r")
          .build()
          .run("task");
    } finally {
      pool.shutdownNow();
    }

    List<SpanData> spans =
        exporter.getFinishedSpanItems().stream()
            .filter(span -> span.getName().equals("execute_tool price"))
            .toList();
    String run = span("invoke_agent broker").getSpanId();
    assertThat(spans).hasSize(3).allMatch(span -> span.getParentSpanId().equals(run));
    assertThat(spans)
        .extracting(span -> attribute(span, "gen_ai.tool.call.id"))
        .containsExactlyInAnyOrder("r/1", "r/1.2", "r/1.3");
    assertThat(spans)
        .filteredOn(span -> span.getStatus().getStatusCode() == StatusCode.ERROR)
        .singleElement()
        .satisfies(span -> assertThat(attribute(span, "gen_ai.tool.call.id")).isEqualTo("r/1.2"));
    assertThat(under).containsExactlyInAnyOrder("0 r/1", "1 r/1.2", "2 r/1.3");
  }

  @Test
  void should_say_who_did_what_and_what_it_cost() {
    AgentResult result = answered();

    SpanData run = span("invoke_agent broker");
    assertThat(attribute(run, "gen_ai.operation.name")).isEqualTo("invoke_agent");
    assertThat(attribute(run, "gen_ai.agent.name")).isEqualTo("broker");
    assertThat(attribute(run, "alpha_umi.run.id")).isEqualTo(result.runId());
    assertThat(attribute(run, "alpha_umi.stop_reason")).isEqualTo("answered");
    assertThat(attribute(run, "gen_ai.usage.input_tokens")).isEqualTo("400");
    assertThat(attribute(run, "gen_ai.usage.output_tokens")).isEqualTo("28");
    assertThat(attribute(run, "alpha_umi.repaired_calls")).isEqualTo("0");
    assertThat(attribute(run, "alpha_umi.backtracks")).isEqualTo("0");
    SpanData plan = span("plan broker");
    assertThat(attribute(plan, "alpha_umi.decision")).isEqualTo("call");
    assertThat(attribute(plan, "alpha_umi.node.id")).isEqualTo("1");
    assertThat(attribute(plan, "alpha_umi.node.depth")).isEqualTo("1");
    SpanData chat = span("chat small-1");
    assertThat(attribute(chat, "gen_ai.provider.name")).isEqualTo("openai");
    assertThat(attribute(chat, "gen_ai.request.model")).isEqualTo("small-1");
    assertThat(attribute(chat, "gen_ai.usage.input_tokens")).isEqualTo("100");
    assertThat(attribute(chat, "alpha_umi.role")).isEqualTo("planner");
    SpanData tool = span("execute_tool price");
    assertThat(attribute(tool, "gen_ai.tool.name")).isEqualTo("price");
    assertThat(attribute(tool, "gen_ai.tool.call.id")).isEqualTo(result.runId() + "/1");
    assertThat(attribute(tool, "alpha_umi.tool.status")).isEqualTo("ok");
    assertThat(exporter.getFinishedSpanItems())
        .allMatch(span -> attribute(span, "error.type") == null)
        .allMatch(span -> span.getStatus().getStatusCode() != StatusCode.ERROR);
  }

  @Test
  void should_observe_in_micrometers_own_test_registry() {
    answered();

    TestObservationRegistryAssert.assertThat(registry)
        .hasNumberOfObservationsWithNameEqualTo("gen_ai.invoke_agent.duration", 1)
        .hasNumberOfObservationsWithNameEqualTo("alpha_umi.plan.duration", 2)
        .hasNumberOfObservationsWithNameEqualTo("gen_ai.client.operation.duration", 4)
        .hasNumberOfObservationsWithNameEqualTo("gen_ai.execute_tool.duration", 1)
        .hasObservationWithNameEqualTo("gen_ai.execute_tool.duration")
        .that()
        .hasBeenStarted()
        .hasBeenStopped()
        .hasContextualNameEqualTo("execute_tool price")
        .hasLowCardinalityKeyValue("gen_ai.tool.name", "price");
  }

  @Test
  void should_measure_durations_tokens_and_calls() {
    answered();

    assertThat(meters.get("gen_ai.invoke_agent.duration").timer().count()).isEqualTo(1);
    assertThat(meters.get("gen_ai.execute_tool.duration").timer().count()).isEqualTo(1);
    assertThat(
            meters
                .get("gen_ai.client.operation.duration")
                .tag("alpha_umi.role", "caller")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(
            meters
                .get("gen_ai.client.token.usage")
                .tags("gen_ai.token.type", "input", "alpha_umi.role", "planner")
                .summary()
                .totalAmount())
        .isEqualTo(200);
    assertThat(meters.get("gen_ai.invoke_agent.inference_calls").summary().totalAmount())
        .isEqualTo(4);
    assertThat(meters.get("gen_ai.invoke_agent.tool_calls").summary().totalAmount()).isEqualTo(1);
  }

  @Test
  void should_measure_the_time_to_the_first_token_where_the_model_tells() {
    ScriptedRoles script = ScriptedRoles.create().conclude("done");
    Roles roles = script.roles();
    agent(
            roles.withPlanner(
                (trajectory, offered, context) -> {
                  context.used(
                      io.github.alphaumi.core.Role.PLANNER,
                      new io.github.alphaumi.core.ModelUse(
                          10,
                          4,
                          2,
                          java.time.Duration.ofMillis(30),
                          java.time.Duration.ofMillis(5)));
                  return roles.planner().plan(trajectory, offered, context);
                }))
        .build()
        .run("task");

    assertThat(
            meters
                .get("gen_ai.client.operation.time_to_first_chunk")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(30);
    assertThat(attribute(span("chat _OTHER"), "gen_ai.usage.cache_read.input_tokens"))
        .isEqualTo("4");
  }

  @Test
  void should_not_tell_what_was_said_unless_asked_to() {
    answered();
    agent(
            Roles.prompted(
                model(
                    () -> {
                      throw new IllegalStateException("no " + SECRET);
                    })))
        .build()
        .run(SECRET);
    assertThat(exporter.getFinishedSpanItems()).isNotEmpty();
    assertThat(exporter.getFinishedSpanItems().toString()).doesNotContain(SECRET);

    exporter.reset();
    Agent.builder()
        .roles(Roles.prompted(model(() -> {})))
        .tools(tools(() -> {}))
        .listener(telemetry.withContent())
        .build()
        .run(SECRET);
    assertThat(attribute(span("invoke_agent agent"), "gen_ai.input.messages"))
        .contains("\"content\": \"" + SECRET + "\"");
    assertThat(attribute(span("chat small-1"), "gen_ai.output.messages"))
        .contains(SECRET + " look. Next: caller.");
    assertThat(attribute(span("chat small-1"), "gen_ai.input.messages"))
        .contains("user: " + SECRET);
    assertThat(attribute(span("execute_tool price"), "gen_ai.tool.call.arguments"))
        .isEqualTo("{\"ticker\": \"" + SECRET + "\"}");
    assertThat(attribute(span("execute_tool price"), "gen_ai.tool.call.result")).isEqualTo(SECRET);
  }

  /** A tool whose arguments only it gets. */
  private static final class Redacting implements Toolbox {
    private final List<ToolCall> executed = new ArrayList<>();

    @Override
    public List<ToolSpecification> specifications() {
      return List.of(ToolSpecification.builder().name("price").build());
    }

    @Override
    public boolean redacts() {
      return true;
    }

    @Override
    public ToolCall redacted(ToolCall call) {
      return new ToolCall(call.name(), Map.of("ticker", "[redacted]"));
    }

    @Override
    public Observation execute(ToolCall call, RunContext context) {
      executed.add(call);
      return Observation.ok("42");
    }
  }

  @Test
  void should_never_tell_redacted_arguments_even_if_asked_for_what_was_said() {
    Redacting tools = new Redacting();
    AgentResult result =
        Agent.builder()
            .roles(
                Roles.prompted(
                    new NamedModel(
                        () -> {},
                        "Look. Next: caller.",
                        "I take " + SECRET,
                        "Action: price\nAction Input: {\"ticker\": \"" + SECRET + "\"}",
                        "Known. Next: conclusion.",
                        "It is 42.")))
            .tools(tools)
            .listener(telemetry.withContent())
            .build()
            .run("What is the price?");
    assertThat(result.answer()).hasValue("It is 42.");
    assertThat(tools.executed).containsExactly(new ToolCall("price", Map.of("ticker", SECRET)));
    assertThat(attribute(span("execute_tool price"), "gen_ai.tool.call.arguments"))
        .isEqualTo("{\"ticker\": \"[redacted]\"}");
    assertThat(attribute(span("execute_tool price"), "gen_ai.tool.call.result")).isEqualTo("42");
    assertThat(exporter.getFinishedSpanItems())
        .isNotEmpty()
        .allSatisfy(
            span -> {
              assertThat(span.getName()).doesNotContain(SECRET);
              assertThat(span.getAttributes().toString()).doesNotContain(SECRET);
              assertThat(span.getEvents().toString()).doesNotContain(SECRET);
              assertThat(span.getStatus().toString()).doesNotContain(SECRET);
            });
    assertThat(meters.getMeters())
        .isNotEmpty()
        .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain(SECRET));
  }

  @Test
  void should_close_spans_with_an_error_when_a_model_throws() {
    AgentResult result =
        agent(
                Roles.prompted(
                    model(
                        () -> {
                          throw new IllegalStateException("down");
                        })))
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.MODEL_FAILED);
    assertThat(names()).containsExactly("chat small-1", "plan broker", "invoke_agent broker");
    assertThat(exporter.getFinishedSpanItems())
        .allMatch(s -> "java.lang.IllegalStateException".equals(attribute(s, "error.type")))
        .allMatch(s -> s.getStatus().getStatusCode() == StatusCode.ERROR);
  }

  @Test
  void should_close_spans_when_a_tool_or_a_role_throws_an_error() {
    Agent agent =
        agent(ScriptedRoles.create().call("price", Map.of()).roles())
            .tools(
                tools(
                    () -> {
                      throw new StackOverflowError();
                    }))
            .build();

    assertThatThrownBy(() -> agent.run("task")).isInstanceOf(StackOverflowError.class);

    assertThat(names()).containsExactly("plan broker", "execute_tool price", "invoke_agent broker");
    assertThat(attribute(span("execute_tool price"), "error.type"))
        .isEqualTo("java.lang.StackOverflowError");
  }

  @Test
  void should_close_spans_when_a_run_is_cancelled_or_a_limit_ends_it() {
    Cancellation cancellation = Cancellation.create();
    agent(Roles.prompted(model(cancellation::cancel)))
        .tools(tools(() -> {}))
        .build()
        .run("task", cancellation);
    assertThat(attribute(span("invoke_agent broker"), "alpha_umi.stop_reason"))
        .isEqualTo("cancelled");
    assertThat(span("invoke_agent broker").getStatus().getStatusCode())
        .isNotEqualTo(StatusCode.ERROR);

    exporter.reset();
    agent(Roles.prompted(model(() -> {})))
        .tools(tools(() -> {}))
        .budget(Budget.defaults().withTokens(150))
        .build()
        .run("task");
    assertThat(attribute(span("invoke_agent broker"), "alpha_umi.stop_reason"))
        .isEqualTo("token_limit");
    assertThat(names()).endsWith("invoke_agent broker");
  }

  @Test
  void should_tell_failed_tools_and_not_count_by_names_that_models_make_up() {
    agent(
            ScriptedRoles.create()
                .call("price", Map.of())
                .call("madeUp" + SECRET, Map.of())
                .conclude("done")
                .roles())
        .tools(
            FakeToolbox.of(
                call ->
                    Observation.error(
                        call.name().equals("price")
                            ? Observation.Status.FAILED
                            : Observation.Status.INVALID,
                        SECRET),
                "price"))
        .build()
        .run("task");

    assertThat(attribute(span("execute_tool price"), "error.type")).isEqualTo("failed");
    assertThat(attribute(span("execute_tool _OTHER"), "error.type")).isEqualTo("invalid");
    assertThat(exporter.getFinishedSpanItems().toString()).doesNotContain(SECRET);
  }

  @Test
  void should_make_observations_current_where_models_and_tools_work() {
    List<String> seen = new ArrayList<>();
    Runnable look =
        () -> seen.add(registry.getCurrentObservation().getContextView().getContextualName());

    agent(Roles.prompted(model(look))).tools(tools(look)).build().run("task");

    assertThat(seen)
        .containsExactly(
            "chat small-1", "chat small-1", "execute_tool price", "chat small-1", "chat small-1");
  }

  @Test
  void should_be_part_of_what_was_current_where_the_run_was_started() {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
      Runnable look =
          () -> seen.add(registry.getCurrentObservation().getContextView().getContextualName());
      Agent agent = agent(Roles.prompted(model(look))).tools(tools(look)).executor(threads).build();

      io.micrometer.observation.Observation.createNotStarted("request", registry)
          .observe(
              () -> {
                agent.start("task").await(java.time.Duration.ofMinutes(1)).orElseThrow();
              });

      assertThat(parents()).containsEntry("invoke_agent broker", "request");
      assertThat(seen)
          .containsExactly(
              "chat small-1", "chat small-1", "execute_tool price", "chat small-1", "chat small-1");
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void should_nest_the_run_of_an_agent_that_a_tool_asks_and_hear_it_once() {
    Agent inner =
        Agent.builder()
            .name("warehouse")
            .roles(ScriptedRoles.create().conclude("it left").roles())
            .listener(telemetry)
            .build();
    io.github.alphaumi.core.Toolbox asking =
        new io.github.alphaumi.core.Toolbox() {
          @Override
          public List<dev.langchain4j.agent.tool.ToolSpecification> specifications() {
            return tools(() -> {}).specifications();
          }

          @Override
          public Observation execute(
              io.github.alphaumi.core.ToolCall call, io.github.alphaumi.core.RunContext context) {
            return Observation.ok(context.run(inner, "task").answer().orElseThrow());
          }
        };
    agent(ScriptedRoles.create().call("price", Map.of()).conclude("done").roles())
        .tools(asking)
        .build()
        .run("task");

    assertThat(parents())
        .containsEntry("invoke_agent warehouse", "execute_tool price")
        .containsEntry("plan warehouse", "invoke_agent warehouse");
    assertThat(names()).filteredOn("invoke_agent warehouse"::equals).hasSize(1);
  }

  @Test
  void should_count_repairs_and_backtracks() {
    ScriptedTextModel model =
        new ScriptedTextModel()
            .writes("I look. Next: caller.")
            .writes("call price with {\"a\": 1} Action: price Action Input: {'a': 1}")
            .writes("No. Next: give up.")
            .writes("Known. Next: conclusion.")
            .writes("417");
    agent(Roles.tuned(model, PromptFormat.compact()))
        .tools(tools(() -> {}))
        .search(Search.depthFirst())
        .build()
        .run("task");

    SpanData run = span("invoke_agent broker");
    assertThat(attribute(run, "alpha_umi.repaired_calls")).isEqualTo("1");
    assertThat(Integer.parseInt(attribute(run, "alpha_umi.backtracks"))).isPositive();
    assertThat(run.getEvents())
        .extracting(event -> event.getName())
        .contains("alpha_umi.backtracked");
  }
}
