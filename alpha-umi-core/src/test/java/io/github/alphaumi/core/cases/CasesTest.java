package io.github.alphaumi.core.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.cases.AgentCase.Outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases over the tools of an invented depot, worked on by agents that follow a script. */
class CasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/depot.json");
  private static final ToolCall WEIGHT = call("crateWeight", Map.of("crate", "K-17"));
  private static final ToolCall DOCK = call("dockOf", Map.of("crate", "K-17"));
  private static final ToolCall TRUCK = call("orderTruck", Map.of("dock", 4, "tons", 2));
  private static final String GIVE_UP = "(give up)";

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> should_be_tests_of_a_build() {
    Map<String, List<Object>> scripts =
        Map.of(
            "How heavy is crate K-17?", List.of(WEIGHT, "It weighs 1,250.00 kg."),
            "Send a truck for two tons to where K-17 stands",
                List.of(DOCK, DOCK, TRUCK, "Truck t-9 comes."),
            "Weight and dock of K-17", List.of(DOCK, DOCK, "North 4."),
            "And crate k18?",
                List.of(call("crateWeight", Map.of("crate", "K-18")), "80 kilograms."),
            "Repaint crate K-17", List.of(GIVE_UP),
            "Thank you!", List.of("You are welcome."));

    return CaseTests.of(
        CASES,
        tools ->
            Agent.builder()
                .roles(
                    new Roles(
                        (trajectory, offered, run) ->
                            decision(script(scripts, trajectory.task()), trajectory.steps().size()),
                        (trajectory, plan, offered, run) ->
                            (ToolCall)
                                script(scripts, trajectory.task()).get(trajectory.steps().size()),
                        (trajectory, plan, offered, run) ->
                            (String)
                                script(scripts, trajectory.task()).get(trajectory.steps().size())))
                .tools(tools)
                .build());
  }

  private static List<Object> script(Map<String, List<Object>> scripts, String task) {
    return scripts.getOrDefault(task, List.of());
  }

  @Test
  void should_say_what_went_wrong_and_what_was_done_when_a_test_fails() {
    DynamicTest test =
        CaseTests.of(CASES, agent(List.of(call("crateWeight", Map.of("crate", "K-18")), "80 kg.")))
            .findFirst()
            .orElseThrow();

    assertThat(test.getDisplayName()).isEqualTo("weight: How heavy is crate K-17?");
    assertThatThrownBy(() -> test.getExecutable().execute())
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            weight: How heavy is crate K-17?
            wrong argument: called [crateWeight {"crate": "K-18"}] in place of [crateWeight {"crate": "K-17"}]
              plan      step 0
              call      crateWeight {"crate": "K-18"}
              observed  {"kg": 80}
              answer    80 kg.""");
  }

  @Test
  void should_take_defaults_numbers_by_value_and_texts_without_margins() {
    assertSuccess(
        "weight",
        call("crateWeight", Map.of("crate", " K-17 ", "unit", "kg")),
        "About 1.25 t, I think");
    assertSuccess(
        "truck",
        DOCK,
        DOCK,
        call("orderTruck", Map.of("dock", 4.0, "tons", 2.00)),
        "T-9 is on its way.");
    assertFailure(
        "weight",
        Failure.WRONG_ARGUMENT,
        call("crateWeight", Map.of("crate", "K-17", "unit", "lb")),
        "1250");
  }

  @Test
  void should_not_count_retries_after_the_temporary_error() {
    AgentCase.Outcome outcome = outcome("truck", List.of(DOCK, DOCK, TRUCK, "T-9"));

    assertThat(outcome.success()).isTrue();
    assertThat(outcome.remarks()).isEmpty();
    assertThat(outcome.trajectory())
        .contains("observed  {\"error\": \"dockOf is not reachable for a moment; try again\"}")
        .contains("observed  {\"results\": [\"north\", \"4\"]}");
  }

  @Test
  void should_remark_needless_reading_and_fault_needless_effects() {
    AgentCase.Outcome reading =
        outcome("truck", List.of(DOCK, DOCK, call("dockOf", Map.of("crate", "x")), TRUCK, "T-9"));
    assertThat(reading.success()).isTrue();
    assertThat(reading.remarks()).containsExactly("not needed: dockOf {\"crate\": \"x\"}");

    AgentCase.Outcome effect =
        outcome(
            "truck",
            List.of(DOCK, DOCK, TRUCK, call("orderTruck", Map.of("dock", 5, "tons", 2)), "T-9"));
    assertThat(effect.failure()).isEqualTo(Failure.EXTRA_CALL);
    assertThat(effect.callsExact()).isFalse();
    assertThat(effect.answer()).isTrue();
  }

  @Test
  void should_take_any_order_alternative_lists_and_alternative_values() {
    assertSuccess("either", WEIGHT, DOCK, DOCK, "x");
    assertSuccess("either", DOCK, DOCK, WEIGHT, "x");
    assertSuccess("either", DOCK, call("dockOf", Map.of("crate", "K17")), "x");
    assertFailure("either", Failure.WRONG_TOOL, WEIGHT, "x");
  }

  @Test
  void should_give_the_result_of_the_canonical_value_for_one_that_is_accepted() {
    AgentCase.Outcome outcome =
        outcome("either", List.of(call("crateWeight", Map.of("crate", "K17")), DOCK, DOCK, "x"));

    assertThat(outcome.trajectory()).contains("observed  {\"result\": 1250.0}");

    AgentCase.Outcome other =
        outcome("accepted", List.of(call("crateWeight", Map.of("crate", "k18")), "80 kg"));

    assertThat(other.trajectory()).contains("observed  {\"kg\": 80}");
  }

  @Test
  void should_take_a_give_up_in_words_but_none_with_an_effect() {
    assertSuccess("impossible", GIVE_UP);
    assertSuccess("impossible", "I’m sorry, I can’t repaint crates.");
    assertSuccess("impossible", WEIGHT, GIVE_UP);
    assertFailure("impossible", Failure.WRONG_DECISION, "It is blue.");
    assertFailure("impossible", Failure.EXTRA_CALL, TRUCK, GIVE_UP);
  }

  @Test
  void should_name_the_first_thing_that_went_wrong() {
    assertFailure("weight", Failure.WRONG_DECISION, GIVE_UP);
    assertFailure("weight", Failure.WRONG_DECISION, "1250");
    assertFailure("weight", Failure.WRONG_TOOL, DOCK, "1250");
    assertFailure("weight", Failure.WRONG_ANSWER, WEIGHT, "It is 80 kg, not 1250.");
    assertFailure("weight", Failure.WRONG_ANSWER, WEIGHT, "I do not know.");
    assertFailure("chat", Failure.WRONG_DECISION, GIVE_UP);
  }

  @Test
  void should_say_when_a_limit_ended_the_run() {
    AgentCase.Outcome outcome =
        find("truck")
            .run(
                AgentCase.Subject.of(
                    tools ->
                        Agent.builder()
                            .roles(roles(List.of(DOCK, DOCK, TRUCK, "T-9")))
                            .tools(tools)
                            .budget(Budget.defaults().withSteps(1))
                            .build()));

    assertThat(outcome.failure()).isEqualTo(Failure.BUDGET);
  }

  @Test
  void should_tell_of_a_model_that_cannot_be_asked_instead_of_judging() {
    Roles broken =
        roles(List.of())
            .withPlanner(
                (trajectory, tools, run) -> {
                  throw new IllegalStateException("no network");
                });

    assertThatThrownBy(
            () ->
                find("chat")
                    .run(
                        AgentCase.Subject.of(
                            tools -> Agent.builder().roles(broken).tools(tools).build())))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("no network");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "It is 1,250.00 kg        | 1250     | true",
        "It is 1250 kg            | 1,250.00 | true",
        "It is 21250 kg           | 1250     | false",
        "It is 1250.5 kg          | 1250     | false",
        "It is 1250.              | 1250     | true",
        "Dock 4, then 14          | 4        | true",
        "Dock 14, then 24         | 4        | false",
        "The  NORTH\u00a0 dock    | north dock | true",
        "12.50 CHF                | 12.5     | true",
        "on 2026-11-04            | 2026-11-04 | true",
        "K-170                    | K-17     | false",
      })
  void should_find_texts_as_people_would(String answer, String part, boolean found) {
    assertThat(new AnswerText(answer).contains(part)).isEqualTo(found);
  }

  @Test
  void should_refuse_files_that_cannot_mean_what_they_say() throws IOException {
    assertRefused("{", "Unexpected end");
    assertRefused("{\"tools\": {}, \"cases\": []}", "at least one");
    assertRefused("{\"tools\": {}, \"cases\": [{\"request\": \"x\"}]}", "a case has no id");
    assertRefused("{\"tools\": {}, \"cases\": [{\"id\": \"a\"}]}", "case a: it has no request");
    assertRefused(
        "{\"tools\": {}, \"cases\": [{\"id\": \"a\", \"request\": \"x\"}, {\"id\": \"a\","
            + " \"request\": \"x\"}]}",
        "two cases have the id a");
    assertRefused(
        "{\"tools\": {}, \"cases\": [{\"id\": \"a\", \"request\": \"x\", \"tools\": [\"t\"]}]}",
        "case a: there is no tool 't'");
    assertRefused(
        "{\"tools\": {\"t\": {}}, \"cases\": [{\"id\": \"a\", \"request\": \"x\", \"expected\":"
            + " [{\"tool\": \"t\"}]}]}",
        "'t' is expected, which is not offered");
    assertRefused(
        "{\"tools\": {\"t\": {\"effect\": \"harmless\"}}, \"cases\": [{\"id\": \"a\"}]}",
        "tool t: effect 'harmless' is none of [read-only, idempotent, effectful]");
  }

  private void assertRefused(String json, String why) throws IOException {
    Path file = folder.resolve("cases.json");
    Files.writeString(file, json);
    assertThatThrownBy(() -> AgentCase.load(file))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
  }

  private static void assertSuccess(String id, Object... script) {
    AgentCase.Outcome outcome = outcome(id, List.of(script));
    assertThat(outcome.report()).isEmpty();
    assertThat(outcome.callsExact()).isTrue();
    assertThat(outcome.toolNames()).isTrue();
    assertThat(outcome.decision()).isTrue();
    assertThat(outcome.answer()).isTrue();
  }

  private static void assertFailure(String id, Failure failure, Object... script) {
    assertThat(outcome(id, List.of(script)).failure()).isEqualTo(failure);
  }

  private static AgentCase.Outcome outcome(String id, List<Object> script) {
    return find(id).run(agent(script));
  }

  private static AgentCase find(String id) {
    return AgentCase.load(CASES).stream()
        .filter(agentCase -> agentCase.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static AgentCase.Subject agent(List<Object> script) {
    return AgentCase.Subject.of(tools -> Agent.builder().roles(roles(script)).tools(tools).build());
  }

  private static Roles roles(List<Object> script) {
    return new Roles(
        (trajectory, tools, run) -> decision(script, trajectory.steps().size()),
        (trajectory, plan, tools, run) -> (ToolCall) script.get(trajectory.steps().size()),
        (trajectory, plan, tools, run) -> (String) script.get(trajectory.steps().size()));
  }

  private static Decision decision(List<Object> script, int step) {
    if (script.get(step) instanceof ToolCall) {
      return new Decision.Call("step " + step);
    }
    return script.get(step).equals(GIVE_UP)
        ? new Decision.GiveUp("no tool for it")
        : new Decision.Conclude("done");
  }

  private static ToolCall call(String name, Map<String, Object> arguments) {
    return new ToolCall(name, new TreeMap<>(arguments));
  }
}
