package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.SearchBehavior;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunStoppedException;
import io.github.alphaumi.core.Search;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolSearchTest {
  private static final List<String> VERBS =
      List.of("find", "create", "delete", "update", "list", "rename", "archive", "export");
  private static final List<String> THINGS =
      List.of(
          "invoice",
          "customer",
          "parcel",
          "warehouse",
          "ticket",
          "meeting",
          "contract",
          "vehicle",
          "recipe",
          "flight",
          "hotel",
          "concert",
          "patient",
          "lesson",
          "server",
          "camera");
  private static final List<String> PLACES =
      List.of(
          "France", "Spain", "Italy", "Norway", "Poland", "Austria", "Greece", "Ireland", "Chile",
          "Peru", "Japan", "India", "Kenya", "Ghana", "Canada", "Mexico", "Brazil", "Cuba",
          "Iceland", "Malta", "Cyprus", "Estonia", "Latvia", "Hungary", "Croatia");
  private static final List<String> TIMES =
      List.of("today", "yesterday", "weekly", "monthly", "yearly");

  /** 16,000 tools, no two of the same words. */
  private static List<ToolSpecification> many() {
    List<ToolSpecification> tools = new ArrayList<>();
    for (String verb : VERBS) {
      for (String thing : THINGS) {
        for (String place : PLACES) {
          for (String time : TIMES) {
            tools.add(
                ToolSpecification.builder()
                    .name(String.join("_", verb, thing, place, time).toLowerCase(Locale.ROOT))
                    .description(verb + " one " + thing + " in " + place + ", " + time)
                    .build());
          }
        }
      }
    }
    return tools;
  }

  private static FakeToolbox answering(List<ToolSpecification> tools) {
    return new FakeToolbox(tools, call -> Observation.ok("{\"done\": \"" + call.name() + "\"}"));
  }

  private static ToolSpecification tool(String name, String description) {
    return ToolSpecification.builder().name(name).description(description).build();
  }

  private static final List<ToolSpecification> FEW =
      List.of(
          tool("convert", "Converts an amount of money between currencies"),
          tool("forecast", "Tells the weather of a city"),
          tool("translate", "Translates a text into another language"),
          tool("help", "Tells a human").toBuilder()
              .addMetadata(
                  ToolSpecification.METADATA_SEARCH_BEHAVIOR, SearchBehavior.ALWAYS_VISIBLE)
              .build());

  private static List<String> shown(Toolbox tools, Trajectory path) {
    return tools.shown(tools.specifications(), path, new FakeRunContext()).stream()
        .map(ToolSpecification::name)
        .toList();
  }

  private static Step called(String name, Map<String, Object> arguments) {
    return Step.of(new Decision.Call("p"), new ToolCall(name, arguments), Observation.ok("{}"));
  }

  @Test
  void should_show_what_the_task_needs_of_16_000_tools() {
    List<ToolSpecification> tools = many();
    assertThat(tools).hasSize(16_000);
    Toolbox search = ToolSearch.byWords(answering(tools), 5);

    assertThat(shown(search, Trajectory.start("Archive a parcel of Norway every month: monthly")))
        .hasSize(6)
        .contains(ToolSearch.FIND, "archive_parcel_norway_monthly");
    assertThat(shown(search, Trajectory.start("Was there a concert yesterday in Iceland? List it")))
        .contains("list_concert_iceland_yesterday");
  }

  @Test
  void should_show_what_was_asked_for_after_that_and_only_on_that_path() {
    Toolbox tools = ToolSearch.byWords(answering(FEW), 1);
    Trajectory start = Trajectory.start("What is the weather in Oslo?");
    assertThat(shown(tools, start)).containsExactly(ToolSearch.FIND, "forecast", "help");

    Trajectory asked = start.with(called(ToolSearch.FIND, Map.of("need", "convert money")));
    assertThat(shown(tools, asked)).containsExactly(ToolSearch.FIND, "convert", "forecast", "help");
    assertThat(shown(tools, start)).doesNotContain("convert");
  }

  @Test
  void should_drop_old_needs_and_keep_tools_that_were_called() {
    Toolbox tools = ToolSearch.byWords(answering(many()), 1);
    Trajectory path =
        Trajectory.start("no word of a tool")
            .with(called(ToolSearch.FIND, Map.of("need", "find invoice france today")))
            .with(called(ToolSearch.FIND, Map.of("need", "find invoice spain today")))
            .with(called("find_invoice_spain_today", Map.of()))
            .with(called(ToolSearch.FIND, Map.of("need", "find invoice italy today")))
            .with(called(ToolSearch.FIND, Map.of("need", "find invoice norway today")));

    assertThat(shown(tools, path))
        .containsExactlyInAnyOrder(
            ToolSearch.FIND,
            "find_invoice_spain_today",
            "find_invoice_italy_today",
            "find_invoice_norway_today");
  }

  @Test
  void should_say_what_was_found_and_how_to_ask() {
    Toolbox tools = ToolSearch.byWords(answering(FEW), 2);

    assertThat(Calls.run(tools, ToolSearch.FIND, "{\"need\": \"another language\"}").text())
        .isEqualTo(
            "{\"found\": [\"translate\"], \"note\": \"these tools can be called from the next step"
                + " on\"}");
    assertThat(Calls.run(tools, ToolSearch.FIND, "{\"need\": \"xyzzy\"}").text())
        .contains("say it in other words");
    Observation refused = Calls.run(tools, ToolSearch.FIND, "{}");
    assertThat(refused.status()).isEqualTo(Observation.Status.INVALID);
    assertThat(refused.text()).contains("the argument need is missing", "\"example\"");
    assertThat(Calls.run(tools, "convert", "{}").text()).contains("convert");
  }

  @Test
  void should_refuse_a_toolbox_with_a_tool_of_its_name() {
    Toolbox tools = ToolSearch.byWords(answering(List.of(tool(ToolSearch.FIND, "x"))), 2);

    assertThatThrownBy(tools::specifications).hasMessageContaining("give it another one");
    assertThatThrownBy(() -> ToolSearch.byWords(tools, 0)).hasMessageContaining("less than 1");
  }

  /** Looks at one letter: enough to tell tools apart, and without a word in common. */
  private static final class LetterModel implements EmbeddingModel {
    boolean broken;

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> texts) {
      if (broken) {
        throw new IllegalStateException("no connection");
      }
      return Response.from(
          texts.stream()
              .map(text -> text.text().contains("Ω") || text.text().startsWith("translate"))
              .map(like -> Embedding.from(like ? new float[] {1, 0} : new float[] {0, 1}))
              .toList());
    }
  }

  @Test
  void should_find_by_meaning_what_words_do_not() {
    LetterModel model = new LetterModel();
    Toolbox tools = ToolSearch.byMeaning(answering(FEW), 1, model);

    assertThat(shown(tools, Trajectory.start("Ω"))).contains("translate");
    model.broken = true;
    assertThat(shown(tools, Trajectory.start("Ω and the weather"))).contains("forecast");
  }

  /** A run in which the planner asks for a tool that the task's words do not find. */
  private static Agent.Builder asking(Toolbox tools, List<List<String>> read) {
    return Agent.builder()
        .runIds(() -> "run")
        .tools(tools)
        .roles(
            new Roles(
                (path, listed, context) -> {
                  read.add(listed.stream().map(ToolSpecification::name).toList());
                  return path.steps().size() < 2
                      ? new Decision.Call("step " + path.steps().size())
                      : new Decision.Conclude("done");
                },
                (path, plan, listed, context) ->
                    path.steps().isEmpty()
                        ? new ToolCall(ToolSearch.FIND, Map.of("need", "currencies"))
                        : new ToolCall("convert", Map.of()),
                (path, plan, listed, context) -> "ok"));
  }

  @Test
  void should_tell_models_and_listeners_from_the_next_step_on() {
    List<List<String>> read = new ArrayList<>();
    List<List<String>> told = new ArrayList<>();
    AgentResult result =
        asking(ToolSearch.byWords(answering(FEW), 1), read)
            .listener(
                event -> {
                  if (event instanceof RunEvent.Offered offered) {
                    told.add(offered.tools().stream().map(ToolSpecification::name).toList());
                  }
                })
            .build()
            .run("What is the weather?");

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(read.get(0)).containsExactly(ToolSearch.FIND, "forecast", "help");
    assertThat(read.get(1)).containsExactly(ToolSearch.FIND, "convert", "forecast", "help");
    assertThat(told).containsExactly(read.get(0), read.get(1));
  }

  @Test
  void should_show_the_same_when_a_run_is_resumed_and_when_it_is_replayed() {
    Journal journal = Journal.inMemory();
    List<List<String>> first = new ArrayList<>();
    FakeToolbox failing =
        new FakeToolbox(
            FEW,
            call -> {
              throw new RunStoppedException(StopReason.CANCELLED, "the process ends");
            });
    AgentResult cut =
        asking(ToolSearch.byWords(failing, 1), first).journal(journal).build().run("weather?");
    assertThat(cut.stopReason()).isEqualTo(StopReason.CANCELLED);

    List<List<String>> second = new ArrayList<>();
    Agent agent = asking(ToolSearch.byWords(answering(FEW), 1), second).journal(journal).build();
    AgentResult resumed = agent.resume("run");
    assertThat(resumed.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(first.get(1)).contains("convert");
    assertThat(second).containsExactly(first.get(1));
    assertThat(agent.replay("run").trajectory().toString())
        .isEqualTo(resumed.trajectory().toString());
  }

  @Test
  void should_not_let_a_branch_see_what_another_one_found() {
    List<List<String>> read = new ArrayList<>();
    AgentResult result =
        Agent.builder()
            .tools(ToolSearch.byWords(answering(FEW), 1))
            .search(Search.depthFirst())
            .roles(
                new Roles(
                    (path, listed, context) -> {
                      read.add(listed.stream().map(ToolSpecification::name).toList());
                      if (!path.steps().isEmpty()) {
                        return new Decision.GiveUp("no way");
                      }
                      return path.tried(0).isEmpty()
                          ? new Decision.Call("look for another tool")
                          : new Decision.Conclude("done");
                    },
                    (path, plan, listed, context) ->
                        new ToolCall(ToolSearch.FIND, Map.of("need", "currencies")),
                    (path, plan, listed, context) -> "ok"))
            .build()
            .run("What is the weather?");

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(read.get(1)).contains("convert");
    assertThat(read.get(read.size() - 1)).doesNotContain("convert");
  }
}
