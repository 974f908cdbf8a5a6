package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The world does not branch with the search. */
class EffectTest {
  private static final Map<String, Object> ORDER = Map.of("id", "A-1");

  private final List<String> executed = new ArrayList<>();

  /** Tools called read, put and pay, of these effects. */
  private Toolbox tools(Function<ToolCall, Observation> answer) {
    return FakeToolbox.of(
            call -> {
              executed.add(call.name());
              return answer.apply(call);
            },
            "read",
            "put",
            "pay")
        .with("read", Effect.READ_ONLY)
        .with("put", Effect.IDEMPOTENT);
  }

  private AgentResult run(
      Search search, ScriptedRoles script, Function<ToolCall, Observation> answer) {
    return Agent.builder()
        .roles(script.roles())
        .tools(tools(answer))
        .search(search)
        .build()
        .run("task");
  }

  private AgentResult run(Search search, ScriptedRoles script) {
    return run(search, script, call -> Observation.ok("{\"n\": " + executed.size() + "}"));
  }

  private static List<Status> statuses(AgentResult result) {
    return result.tree().nodes().stream()
        .flatMap(
            node ->
                node.calls().stream()
                    .flatMap(made -> made.observation().stream())
                    .findFirst()
                    .stream())
        .map(Observation::status)
        .toList();
  }

  @Test
  void should_never_make_an_effectful_call_again_on_a_sibling_and_say_so() {
    for (Search search :
        List.of(
            Search.depthFirst(),
            Search.depthFirst().asPublished(),
            Search.chain(2),
            Search.bestFirst((path, context) -> 0))) {
      executed.clear();
      ScriptedRoles script = ScriptedRoles.create().call("pay", ORDER);
      if (!(search instanceof Search.BestFirst)) {
        script.giveUp("no");
      }
      AgentResult result = run(search, script.call("pay", ORDER).conclude("paid"));

      assertThat(executed).containsExactly("pay");
      assertThat(result.answer()).contains("paid");
      assertThat(statuses(result)).containsExactly(Status.OK, Status.REUSED);
      assertThat(
              result
                  .tree()
                  .nodes()
                  .get(result.tree().nodes().size() - 2)
                  .calls()
                  .get(0)
                  .observation())
          .hasValue(
              new Observation(
                  Status.REUSED,
                  "{\"note\": \"this call was made in an earlier attempt at the task and is not"
                      + " made again\", \"result\": {\"n\": 1}}"));
      assertThat(result.usage().toolCalls()).isOne();
    }
  }

  @Test
  void should_not_make_an_effectful_call_on_a_sibling_that_failed_elsewhere() {
    AgentResult result =
        run(
            Search.depthFirst(),
            ScriptedRoles.create().call("pay", ORDER).giveUp("no").call("pay", ORDER).giveUp("no"),
            call -> Observation.error(Status.TIMED_OUT, "no answer"));

    assertThat(executed).containsExactly("pay");
    assertThat(statuses(result)).containsExactly(Status.TIMED_OUT, Status.REUSED);
    assertThat(result.answer()).isEmpty();
  }

  @Test
  void should_take_over_what_was_read_as_long_as_nothing_can_have_changed() {
    AgentResult result =
        run(
            Search.depthFirst(),
            ScriptedRoles.create()
                .call("read", ORDER)
                .giveUp("no")
                .call("read", ORDER)
                .conclude("read"));

    assertThat(executed).containsExactly("read");
    assertThat(statuses(result)).containsExactly(Status.OK, Status.REUSED);
    assertThat(result.trajectory().steps().get(0).outcomes().get(0).observation().text())
        .isEqualTo("{\"n\": 1}");
  }

  @Test
  void should_read_again_after_something_may_have_changed() {
    for (String change : List.of("pay", "put")) {
      executed.clear();
      AgentResult result =
          run(
              Search.depthFirst(),
              ScriptedRoles.create()
                  .call("read", ORDER)
                  .call(change, ORDER)
                  .giveUp("no")
                  .giveUp("no")
                  .call("read", ORDER)
                  .call("read", ORDER)
                  .conclude("read"));

      assertThat(executed).containsExactly("read", change, "read");
      assertThat(result.answer()).contains("read");
    }
  }

  @Test
  void should_read_again_on_the_same_path_after_a_change_and_divert_without() {
    AgentResult result =
        run(
            Search.chain(),
            ScriptedRoles.create()
                .call("read", ORDER)
                .call("read", ORDER)
                .call("pay", ORDER)
                .call("read", ORDER)
                .call("read", ORDER)
                .conclude("done"));

    assertThat(executed).containsExactly("read", "pay", "read");
    assertThat(statuses(result))
        .containsExactly(Status.OK, Status.REPEATED, Status.OK, Status.OK, Status.REPEATED);
  }

  @Test
  void should_not_repeat_an_effectful_call_whose_outcome_is_unknown() {
    for (Status status : List.of(Status.TIMED_OUT, Status.UNKNOWN)) {
      executed.clear();
      run(
          Search.chain(),
          ScriptedRoles.create().call("pay", ORDER).call("pay", ORDER).conclude("?"),
          call -> Observation.error(status, "no answer"));
      assertThat(executed).containsExactly("pay");
      executed.clear();
      run(
          Search.chain(),
          ScriptedRoles.create().call("put", ORDER).call("put", ORDER).conclude("?"),
          call -> Observation.error(status, "no answer"));
      assertThat(executed).containsExactly("put", "put");
    }
  }

  @Test
  void should_make_a_call_on_a_sibling_that_was_refused_elsewhere() {
    AgentResult result =
        run(
            Search.depthFirst(),
            ScriptedRoles.create()
                .call("pay", ORDER)
                .giveUp("no")
                .call("pay", ORDER)
                .conclude("paid"),
            call ->
                executed.size() == 1
                    ? Observation.error(Status.REFUSED, "not now")
                    : Observation.ok("{}"));

    assertThat(executed).hasSize(2);
    assertThat(result.answer()).contains("paid");
  }

  @Test
  void should_know_what_may_be_repeated() {
    assertThat(Effect.READ_ONLY.repeatable()).isTrue();
    assertThat(Effect.IDEMPOTENT.repeatable()).isTrue();
    assertThat(Effect.EFFECTFUL.repeatable()).isFalse();
  }
}
