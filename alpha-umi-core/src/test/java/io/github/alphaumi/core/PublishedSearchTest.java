package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.SearchTree.State;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.RecordingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The published search's counts. The table was made by running ToolBench's DFS_tree_search over a
 * model that follows a script (C calls, U gives up, F finishes; the last letter goes on for ever)
 * with width 2, 12 levels and 200 queries unless the row says otherwise; its tree has three nodes
 * to a step, and its messages one for a plan with its call and one for an observation.
 */
class PublishedSearchTest {
  private final List<Trajectory> handed = new ArrayList<>();
  private final RecordingListener events = new RecordingListener();

  @ParameterizedTest(name = "{0}, width {1}, {2} levels, {3} queries")
  @CsvSource({
    "F,           2, 12, 200,   1,   4,  4, give_answer, 0, 2",
    "C F,         2, 12, 200,   2,   7,  7, give_answer, 0, 2 4",
    "C C C F,     2, 12, 200,   4,  13, 13, give_answer, 0, 2 4 6 8",
    "C C C C F,   2, 12, 200,   5,  16, 13, give_answer, 0, 2 4 6 9",
    "C,           2, 12, 200,  30,  91, 13, none,        0, ''",
    "U,           2, 12, 200,   1,   4,  4, give_up,     1, 2",
    "U F,         2, 12, 200,   1,   4,  4, give_up,     1, 2",
    "C U F,       2, 12, 200,   3,  10,  7, give_answer, 1, 3",
    "C U U,       2, 12, 200,   3,  10,  7, give_up,     2, 3",
    "C C U F,     2, 12, 200,   4,  13, 10, give_answer, 1, 2 5",
    "C C U U F,   2, 12, 200,   5,  16, 10, give_answer, 2, 3",
    "C C C U,     2, 12, 200,   7,  22, 13, give_up,     4, 3",
    "C C C U U U F, 2, 12, 200, 7,  22, 13, give_answer, 3, 3",
    "C,           2, 12, 5,     5,  13, 13, none,        0, ''",
    "C,           2, 15, 200,  62, 187, 16, none,        0, ''",
    "C,           2, 24, 200, 200, 598, 25, none,        0, ''",
    "C,           1, 12, 200,   4,  13, 13, none,        0, ''"
  })
  void should_search_as_published(
      String script,
      int width,
      int levels,
      int queries,
      int asked,
      int size,
      int maxLength,
      String finish,
      int giveUps,
      String messages) {
    AgentResult result = run(script, width, levels, queries);
    List<SearchTree.Node> made =
        result.tree().nodes().stream().filter(node -> node.decision().isPresent()).toList();

    assertThat(handed).hasSize(asked);
    assertThat(3 * made.size() + 1).isEqualTo(size);
    assertThat(3 * made.stream().mapToInt(SearchTree.Node::depth).max().orElse(0) + 1)
        .isEqualTo(maxLength);
    assertThat(made.stream().filter(node -> node.state() == State.GAVE_UP)).hasSize(giveUps);
    assertThat(finish(result)).isEqualTo(finish);
    assertThat(messages(result)).isEqualTo(numbers(messages));
  }

  private AgentResult run(String script, int width, int levels, int queries) {
    String[] turns = script.split(" ");
    Planner planner =
        (trajectory, tools, context) -> {
          String turn = turns[Math.min(handed.size(), turns.length - 1)];
          handed.add(trajectory);
          return switch (turn) {
            case "C" -> new Decision.Call("call");
            case "U" -> new Decision.GiveUp("give up");
            default -> new Decision.Conclude("finish");
          };
        };
    return Agent.builder()
        .roles(
            new Roles(
                planner,
                (trajectory, plan, tools, context) ->
                    new ToolCall("price", Map.of("visit", handed.size())),
                (trajectory, plan, tools, context) -> "answer"))
        .tools(FakeToolbox.of(call -> Observation.ok("{}"), "price"))
        .search(Search.depthFirst().width(width).depth(levels).queries(queries).asPublished())
        .listener(events)
        .build()
        .run("task");
  }

  /** Of the answer, else of the newest give-up, else there is none. */
  private static String finish(AgentResult result) {
    return result.stopReason() == StopReason.ANSWERED
        ? "give_answer"
        : finished(result) == null ? "none" : "give_up";
  }

  private static SearchTree.Node finished(AgentResult result) {
    List<SearchTree.Node> nodes = result.tree().nodes();
    for (State state : List.of(State.ANSWERED, State.GAVE_UP)) {
      for (int i = nodes.size() - 1; i > 0; i--) {
        if (nodes.get(i).state() == state) {
          return nodes.get(i);
        }
      }
    }
    return null;
  }

  /** How many messages there were after each assistant's turn on the way to the end. */
  private List<Integer> messages(AgentResult result) {
    SearchTree.Node end = finished(result);
    if (end == null) {
      return List.of();
    }
    Trajectory history = handed.get(end.id() - 1);
    List<Integer> lengths = new ArrayList<>();
    int messages = 1;
    for (int step = 0; step <= history.steps().size(); step++) {
      messages += history.tried(step).isEmpty() ? 1 : 2;
      lengths.add(messages);
      messages++;
    }
    return lengths;
  }

  private static List<Integer> numbers(String text) {
    return Arrays.stream(text.split(" ")).filter(n -> !n.isEmpty()).map(Integer::valueOf).toList();
  }
}
