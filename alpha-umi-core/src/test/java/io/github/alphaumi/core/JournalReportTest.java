package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reports of what a journal holds, without the agent that wrote it. */
class JournalReportTest {
  private final Journal journal = Journal.inMemory();

  static List<Search> searches() {
    Search.Judge judge = (first, second, context) -> first.toString().compareTo("" + second) > 0;
    return List.of(
        Search.chain(),
        Search.chain(3),
        Search.depthFirst().width(3),
        Search.depthFirst().depth(4).answers(2).ranked(judge),
        Search.depthFirst().asPublished(),
        Search.depthFirst().ranked(judge).asPublished(),
        Search.bestFirst().width(3),
        Search.bestFirst((path, context) -> -path.steps().size()).answers(2));
  }

  /** Gives up twice, repeats itself, writes what is no call, and finds an answer. */
  private Agent.Builder agent(Toolbox tools) {
    int[] turn = {0};
    Roles roles =
        new Roles(
            (trajectory, specifications, context) ->
                switch (turn[0]++) {
                  case 2, 4 -> new Decision.GiveUp("a dead end");
                  case 8, 10 -> new Decision.Conclude("it is known");
                  default -> new Decision.Call("step " + turn[0]);
                },
            (trajectory, plan, specifications, context) ->
                turn[0] % 4 == 0
                    ? new Caller.Unreadable("hm", "it is no call")
                    : new ToolCall("look", Map.of("order", "A-" + turn[0] / 3)),
            (trajectory, plan, specifications, context) -> "It was shipped.");
    return Agent.builder().roles(roles).tools(tools).journal(journal).runIds(() -> "run");
  }

  @ParameterizedTest
  @MethodSource("searches")
  void should_tell_what_the_run_told(Search search) {
    AgentResult result = agent(new Shop()).search(search).build().run("Where is it?");

    RunReport report = RunReport.of(journal, "run");

    assertThat(report.stopReason()).isEqualTo(result.stopReason());
    assertThat(report.answer()).isEqualTo(result.answer());
    assertThat(report.tree().toString()).isEqualTo(result.tree().toString());
    assertThat(report.tools()).isEqualTo(new Shop().specifications());
    assertThat(report.limits()).extracting(RunReport.Limit::most).startsWith(12.0, 1000.0);
    assertThat(RunReport.fromJson(report.toJson())).isEqualTo(report);
  }

  @Test
  void should_tell_what_was_asked_before() {
    Conversation before =
        Conversation.empty().with(new Conversation.Exchange("Hello?", List.of(), "Hello."));
    agent(new Shop()).build().after(before).run("Where is it?");

    assertThat(RunReport.of(journal, "run").conversation()).isEqualTo(before);
  }

  @Test
  void should_come_to_the_limit_that_the_run_came_to() {
    Budget budget = Budget.defaults().withToolCalls(1).withTime(Duration.ofHours(1));
    AgentResult result =
        agent(new Shop()).search(Search.chain(3)).budget(budget).build().run("Where is it?");

    RunReport report = RunReport.of(journal, "run");

    assertThat(result.stopReason()).isEqualTo(StopReason.TOOL_CALL_LIMIT);
    assertThat(report.stopReason()).isEqualTo(StopReason.TOOL_CALL_LIMIT);
    assertThat(report.detail()).isEqualTo(result.detail());
    assertThat(report.answer()).isEqualTo(result.answer());
  }

  @Test
  void should_leave_out_tools_that_are_too_many_to_write_down() {
    String[] names = IntStream.range(0, 6_000).mapToObj(i -> "tool" + i).toArray(String[]::new);
    agent(new Shop(names)).build().run("Where is it?");

    assertThat(RunReport.of(journal, "run").tools()).isEmpty();
  }

  @Test
  void should_describe_tools_as_they_were_offered_to_who_goes_through_the_log() {
    Agent agent = agent(new Shop()).build();
    agent.run("Where is it?");
    List<ToolSpecification> offered = new ArrayList<>();
    agent(new Shop())
        .listener(
            event -> {
              if (event instanceof RunEvent.Offered heard) {
                offered.addAll(heard.tools());
              }
            })
        .build()
        .replay("run");

    assertThat(offered).isEqualTo(new Shop().specifications());
  }

  @Test
  void should_say_that_there_is_no_such_run() {
    assertThatThrownBy(() -> RunReport.of(journal, "other"))
        .isInstanceOf(Journal.Failure.class)
        .hasMessageContaining("run other");
  }
}
