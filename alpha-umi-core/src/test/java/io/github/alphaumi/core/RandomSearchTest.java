package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.SearchTree.Node;
import io.github.alphaumi.core.SearchTree.State;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ManualTicker;
import io.github.alphaumi.core.testkit.RecordingListener;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever planners plan and tools return, a search keeps to its limits and draws a sound tree. */
class RandomSearchTest {
  private static final long FIRST_SEED = 1L;
  private static final int RUNS = 4_000;

  /** One run of random roles, and what there is to know about it. */
  private static final class Trial {
    final Random random;
    final ManualTicker clock = new ManualTicker();
    final RecordingListener events = new RecordingListener();
    final Budget budget;
    final Search search;
    final int answers;
    final int queries;
    final int nodes;
    final int width;
    final boolean published;
    final FakeToolbox tools;
    int planned;
    int judged;

    Trial(long seed) {
      random = new Random(seed);
      budget =
          Budget.defaults()
              .withSteps(1 + random.nextInt(5))
              .withModelCalls(5 + random.nextInt(60))
              .withToolCalls(1 + random.nextInt(15))
              .withTokens(100 + random.nextInt(3_000))
              .withTime(Duration.ofMillis(5 + random.nextInt(200)))
              .withCost(5 + random.nextInt(60), (role, use) -> 1);
      answers = 1 + random.nextInt(3);
      queries = 1 + random.nextInt(30);
      nodes = 1 + random.nextInt(30);
      width = 1 + random.nextInt(3);
      int kind = random.nextInt(5);
      published = kind == 1 || kind == 2;
      search = search(kind);
      tools = FakeToolbox.of(this::observe, "a", "b");
    }

    private Search search(int kind) {
      Search.DepthFirst tree =
          Search.depthFirst().width(width).nodes(nodes).queries(queries).answers(answers);
      Search.Judge judge =
          (first, second, context) -> {
            judged++;
            spend(context);
            return random.nextBoolean();
          };
      return switch (kind) {
        case 0 -> tree;
        case 1 -> tree.depth(1 + random.nextInt(15)).asPublished();
        case 2 -> tree.depth(1 + random.nextInt(15)).ranked(judge).asPublished();
        case 3 -> tree.ranked(judge);
        default ->
            Search.bestFirst((path, context) -> random.nextInt(3))
                .width(width)
                .queries(queries)
                .answers(answers);
      };
    }

    private void spend(RunContext context) {
      context.used(
          Role.PLANNER,
          new ModelUse(random.nextInt(50), 0, random.nextInt(10), Duration.ZERO, Duration.ZERO));
      clock.advance(Duration.ofMillis(random.nextInt(3)));
    }

    private Observation observe(ToolCall call) {
      clock.advance(Duration.ofMillis(random.nextInt(3)));
      Observation.Status[] all = Observation.Status.values();
      return new Observation(all[random.nextInt(5)], "{\"got\": " + call.argumentsJson() + "}");
    }

    AgentResult run() {
      Planner planner =
          (trajectory, tools, context) -> {
            planned++;
            assertThat(trajectory.steps()).hasSize(context.step() - 1);
            spend(context);
            return switch (random.nextInt(8)) {
              case 0 -> new Decision.Conclude("");
              case 1 -> new Decision.GiveUp("no");
              default -> new Decision.Call("call");
            };
          };
      return Agent.builder()
          .roles(
              new Roles(
                  planner,
                  (trajectory, plan, tools, context) -> {
                    spend(context);
                    return new ToolCall(
                        random.nextBoolean() ? "a" : "b", Map.of("n", random.nextInt(4)));
                  },
                  (trajectory, plan, tools, context) -> {
                    spend(context);
                    return "answer";
                  }))
          .tools(tools)
          .budget(budget)
          .search(search)
          .ticker(clock)
          .listener(events)
          .build()
          .run("task");
    }
  }

