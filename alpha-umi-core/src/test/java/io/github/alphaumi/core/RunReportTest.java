package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports as data: from listeners, to JSON and back, as diagrams. */
class RunReportTest {

  @Test
  void should_equal_itself_after_the_way_through_json() {
    RunReport report = Reports.searched();

    RunReport again = RunReport.fromJson(report.toJson());

    assertThat(again).isEqualTo(report).hasSameHashCodeAs(report);
    assertThat(again.toJson()).isEqualTo(report.toJson());
    assertThat(again.toHtml()).isEqualTo(report.toHtml());
  }

  @Test
  void should_carry_every_text_through_json_and_through_a_file() {
    RunReport report = Reports.hostile();

    String file =
        new String(report.toJson().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

    assertThat(RunReport.fromJson(file)).isEqualTo(report);
    assertThat(file).matches("\\p{ASCII}*");
  }

  @Test
  void should_keep_numbers_in_arguments_as_they_were_read() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("price", new BigDecimal("1.10"));
    arguments.put("tiny", new BigDecimal("1E-400"));
    arguments.put("count", 3);
    arguments.put("many", 3_000_000_000L);
    arguments.put("huge", new BigInteger("123456789012345678901234567890"));
    arguments.put("none", null);
    arguments.put("list", Arrays.asList(true, null, Map.of("a", List.of("b"))));
    RunReport report = Reports.of("task").call(0, "plan", "tool", arguments, "ok").report();

    assertThat(RunReport.fromJson(report.toJson())).isEqualTo(report);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\":2  | \"version\":3  | version 3 and this library reads version 2",
        "\"version\":2  | \"versio\":2   | version  and this library reads version 2",
        "alpha-umi-run  | alpha-umi-rum  | no \"format\": \"alpha-umi-run\"",
        "\"parent\":0   | \"parent\":7   | id 1 and parent 7; ids count from 0",
        "GAVE_UP        | GIVEN          | tree.nodes[2].state is \"GIVEN\", not one of [OPEN",
        "\"PT0.08S\"    | \"80ms\"       | tree.nodes[1].time is \"80ms\", not a duration such as",
        "\"detail\":\"\"| \"detail\":5   | detail is 5, not text",
        "\"steps\"      | null           | limits[0].name is missing",
        "\"kind\":\"call\"|\"kind\":\"c\"| kind is 'c', not call, conclude or give_up",
        "}]}            | }              | it is no JSON"
      })
  void should_say_what_is_wrong_with_json_that_it_cannot_read(
      String text, String broken, String message) {
    String json = Reports.searched().toJson();
    int at = json.indexOf(text);
    String other = json.substring(0, at) + broken + json.substring(at + text.length());

    assertThatThrownBy(() -> RunReport.fromJson(other))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining(message);
  }

  @Test
  void should_report_each_run_with_what_models_were_asked_and_wrote() {
    ScriptedTextModel model =
        new ScriptedTextModel()
            .writes("I look it up. Next: caller.")
            .writes("Action: price\nAction Input: {\"ticker\": \"MSFT\"}")
            .writes("Known. Next: conclusion.")
            .writes("417.2");
    List<RunReport> reports = new ArrayList<>();

    AgentResult result =
        Agent.builder()
            .name("broker")
            .roles(Roles.tuned(model, PromptFormat.compact()))
            .tools(FakeToolbox.of(call -> Observation.ok("417.2"), "price"))
            .listener(RunListener.reports(reports::add))
            .build()
            .run("What is MSFT at?");

    RunReport report = reports.get(0);
    assertThat(reports).hasSize(1);
    assertThat(report.agent()).isEqualTo("broker");
    assertThat(report.tree()).isEqualTo(result.tree());
    assertThat(report.usage()).isEqualTo(result.usage());
    assertThat(report.limits())
        .extracting(RunReport.Limit::name)
        .startsWith("steps", "model calls");
    assertThat(report.limits()).extracting(RunReport.Limit::used).startsWith(1.0, 4.0, 1.0, 60.0);
    assertThat(report.tools()).extracting(tool -> tool.name()).containsExactly("price");
    assertThat(report.exchanges())
        .extracting(e -> e.node() + " " + e.role() + " " + e.text())
        .containsExactly(
            "1 PLANNER I look it up. Next: caller.",
            "1 CALLER Action: price\nAction Input: {\"ticker\": \"MSFT\"}",
            "2 PLANNER Known. Next: conclusion.",
            "2 SUMMARIZER 417.2");
    assertThat(report.exchanges())
        .extracting(RunReport.Exchange::prompt)
        .containsExactlyElementsOf(
            model.requests().stream().map(request -> request.prompt().text()).toList());
    assertThat(RunReport.fromJson(report.toJson())).isEqualTo(report);
    assertThat(report.toHtml()).contains("I look it up.", "417.2", "broker");
  }

  @Test
  void should_report_a_result_without_what_only_listeners_hear() {
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().giveUp("no tools").roles())
            .build()
            .run("Do it");

    RunReport report = RunReport.of(result);

    assertThat(report.exchanges()).isEmpty();
    assertThat(report.toHtml()).contains("no tools Next: give up.", "GAVE_UP");
    assertThat(RunReport.fromJson(report.toJson())).isEqualTo(report);
  }

  @Test
  void should_draw_a_tree_for_mermaid() {
    assertThat(Reports.searched().toMermaid())
        .isEqualTo(
            """
            flowchart TD
              n0(["Where is my order A-4711?"])
              n1["1. orderStatus #123;#34;orderId#34;: #34;4711#34;#125;<br/>#123;#34;error#34;: #34;none#34;#125;"]:::open
              n0 --> n1
              n2["2. there is no such order Next: give up."]:::gave_up
              n1 --> n2
              n3["3. orderStatus #123;#34;orderId#34;: #34;A-4711#34;#125;<br/>shipped"]:::open
              n0 --> n3
              n4["4. it is known Next: conclusion.<br/>It was shipped."]:::answered
              n3 --> n4
              classDef answered stroke:#17754a,stroke-width:3px
              classDef gave_up stroke:#b3261e
              classDef cut stroke:#8a5a00
              classDef stopped stroke:#8a5a00
              classDef abandoned stroke-dasharray:4 3
              classDef open stroke-width:1px
            """);
  }

  @Test
  void should_keep_hostile_text_within_its_label_of_a_diagram() {
    RunReport report = Reports.hostile();
    List<String> lines = report.toMermaid().lines().toList();

    assertThat(lines).hasSize(1 + 1 + 2 * (report.tree().nodes().size() - 1) + 6);
    assertThat(lines.subList(2, lines.size() - 6))
        .allMatch(
            line ->
                line.matches(" {2}n\\d+ --> n\\d+")
                    || line.matches(
                        " {2}n\\d+\\[\"[^\"\\[\\]{}()<>`%|&]*(<br/>[^\"\\[\\]{}()<>`%|&]*)?\"]:::\\w+"));
  }
}
