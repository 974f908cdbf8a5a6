package io.github.alphaumi.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.lab.world.Simulation.Fault;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ToolWorldTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SETS = 60;
  private static final int TASKS = 8;

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_give_the_same_sets_for_the_same_seed(Split split) {
    ToolWorld world = ToolWorld.load(split);

    assertThat(ToolWorld.load(split).set(7, 5, TASKS)).isEqualTo(world.set(7, 5, TASKS));
    assertThat(world.set(8, 5, TASKS)).isNotEqualTo(world.set(7, 5, TASKS));
  }

  /** Maps of another order in every Java process would make another file of the same seed. */
  @Test
  void should_write_schemas_in_one_order() {
    assertThat(((JsonRawSchema) WorldKind.DATE.schema("the day")).schema())
        .isEqualTo(
            "{\"type\": \"string\", \"format\": \"date\","
                + " \"description\": \"the day as YYYY-MM-DD\"}");
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_make_tasks_of_every_kind(Split split) {
    Set<WorldTask.Kind> kinds = EnumSet.noneOf(WorldTask.Kind.class);
    for (ToolSet set : sets(split)) {
      assertThat(set.tools()).hasSizeBetween(2, 10);
      assertThat(set.tasks()).hasSize(TASKS);
      assertThat(set.tasks()).extracting(WorldTask::task).doesNotHaveDuplicates();
      set.tasks().forEach(task -> kinds.add(task.kind()));
    }

    assertThat(kinds).containsExactlyInAnyOrder(WorldTask.Kind.values());
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_write_calls_that_fit_the_tools_schemas(Split split) throws IOException {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    for (ToolSet set : sets(split)) {
      Map<String, Schema> schemas = new HashMap<>();
      for (var tool : set.tools()) {
        JsonNode parameters = JSON.readTree(tool.toJson()).get("parameters");
        schemas.put(tool.name(), registry.getSchema(parameters.toString()));
      }
      for (WorldTask task : set.tasks()) {
        for (WorldStep step : task.steps()) {
          Schema schema = schemas.get(step.call().name());
          assertThat(schema).as(task.id()).isNotNull();
          assertThat(schema.validate(JSON.readTree(step.call().argumentsJson())))
              .as(task.id() + " " + step.call())
              .isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_write_turns_that_a_run_reads_back(Split split) {
    for (ToolSet set : sets(split)) {
      for (WorldTask task : set.tasks()) {
        for (WorldStep step : task.steps()) {
          assertThat(PromptFormat.readDecision(PromptFormat.write(step.plan())))
              .contains(step.plan());
          assertThat(step.plan().rationale()).contains("Call " + step.call().name());
          assertThat(PromptFormat.readCall(PromptFormat.write(step.call())))
              .isInstanceOfSatisfying(
                  ToolCall.class, read -> assertThat(read).hasToString(step.call().toString()));
        }
        assertThat(PromptFormat.readDecision(PromptFormat.write(task.end()))).contains(task.end());
        assertThat(task.answer().isEmpty()).isEqualTo(task.end() instanceof Decision.GiveUp);
        assertThat(task.answer().orElse("?")).isNotBlank().doesNotContain("null", "{");
        assertThat(task.task()).isNotBlank().doesNotContain("{", "}", "null");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_observe_what_the_tools_give_when_they_are_called_again(Split split) {
    ToolWorld world = ToolWorld.load(split);
    ValueLists lists = ValueLists.load();
    int steps = 0;
    for (int number = 0; number < SETS; number++) {
      ToolSet.Tools tools = world.tools("again " + number);
      TaskBuilder builder = new TaskBuilder(tools, split, lists);
      for (WorldTask.Kind kind : WorldTask.Kind.values()) {
        String seed = number + " " + kind;
        Optional<WorldTask> task = builder.build(kind, seed);
        if (task.isPresent()) {
          steps += replay(task.get(), tools, new Draws(seed, split, lists), seed);
        }
      }
    }
    assertThat(steps).isGreaterThan(SETS);
  }

  private static int replay(WorldTask task, ToolSet.Tools tools, Draws day, String seed) {
    List<WorldStep> steps = new ArrayList<>();
    task.earlier().ifPresent(earlier -> steps.addAll(earlier.steps()));
    steps.addAll(task.steps());
    Map<Integer, Fault> faults = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).failed()) {
        faults.put(i, new Fault("scripted", false));
      }
    }
    Simulation simulation = new Simulation(seed, day, faults);
    for (WorldStep step : steps) {
      OfferedTool tool = tool(tools, step);
      Simulation.Outcome outcome = simulation.call(tool, arguments(tool, step));
      assertThat(outcome.failed()).isEqualTo(step.failed());
      if (!step.failed()) {
        assertThat(outcome.observation()).as(task.task()).isEqualTo(step.observation());
      }
    }
    return steps.size();
  }

  private static OfferedTool tool(ToolSet.Tools tools, WorldStep step) {
    return tools.offered().stream()
        .filter(tool -> tool.name().equals(step.call().name()))
        .findFirst()
        .orElseThrow();
  }

  /** By the file's names. */
  private static Map<String, Object> arguments(OfferedTool tool, WorldStep step) {
    Map<String, Object> arguments = new HashMap<>();
    tool.argumentNames()
        .forEach(
            (name, offered) -> {
              Object value = step.call().arguments().get(offered);
              if (value != null) {
                arguments.put(name, value);
              }
            });
    return arguments;
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_call_with_values_that_the_task_or_an_observation_gives(Split split) {
    ToolWorld world = ToolWorld.load(split);
    ValueLists lists = ValueLists.load();
    int values = 0;
    for (int number = 0; number < SETS; number++) {
      ToolSet.Tools tools = world.tools("sources " + number);
      TaskBuilder builder = new TaskBuilder(tools, split, lists);
      for (WorldTask.Kind kind : WorldTask.Kind.values()) {
        String seed = number + " " + kind;
        Optional<WorldTask> task = builder.build(kind, seed);
        if (task.isPresent()) {
          values += checkSources(task.get(), tools, new Draws(seed, split, lists).today());
        }
      }
    }
    assertThat(values).isGreaterThan(SETS);
  }

  private static int checkSources(WorldTask task, ToolSet.Tools tools, LocalDate today) {
    StringBuilder known = new StringBuilder(task.task());
    task.earlier()
        .ifPresent(
            earlier -> {
              known.append('\n').append(earlier.task());
              earlier.steps().forEach(step -> known.append('\n').append(step.observation()));
            });
    int values = 0;
    for (WorldStep step : task.steps()) {
      OfferedTool tool = tool(tools, step);
      for (Argument argument : tool.tool().arguments()) {
        Object value = step.call().arguments().get(tool.argumentNames().get(argument.name()));
        if (value == null || value instanceof Boolean) {
          continue;
        }
        String text = known.toString().toLowerCase(Locale.ROOT);
        boolean several = argument.kind() instanceof Kind.Several;
        Kind kind = several ? ((Kind.Several) argument.kind()).of() : argument.kind();
        for (Object one : several ? (List<?>) value : List.of(value)) {
          assertThat(WrittenValues.of(kind, one, today))
              .as("%s = %s in %s", argument.name(), one, known)
              .anyMatch(way -> text.contains(way.toLowerCase(Locale.ROOT)));
          values++;
        }
      }
      known.append('\n').append(step.observation());
    }
    return values;
  }

  /** A chain teaches nothing if the request has the value that the second call needs. */
  @ParameterizedTest
  @EnumSource(Split.class)
  void should_hand_on_values_that_only_an_observation_has(Split split) {
    ToolWorld world = ToolWorld.load(split);
    ValueLists lists = ValueLists.load();
    int chains = 0;
    int given = 0;
    for (int number = 0; number < 3 * SETS; number++) {
      ToolSet.Tools tools = world.tools("chains " + number);
      TaskBuilder builder = new TaskBuilder(tools, split, lists);
      Optional<WorldTask> task = builder.build(WorldTask.Kind.DEPENDENT, "chain " + number);
      if (task.isPresent() && task.get().steps().size() == 2) {
        WorldStep first = task.get().steps().get(0);
        WorldStep second = task.get().steps().get(1);
        assertThat(second.call().arguments().values())
            .as(task.get().task() + " " + second)
            .anyMatch(
                value ->
                    first.observation().contains(PythonJson.write(value))
                        && !task.get().task().contains(String.valueOf(value)));
        assertThat(first.plan().rationale()).startsWith("First get the ");
        assertThat(second.plan().rationale()).matches("The .+ is .+\\. Call .+");
        chains++;
        given += isGivenElsewhere(builder, second.call().name(), number) ? 1 : 0;
      }
    }
    assertThat(chains).isGreaterThan(SETS);
    assertThat(given).as("the same tool called at once").isGreaterThan(chains / 4);
  }

  private static boolean isGivenElsewhere(TaskBuilder builder, String tool, int number) {
    for (int i = 0; i < 12; i++) {
      Optional<WorldTask> task = builder.build(WorldTask.Kind.SINGLE, number + " single " + i);
      if (task.isPresent() && task.get().steps().get(0).call().name().equals(tool)) {
        return true;
      }
    }
    return false;
  }

  /** What a task asks for is in its answer, letter by letter. */
  @ParameterizedTest
  @EnumSource(Split.class)
  void should_answer_with_what_was_asked_for(Split split) {
    ToolWorld world = ToolWorld.load(split);
    ValueLists lists = ValueLists.load();
    int told = 0;
    int asked = 0;
    for (int number = 0; number < 4 * SETS; number++) {
      ToolSet.Tools tools = world.tools("answers " + number);
      String seed = "answer " + number;
      Optional<WorldTask> built =
          new TaskBuilder(tools, split, lists).build(WorldTask.Kind.SINGLE, seed);
      if (built.isPresent()) {
        WorldTask task = built.get();
        WorldStep step = task.steps().get(0);
        OfferedTool tool = tool(tools, step);
        Map<String, Object> results =
            new Simulation(seed, new Draws(seed, split, lists), Map.of())
                .call(tool, arguments(tool, step))
                .results();
        String answer = task.answer().orElseThrow();
        long found = results.values().stream().filter(v -> answer.contains(said(v))).count();
        assertThat(found).as(task.task() + " " + answer + " " + results).isPositive();
        told += (int) found;
        asked += results.size();
      }
    }
    assertThat(told).isEqualTo(asked);
  }

  private static String said(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(ToolWorldTest::said).collect(Collectors.joining(", "));
    }
    return value instanceof Boolean yes
        ? yes ? "yes" : "no"
        : value instanceof String text ? text : PythonJson.write(value);
  }

  /** Every kind of argument, name and observation that real tools have is among the tools. */
  @ParameterizedTest
  @EnumSource(Split.class)
  void should_offer_tools_as_different_as_real_ones(Split split) {
    StringBuilder documents = new StringBuilder();
    StringBuilder names = new StringBuilder();
    StringBuilder observations = new StringBuilder();
    Set<Integer> words = new HashSet<>();
    int withoutArguments = 0;
    for (ToolSet set : sets(split)) {
      for (var tool : set.tools()) {
        documents.append(tool.toJson());
        names.append(tool.name()).append('\n');
        withoutArguments += tool.parameters().properties().isEmpty() ? 1 : 0;
        words.add(tool.description().split(" ").length);
      }
      set.tasks()
          .forEach(
              task ->
                  task.steps()
                      .forEach(step -> observations.append(step.observation()).append('\n')));
    }
    String specifications = documents.toString().replaceAll("\\s*([{}\\[\\],:])\\s*", "$1");
    assertThat(specifications)
        .contains("\"array\"", "\"boolean\"", "\"integer\"", "\"number\"", "\"date\"")
        .containsPattern("\"enum\":\\[\"[A-Z][A-Z0-9_]+\"");
    assertThat(names.toString())
        .containsPattern("(?m)^[A-Z][a-z]+[A-Z]\\w+$")
        .containsPattern("(?m)^[a-z]+_\\w+$")
        .containsPattern("(?m)^[a-z]+[A-Z]\\w+$")
        .containsPattern("(?m)^[a-z]+$");
    assertThat(withoutArguments).isPositive();
    assertThat(words).contains(3, 7, 12, 15, 25);
    assertThat(observations.toString())
        .containsPattern("(?m)^\\{\"\\w+\": \\{")
        .containsPattern("\\[\\{")
        .contains("null", "true", "false", "\"error\"", "\"reason\"", "\"message\"");
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_put_every_required_argument_once_into_the_words_of_a_description(Split split) {
    ToolWorld world = ToolWorld.load(split);
    Draws draws = new Draws("described", split, ValueLists.load());
    int inOfferedWords = 0;
    int inOtherWords = 0;
    for (int number = 0; number < SETS; number++) {
      for (OfferedTool tool : world.tools("described " + number).offered()) {
        Phrase phrase = DescribedRequests.draw(tool, draws);

        assertThat(phrase.slots())
            .as(phrase.toString())
            .containsExactlyInAnyOrderElementsOf(
                tool.tool().required().stream().map(Argument::name).toList());
        Set<String> words = longWords(String.join(" ", phrase.literals()));
        assertThat(words)
            .as(phrase + " " + tool.tool().descriptions())
            .containsAnyElementsOf(
                longWords(tool.tool().descriptions() + " " + tool.tool().names()));
        Set<String> offered = longWords(tool.description());
        Set<String> others =
            longWords(
                tool.tool().descriptions().stream()
                    .filter(text -> !text.equals(tool.description()))
                    .collect(Collectors.joining(" ")));
        boolean hasOffered =
            words.stream().anyMatch(w -> offered.contains(w) && !others.contains(w));
        boolean hasOther = words.stream().anyMatch(w -> others.contains(w) && !offered.contains(w));
        inOfferedWords += hasOffered && !hasOther ? 1 : 0;
        inOtherWords += hasOther && !hasOffered ? 1 : 0;
      }
    }
    int told = inOfferedWords + inOtherWords;
    assertThat(told).isGreaterThan(2 * SETS);
    assertThat(inOfferedWords).isBetween(told * 4 / 10, told * 6 / 10);
  }

  private static Set<String> longWords(String text) {
    return Pattern.compile("[a-z]{4,}")
        .matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void should_write_a_share_of_the_requests_in_the_words_of_descriptions(Split split) {
    ToolWorld world = ToolWorld.load(split);
    ValueLists lists = ValueLists.load();
    int described = 0;
    int all = 10 * SETS;
    for (int number = 0; number < all; number++) {
      TaskBuilder builder = new TaskBuilder(world.tools("share " + number), split, lists);
      WorldTask task = builder.build(WorldTask.Kind.SINGLE, "share " + number).orElseThrow();
      described += task.described() ? 1 : 0;
    }
    if (split == Split.TRAIN) {
      assertThat(described).isBetween(all * 29 / 100, all * 41 / 100);
    } else {
      assertThat(described).isBetween(all * 10 / 100, all * 20 / 100);
    }
  }

  @Test
  void should_give_people_addresses_of_their_own() {
    Draws draws = new Draws("mail", Split.TRAIN, ValueLists.load());

    for (int i = 0; i < 50; i++) {
      assertThat(Emails.belongingTo("Zoë O'Hara", draws))
          .containsPattern("zoe|z[._]?ohara")
          .contains("ohara")
          .doesNotContain("'", "ë");
    }
  }

  @Test
  void should_keep_values_for_tests_out_of_training() {
    assertThat(keptValues(Split.TRAIN)).isEmpty();
    assertThat(keptValues(Split.HELD_OUT)).hasSizeGreaterThan(50);
  }

  /** Names, codes and texts that only tests may have, among arguments and results. */
  private static List<String> keptValues(Split split) {
    Set<Kind> kinds =
        Set.of(
            WorldKind.FIRST_NAME,
            WorldKind.CITY,
            WorldKind.COUNTRY,
            WorldKind.EMAIL,
            WorldKind.PHONE,
            WorldKind.COMPANY,
            WorldKind.TEXT,
            WorldKind.TOPIC,
            WorldKind.WORD,
            WorldKind.ID);
    ToolWorld world = ToolWorld.load(split);
    ValueLists lists = ValueLists.load();
    List<String> kept = new ArrayList<>();
    for (int number = 0; number < 4 * SETS; number++) {
      ToolSet.Tools tools = world.tools("kept " + number);
      TaskBuilder builder = new TaskBuilder(tools, split, lists);
      builder
          .build(WorldTask.Kind.SINGLE, "kept " + number)
          .ifPresent(
              task -> {
                WorldStep step = task.steps().get(0);
                OfferedTool tool = tool(tools, step);
                Map<String, Object> arguments = arguments(tool, step);
                for (Argument argument : tool.tool().arguments()) {
                  Object value = arguments.get(argument.name());
                  boolean open =
                      kinds.contains(argument.kind()) || argument.kind() instanceof Kind.Code;
                  if (open && value instanceof String text && Draws.isKeptForTests(text)) {
                    kept.add(text);
                  }
                }
              });
    }
    return kept;
  }

  @Test
  void should_find_again_what_was_set_or_created() {
    Domain domain = DomainReader.read("harbour", Harbour.lines());
    ToolNaming naming = new ToolNaming(new Draws("names", Split.TRAIN, Harbour.LISTS));
    OfferedTool find = naming.offer(domain.tools().get(0));
    Simulation simulation =
        new Simulation("seed", new Draws("day", Split.TRAIN, Harbour.LISTS), Map.of());

    Simulation.Outcome gull = simulation.call(find, Map.of("ship", "Gull"));
    Simulation.Outcome tern = simulation.call(find, Map.of("ship", "Tern"));

    assertThat(simulation.call(find, Map.of("ship", "Gull"))).isEqualTo(gull);
    assertThat(tern.results()).isNotEqualTo(gull.results());
  }

  @Test
  void should_pair_impossible_tasks_with_possible_ones() {
    ToolWorld world = ToolWorld.load(Split.TRAIN);
    int pairs = 0;
    for (int number = 2; number < 30; number += 3) {
      ToolSet before = world.set(3, number - 1, TASKS);
      ToolSet set = world.set(3, number, TASKS);
      for (WorldTask task : set.tasks()) {
        if (task.kind() == WorldTask.Kind.IMPOSSIBLE) {
          WorldTask possible =
              before.tasks().stream()
                  .filter(other -> other.task().equals(task.task()))
                  .findFirst()
                  .orElseThrow();
          assertThat(possible.answer()).isPresent();
          assertThat(task.steps()).isEmpty();
          pairs++;
        }
      }
    }
    assertThat(pairs).isGreaterThan(10);
  }

  @Test
  void should_refuse_sets_without_tasks() {
    assertThatThrownBy(() -> Harbour.world().set(1, 0, 0)).hasMessage("tasks: 0 is less than 1");
  }

  private static List<ToolSet> sets(Split split) {
    ToolWorld world = ToolWorld.load(split);
    List<ToolSet> sets = new ArrayList<>();
    for (int number = 0; number < SETS; number++) {
      sets.add(world.set(11, number, TASKS));
    }
    return sets;
  }
}
