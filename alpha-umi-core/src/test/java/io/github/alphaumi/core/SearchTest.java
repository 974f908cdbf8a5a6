package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.alphaumi.core.SearchTree.Node;
import io.github.alphaumi.core.SearchTree.State;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.RecordingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Searches over a planner that follows a script: c calls, x calls what it called before, u gives
 * up, f finishes; the last letter goes on for ever.
 */
class SearchTest {
  private final List<Trajectory> handed = new ArrayList<>();
  private final RecordingListener events = new RecordingListener();
  private final FakeToolbox tools =
      FakeToolbox.of(call -> Observation.ok("{\"got\": " + call.arguments().get("n") + "}"), "get");

  private AgentResult run(Search search, int steps, String script) {
    return run(search, Budget.defaults().withSteps(steps), script);
  }

  private AgentResult run(Search search, Budget budget, String script) {
    Planner planner =
        (trajectory, tools, context) -> {
          char turn = script.charAt(Math.min(handed.size(), script.length() - 1));
          handed.add(trajectory);
          return switch (turn) {
            case 'c' -> new Decision.Call("call");
            case 'x' -> new Decision.Call("again");
            case 'u' -> new Decision.GiveUp("give up " + handed.size());
            default -> new Decision.Conclude("finish " + handed.size());
          };
        };
    return Agent.builder()
        .roles(
            new Roles(
                planner,
                (trajectory, plan, tools, context) ->
                    new ToolCall(
                        "get", Map.of("n", plan.rationale().equals("again") ? 0 : handed.size())),
                (trajectory, plan, tools, context) -> "answer " + plan.rationale()))
        .tools(tools)
        .search(search)
        .budget(budget)
        .listener(events)
        .build()
        .run("task");
  }

  /** Depth of each node with its state's first letter: {@code 1o 2a}. */
  private static String shape(AgentResult result) {
    return String.join(
        " ",
        result.tree().nodes().stream()
            .skip(1)
            .map(node -> node.depth() + node.state().name().substring(0, 1).toLowerCase())
            .toList());
  }

  @Test
  void should_try_the_sibling_when_the_planner_gives_up_at_the_task() {
    AgentResult result = run(Search.depthFirst(), 5, "uf");

    assertThat(result.answer()).contains("answer finish 2");
    assertThat(shape(result)).isEqualTo("1g 1a");
  }