  @Test
  void should_keep_to_limits_and_draw_a_sound_tree() {
    Set<StopReason> seen = EnumSet.noneOf(StopReason.class);
    for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      String which = "seed " + seed;
      Trial trial = new Trial(seed);
      AgentResult result = trial.run();
      checkLimits(which, trial, result);
      checkTree(which, trial, result);
      checkCalls(which, trial, result);
      seen.add(result.stopReason());
    }
    assertThat(seen)
        .contains(
            StopReason.ANSWERED,
            StopReason.GAVE_UP,
            StopReason.STEP_LIMIT,
            StopReason.MODEL_CALL_LIMIT,
            StopReason.TOOL_CALL_LIMIT,
            StopReason.TOKEN_LIMIT,
            StopReason.TIME_LIMIT,
            StopReason.COST_LIMIT,
            StopReason.SEARCH_LIMIT)
        .doesNotContain(StopReason.MODEL_FAILED, StopReason.TOOLS_FAILED);
  }

  /** Each is checked before a call, so that nothing but the last call can go beyond. */
  private static void checkLimits(String which, Trial trial, AgentResult result) {
    AgentResult.Usage usage = result.usage();
    Budget budget = trial.budget;
    assertThat(usage.modelCalls()).as(which).isLessThanOrEqualTo(budget.modelCalls());
    assertThat(usage.toolCalls()).as(which).isLessThanOrEqualTo(budget.toolCalls());
    assertThat(usage.cost()).as(which).isLessThanOrEqualTo(budget.cost());
    assertThat(usage.inputTokens() + usage.outputTokens())
        .as(which)
        .isLessThan(budget.tokens() + 60);
    assertThat(usage.elapsed()).as(which).isLessThan(budget.time().plusMillis(3));
    assertThat(trial.planned + trial.judged).as(which).isLessThanOrEqualTo(trial.queries);
    if (!(trial.search instanceof Search.BestFirst)) {
      assertThat(result.tree().nodes().size() - 1).as(which).isLessThanOrEqualTo(trial.nodes);
    }
    assertThat(result.answers()).as(which).hasSizeLessThanOrEqualTo(trial.answers);
    assertThat(result.detail().isEmpty() && result.stopReason() != StopReason.ANSWERED)
        .as(which)
        .isFalse();
  }

  private static void checkTree(String which, Trial trial, AgentResult result) {
    List<Node> nodes = result.tree().nodes();
    for (Node node : nodes) {
      assertThat(nodes.indexOf(node)).as(which).isEqualTo(node.id());
      assertThat(result.tree().children(node.id())).as(which).hasSizeLessThanOrEqualTo(trial.width);
      if (node.id() == 0) {
        assertThat(node.parent()).as(which).isEqualTo(-1);
        assertThat(node.decision()).as(which).isEmpty();
      } else {
        Node parent = nodes.get(node.parent());
        assertThat(node.parent()).as(which).isLessThan(node.id());
        assertThat(node.depth()).as(which).isEqualTo(parent.depth() + 1);
        assertThat(
                parent.id() == 0
                    || parent.calls().stream().anyMatch(made -> made.observation().isPresent()))
            .as(which)
            .isTrue();
        checkNode(which, node);
      }
    }
    if (!trial.published) {
      assertThat(nodes)
          .as(which)
          .allMatch(node -> node.depth() <= trial.budget.steps() + 1)
          .filteredOn(
              node -> node.calls().stream().anyMatch(made -> made.observation().isPresent()))
          .allMatch(node -> node.depth() <= trial.budget.steps());
    }
    TreeRecorder again = new TreeRecorder();
    trial.events.events().forEach(again::on);
    assertThat(again.tree()).as(which).isEqualTo(result.tree());
  }

  private static void checkNode(String which, Node node) {
    boolean whole =
        switch (node.state()) {
          case ANSWERED ->
              node.answer().isPresent() && node.decision().get() instanceof Decision.Conclude;
          case GAVE_UP -> node.decision().get() instanceof Decision.GiveUp;
          case CUT -> node.decision().get() instanceof Decision.Call;
          case OPEN, ABANDONED ->
              node.calls().stream().anyMatch(made -> made.observation().isPresent());
          case STOPPED ->
              node.calls().stream().allMatch(made -> made.observation().isEmpty())
                  && node.answer().isEmpty();
        };
    assertThat(whole).as(which + " " + node).isTrue();
    assertThat(node.state() == State.OPEN && node.answer().isPresent()).as(which).isFalse();
    assertThat(node.time().isNegative()).as(which).isFalse();
  }

  /** A call with an effect runs once in a run, but for failures on one path. */
  private static void checkCalls(String which, Trial trial, AgentResult result) {
    assertThat(trial.tools.executed())
        .as(which)
        .hasSizeGreaterThanOrEqualTo(result.usage().toolCalls());
    Set<ToolCall> succeeded = new HashSet<>();
    for (Node node : result.tree().nodes()) {
      for (SearchTree.Call made : node.calls()) {
        if (made.observation().filter(o -> o.status() == Observation.Status.OK).isPresent()) {
          assertThat(succeeded.add(made.call().orElseThrow())).as(which).isTrue();
        }
      }
    }
  }
}
