package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.RecordingListener;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TunedRolesTest {
  private static final Trajectory START = Trajectory.start("Where is my order?");
  private static final Decision.Call PLAN = new Decision.Call("Call orderStatus for 7.");

  private final PromptFormat format = PromptFormat.compact();
  private final ScriptedTextModel model = new ScriptedTextModel();
  private final FakeRunContext context = new FakeRunContext();
  private final RecordingListener events = new RecordingListener();

  private AgentResult run() {
    return Agent.builder()
        .roles(Roles.tuned(model, format))
        .tools(new FakeToolbox(Tools.SHOP, call -> Observation.ok("{\"status\": \"shipped\"}")))
        .listener(events)
        .ticker(() -> 0)
        .runIds(() -> "r")
        .build()
        .run("Where is my order?");
  }

  @Test
  void should_play_all_roles_of_an_agent() {
    model
        .writes("Call orderStatus for 7. Next: caller.")
        .writes("Action: orderStatus\nAction Input: {\"orderId\": \"7\"}")
        .writes("The result is in. Next: conclusion.")
        .writes(" It is shipped. ");
    AgentResult result = run();

    assertThat(result.answer()).contains("It is shipped.");
    assertThat(result.usage())
        .isEqualTo(new AgentResult.Usage(4, 1, 40, 8, 20, 0, 0, Duration.ZERO));
    assertThat(events.events(RunEvent.Text.class))
        .extracting(RunEvent.Text::role)
        .containsExactly(Role.PLANNER, Role.CALLER, Role.PLANNER, Role.SUMMARIZER);
    assertThat(model.requests().get(3).prompt().text())
        .endsWith(
            "{\"status\": \"shipped\"}<|im_end|>\n<|im_start|>planner\n"
                + "The result is in. Next: conclusion.<|im_end|>\n<|im_start|>conclusion\n");
  }

  @Test
  void should_name_what_quoted_values_of_plans_and_calls_come_from() {
    model
        .writes("Call orderStatus for 7. Next: caller.")
        .writes("Action: orderStatus\nAction Input: {\"orderId\": \"7\"}")
        .writes("The result is in. Next: conclusion.")
        .writes("It is shipped.");
    AgentResult first = run();

    String task = "Where is my order?";
    String result = "{\"status\": \"shipped\"}";
    assertThat(model.requests())
        .extracting(TextModel.Request::sources)
        .containsExactly(
            List.of(task),
            List.of(task, "Call orderStatus for 7."),
            List.of(task, result),
            List.of());

    model.writes("Next: caller.");
    Trajectory after = Trajectory.start("And now?", first.conversation());
    Roles.tuned(model, format).planner().plan(after, Tools.SHOP, context);
    assertThat(model.requests().get(4).sources())
        .containsExactly(task, result, "It is shipped.", "And now?");
  }

  @Test
  void should_pass_on_what_each_role_may_write() {
    model
        .writes("Next: caller.")
        .writes("Action: orderStatus\nAction Input: {}")
        .writes("Next: conclusion.")
        .writes("Done.");
    run();

    Constraint plan =
        new Constraint.EndsWith(
            DecisionText.ENDINGS,
            "Call ",
            Tools.SHOP.stream().map(ToolSpecification::name).toList());
    assertThat(model.requests())
        .extracting(TextModel.Request::constraint)
        .containsExactly(
            plan,
            new Constraint.CallOf(Tools.SHOP, "Action: ", "\nAction Input: "),
            plan,
            Constraint.none());
    assertThat(model.requests())
        .extracting(TextModel.Request::maxTokens)
        .containsExactly(96, 256, 96, 192);
    Map<String, Double> relevance = ToolRelevance.of("Where is my order?", Tools.SHOP);
    assertThat(relevance).isNotEmpty();
    assertThat(model.requests())
        .extracting(TextModel.Request::nameBias)
        .containsExactly(relevance, Map.of(), relevance, Map.of());
    assertThat(model.requests())
        .allMatch(request -> request.stops().equals(java.util.List.of("<|im_end|>")))
        .allMatch(request -> request.sampling().isGreedy());
    assertThat(model.requests())
        .extracting(TextModel.Request::affinity)
        .startsWith(
            new TextModel.Affinity("r", Role.PLANNER), new TextModel.Affinity("r", Role.CALLER));
  }

  @Test
  void should_not_ask_for_more_tokens_than_the_run_has_left() {
    model.writes("Next: caller.");
    Planner.tuned(model, format).plan(START, Tools.SHOP, context.withTokensLeft(7));

    assertThat(model.requests().get(0).maxTokens()).isEqualTo(7);
    assertThat(model.requests().get(0).cancellation()).isSameAs(context.cancellation());
  }

  @Test
  void should_count_texts_that_had_to_be_mended() {
    model.writes("T Next: Caller").writes("I do not know").writes("");
    Planner planner = Planner.tuned(model, format);

    assertThat(planner.plan(START, Tools.SHOP, context)).isEqualTo(new Decision.Call("T"));
    assertThat(planner.plan(START, Tools.SHOP, context))
        .isEqualTo(new Decision.Call("I do not know"));
    assertThat(planner.plan(START, java.util.List.of(), context))
        .isEqualTo(new Decision.Conclude(""));
    assertThat(context.repairs()).hasSize(3).allMatch(repair -> repair.startsWith("PLANNER: "));
  }

  @Test
  void should_read_a_sloppy_call_and_pass_on_an_unreadable_one() {
    model.writes("action: orderStatus {'orderId': '7'}").writes("What?");
    Caller caller = Caller.tuned(model, format);

    assertThat(caller.call(START, PLAN, Tools.SHOP, context))
        .isEqualTo(new ToolCall("orderStatus", Map.of("orderId", "7")));
    assertThat(caller.call(START, PLAN, Tools.SHOP, context)).isInstanceOf(Caller.Unreadable.class);
    assertThat(context.repairs()).hasSize(2).allMatch(repair -> repair.startsWith("CALLER: "));
  }

  @Test
  void should_use_a_text_that_was_cut_and_say_so() {
    model.writes("The order is", TextModel.Finish.LENGTH);
    String answer =
        Summarizer.tuned(model, format)
            .summarize(START, new Decision.Conclude(""), Tools.SHOP, context);

    assertThat(answer).isEqualTo("The order is");
    assertThat(context.repairs()).containsExactly("SUMMARIZER: text cut at 5 tokens");
  }

  @Test
  void should_end_the_run_when_the_context_is_full() {
    model
        .writes("Next: caller.")
        .writes("Action: orderStatus\nAction Input: {}")
        .writes("", TextModel.Finish.CONTEXT_FULL);
    AgentResult result = run();

    assertThat(result.stopReason()).isEqualTo(StopReason.CONTEXT_FULL);
    assertThat(result.detail())
        .isEqualTo(
            "the planner's prompt has 10 tokens and the model's window 2,048: shorten the task,"
                + " offer fewer tools, or use a model with a larger window");
    assertThat(result.answer()).contains("{\"status\": \"shipped\"}");
    assertThat(result.usage().modelCalls()).isEqualTo(3);
  }

  @Test
  void should_end_the_run_when_cancelled_while_a_model_writes() {
    model.writes("Call ord", TextModel.Finish.CANCELLED);
    AgentResult result = run();

    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.trajectory().steps()).isEmpty();
    assertThat(result.usage().outputTokens()).isEqualTo(5);
  }

  @Test
  void should_tell_how_sure_the_planner_was_where_the_search_goes_by_it() {
    TextModel telling =
        new TextModel() {
          @Override
          public TextModel.Response complete(TextModel.Request request) {
            assertThat(request.detail()).isEqualTo(TextModel.Detail.LOG_PROBABILITIES);
            return new TextModel.Response(
                "Call orderStatus. Next: caller.",
                TextModel.Finish.STOP,
                new ModelUse(1, 0, 2, java.time.Duration.ZERO, java.time.Duration.ZERO),
                java.util.List.of(
                    new TextModel.Token(1, "Call", -1.0, List.of()),
                    new TextModel.Token(2, " order", -0.5, List.of()),
                    new TextModel.Token(3, "Status", null, List.of())));
          }

          @Override
          public int contextWindow() {
            return 2_048;
          }
        };
    Caller caller = (trajectory, plan, tools, context) -> new Caller.Unreadable("?", "no call");
    AgentResult result =
        Agent.builder()
            .roles(
                Roles.tuned(telling, PromptFormat.compact())
                    .withCaller(caller)
                    .withSummarizer((trajectory, plan, tools, context) -> "partial"))
            .tools(FakeToolbox.of(call -> Observation.ok("{}"), "orderStatus"))
            .search(Search.bestFirst().width(1).queries(2))
            .build()
            .run("task");

    assertThat(result.tree().nodes())
        .extracting(SearchTree.Node::score)
        .containsExactly(Double.NaN, -0.75, -1.5);
  }
}