  @Test
  void should_leave_the_place_where_the_planner_gives_up() {
    AgentResult result = run(Search.depthFirst(), 5, "ccuf");

    assertThat(shape(result)).isEqualTo("1o 2a 3g 2a");
    assertThat(result.tree().node(2).state()).isEqualTo(State.ABANDONED);
    assertThat(result.tree().node(4).parent()).isOne();
    assertThat(result.trajectory().steps()).hasSize(1);
    assertThat(events.events(RunEvent.Backtracked.class))
        .extracting(RunEvent::node, RunEvent.Backtracked::to)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(3, 1));
  }

  @Test
  void should_count_depth_in_steps_and_let_the_planner_conclude_after_the_last() {
    AgentResult result = run(Search.depthFirst().depth(3), 12, "cccf");

    assertThat(result.answer()).isPresent();
    assertThat(result.trajectory().steps()).hasSize(3);
    assertThat(tools.executed()).hasSize(3);
  }

  @Test
  void should_cut_a_path_and_try_its_sibling() {
    AgentResult result = run(Search.depthFirst().depth(2), 12, "cccf");

    assertThat(shape(result)).isEqualTo("1o 2o 3c 3a");
    assertThat(tools.executed()).hasSize(2);
  }

  @Test
  void should_try_everything_that_width_and_depth_allow() {
    AgentResult result = run(Search.depthFirst().width(2).depth(2), 12, "c");

    assertThat(result.tree().nodes()).hasSize(1 + 2 + 4 + 8);
    assertThat(result.stopReason()).isEqualTo(StopReason.STEP_LIMIT);
    assertThat(result.detail()).isEqualTo("the budget of 2 steps is used up");
    assertThat(result.answer()).contains("answer ");
    assertThat(result.tree().nodes())
        .extracting(Node::state)
        .doesNotContain(State.STOPPED)
        .filteredOn(State.CUT::equals)
        .hasSize(8);
  }

  @Test
  void should_keep_the_budget_of_steps_when_the_search_would_go_deeper() {
    run(Search.depthFirst().width(1).depth(9), 3, "c");

    assertThat(tools.executed()).hasSize(3);
  }

  @Test
  void should_give_up_when_every_branch_did() {
    AgentResult result = run(Search.depthFirst(), 5, "cu");

    assertThat(result.stopReason()).isEqualTo(StopReason.GAVE_UP);
    assertThat(result.detail()).isEqualTo("give up 3");
    assertThat(result.answer()).contains("{\"got\": 1}");
  }

  @Test
  void should_count_the_answer_of_the_last_query() {
    AgentResult result = run(Search.depthFirst().queries(3), 5, "ccf");

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    handed.clear();
    assertThat(run(Search.depthFirst().queries(2), 5, "ccf").stopReason())
        .isEqualTo(StopReason.SEARCH_LIMIT);
    assertThat(handed).hasSize(2);
  }

  @Test
  void should_stop_at_the_number_of_nodes_with_a_partial_answer() {
    AgentResult result = run(Search.depthFirst().nodes(2), 5, "c");

    assertThat(result.stopReason()).isEqualTo(StopReason.SEARCH_LIMIT);
    assertThat(result.detail()).isEqualTo("the search's 2 nodes are used up");
    assertThat(result.stopReason().isBudget()).isFalse();
    assertThat(result.answer()).contains("answer ");
    assertThat(result.trajectory().steps()).hasSize(2);
  }

  @Test
  void should_collect_as_many_answers_as_wanted() {
    AgentResult result = run(Search.depthFirst().answers(2), 5, "cff");

    assertThat(result.answers()).containsExactly("answer finish 2", "answer finish 3");
    assertThat(result.answer()).contains("answer finish 2");
    assertThat(shape(result)).isEqualTo("1o 2a 2a");
  }

  @Test
  void should_have_answered_when_a_limit_comes_after_an_answer() {
    AgentResult result = run(Search.depthFirst().answers(9).queries(3), 5, "cfc");

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(result.detail()).isEqualTo("the search's 3 queries are used up");
    assertThat(result.answer()).contains("answer finish 2");
  }

  @Test
  void should_tell_siblings_what_was_tried_and_nobody_else() {
    run(Search.depthFirst(), 2, "cccf");

    assertThat(handed.get(3).tried(2))
        .singleElement()
        .satisfies(
            attempt -> {
              assertThat(attempt.decision().rationale()).isEqualTo("call");
              assertThat(attempt.outcomes()).isEmpty();
            });
    handed.clear();
    run(Search.depthFirst(), 5, "cucf");
    assertThat(handed.get(2).tried(0))
        .singleElement()
        .satisfies(
            attempt -> {
              assertThat(attempt.outcomes().get(0).call())
                  .contains(new ToolCall("get", Map.of("n", 1)));
              assertThat(attempt.outcomes().get(0).observation().text()).isEqualTo("{\"got\": 1}");
            });
    assertThat(handed.get(3).tried(0)).isEmpty();
    assertThat(handed.get(3).tried(1)).isEmpty();
  }

  @Test
  void should_end_a_branch_that_goes_in_circles() {
    AgentResult result = run(Search.depthFirst(), 12, "xxxxf");

    assertThat(result.answer()).contains("answer finish 5");
    assertThat(result.tree().node(5).parent()).isEqualTo(3);
    assertThat(tools.executed()).hasSize(1);
  }

  @Test
  void should_say_so_when_every_branch_goes_in_circles() {
    AgentResult result = run(Search.depthFirst().width(1), 12, "x");

    assertThat(result.stopReason()).isEqualTo(StopReason.REPEATED_CALL);
  }

  @Test
  void should_try_several_paths_from_the_task() {
    AgentResult result = run(Search.chain(3), 2, "ccccucf");

    assertThat(shape(result)).isEqualTo("1a 2a 3c 1a 2g 1o 2a");
    assertThat(result.answer()).contains("answer finish 7");
    assertThat(handed.get(5).tried(0)).hasSize(2);
    assertThat(handed.get(6).tried(0)).isEmpty();
  }

  @Test
  void should_end_with_the_last_paths_reason_and_the_best_paths_steps() {
    AgentResult result = run(Search.chain(2), 2, "cccu");

    assertThat(result.stopReason()).isEqualTo(StopReason.GAVE_UP);
    assertThat(result.trajectory().steps()).hasSize(2);
  }

  @Test
  void should_go_on_from_the_child_that_the_judge_prefers() {
    Search.Judge later = (first, second, context) -> number(first) > number(second);
    AgentResult result = run(Search.depthFirst().width(3).ranked(later), 5, "cccf");

    assertThat(result.tree().node(4).parent()).isEqualTo(3);
    assertThat(result.tree().nodes())
        .extracting(Node::score)
        .containsExactly(Double.NaN, 0.0, 1.0, 2.0, Double.NaN);
    assertThat(events.events(RunEvent.Ranked.class)).hasSize(3);
  }

  private static int number(Trajectory path) {
    return (Integer)
        path.last().orElseThrow().outcomes().get(0).call().orElseThrow().arguments().get("n");
  }

  @Test
  void should_give_half_a_point_to_both_when_the_judge_prefers_a_place_and_keep_their_order() {
    AgentResult result =
        run(Search.depthFirst().ranked((first, second, context) -> true), 5, "ccf");

    assertThat(result.tree().nodes())
        .extracting(Node::score)
        .containsExactly(Double.NaN, 0.5, 0.5, Double.NaN);
    assertThat(result.tree().node(3).parent()).isOne();
  }

  @Test
  void should_go_back_to_the_second_best_when_the_best_leads_to_nothing() {
    AgentResult result =
        run(
            Search.depthFirst().ranked((first, second, context) -> number(first) > number(second)),
            5,
            "ccuuf");

    assertThat(result.tree().node(3).parent()).isEqualTo(2);
    assertThat(result.tree().node(5).parent()).isEqualTo(1);
    assertThat(result.tree().node(1).state()).isEqualTo(State.OPEN);
    assertThat(result.tree().node(2).state()).isEqualTo(State.ABANDONED);
  }

  @Test
  void should_count_the_judges_verdicts_as_queries_and_not_ask_beyond_them() {
    int[] asked = {0};
    run(
        Search.depthFirst()
            .width(3)
            .queries(8)
            .ranked(
                (first, second, context) -> {
                  asked[0]++;
                  return true;
                }),
        5,
        "c");

    assertThat(asked[0]).isZero();
    assertThat(handed).hasSize(8);
  }

  @Test
  void should_rank_in_the_published_search_too() {
    AgentResult result =
        run(
            Search.depthFirst()
                .ranked((first, second, context) -> number(first) > number(second))
                .asPublished(),
            5,
            "ccf");

    assertThat(result.tree().node(3).parent()).isEqualTo(2);
    assertThat(result.answer()).isPresent();
  }

  @Test
  void should_go_on_wherever_the_score_is_best() {
    double[] scores = {1, 5, 3, 2, 9, 0};
    int[] scored = {0};
    AgentResult result =
        run(Search.bestFirst((path, context) -> scores[scored[0]++]), 9, "ccccccf");

    assertThat(result.tree().nodes())
        .extracting(Node::parent)
        .containsExactly(-1, 0, 0, 2, 2, 3, 3, 5);
    assertThat(result.answer()).contains("answer finish 7");
  }

  @Test
  void should_go_on_where_the_planner_was_surest_of_the_whole_path() {
    double[] sure = {-2, -1, -3, -0.5, -0.1};
    int[] asked = {0};
    Roles roles =
        new Roles(
            (trajectory, tools, context) -> {
              assertThat(context.detail(Role.PLANNER))
                  .isEqualTo(TextModel.Detail.LOG_PROBABILITIES);
              assertThat(context.detail(Role.CALLER)).isEqualTo(TextModel.Detail.TEXT);
              if (asked[0] == sure.length) {
                return new Decision.Conclude("");
              }
              context.sure(Role.CALLER, 7);
              context.sure(Role.PLANNER, sure[asked[0]++]);
              return new Decision.Call("call");
            },
            (trajectory, plan, tools, context) -> new ToolCall("get", Map.of("n", asked[0])),
            (trajectory, plan, tools, context) -> "answer");
    AgentResult result =
        Agent.builder().roles(roles).tools(tools).search(Search.bestFirst()).build().run("task");

    assertThat(result.tree().nodes())
        .extracting(Node::parent)
        .containsExactly(-1, 0, 0, 2, 2, 4, 4);
    assertThat(result.tree().nodes())
        .extracting(Node::score)
        .containsExactly(Double.NaN, -2.0, -1.0, -4.0, -1.5, -1.6, Double.NaN);
  }

  @Test
  void should_end_best_first_when_nothing_is_left() {
    AgentResult result = run(Search.bestFirst((path, context) -> Double.NaN), 2, "c");

    assertThat(result.stopReason()).isEqualTo(StopReason.STEP_LIMIT);
    assertThat(result.tree().nodes()).hasSize(1 + 2 + 4 + 8);
    handed.clear();
    assertThat(run(Search.bestFirst((path, context) -> 0).queries(3), 9, "c").stopReason())
        .isEqualTo(StopReason.SEARCH_LIMIT);
  }

  @Test
  void should_stop_a_tree_at_the_budget_of_tool_calls_with_a_partial_answer() {
    AgentResult result =
        run(Search.depthFirst(), Budget.defaults().withSteps(2).withToolCalls(3), "c");

    assertThat(result.stopReason()).isEqualTo(StopReason.TOOL_CALL_LIMIT);
    assertThat(result.detail()).isEqualTo("the budget of 3 tool calls is used up");
    assertThat(tools.executed()).hasSize(3);
    assertThat(result.answer()).contains("answer ");
    assertThat(result.tree().nodes().get(result.tree().nodes().size() - 1).state())
        .isEqualTo(State.STOPPED);
  }

  @Test
  void should_refuse_what_cannot_be_searched() {
    for (Runnable bad :
        Arrays.<Runnable>asList(
            () -> Search.chain(0),
            () -> Search.depthFirst().width(0),
            () -> Search.depthFirst().depth(0),
            () -> Search.depthFirst().nodes(0),
            () -> Search.depthFirst().queries(0),
            () -> Search.depthFirst().answers(0),
            () -> Search.bestFirst((path, context) -> 0).width(0))) {
      assertThatIllegalArgumentException()
          .isThrownBy(bad::run)
          .withMessageEndingWith(": 0 is less than 1");
    }
  }

  @Test
  void should_tell_people_where_it_turned_back() {
    List<String> lines = new ArrayList<>();
    RunListener transcript = RunListener.transcript(lines::add);
    run(Search.depthFirst().depth(1), 5, "ccuf");
    events.events().forEach(transcript::on);

    assertThat(lines)
        .contains("  cut       as many steps as the path may have", "  back      to node 1")
        .contains("  back      to the task");
  }

  @Test
  void should_draw_itself_for_people() {
    assertThat(run(Search.depthFirst(), 5, "cuf").tree())
        .hasToString(
            "task\n"
                + "  1 call Next: caller. | get {\"n\": 1} | {\"got\": 1} [ABANDONED]\n"
                + "    2 give up 2 Next: give up. [GAVE_UP]\n"
                + "  3 finish 3 Next: conclusion. | answer finish 3 [ANSWERED]");
  }
}
