package io.github.alphaumi.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import com.google.common.io.Files;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.cases.AgentCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The frozen requests in free wording: whether each can be solved, and that none was learnt. */
class FreeWordingTest {
  private static final Path FILE = Path.of("cases/free-wording.json");
  private static final String SHA256 =
      "3ac2c7662899d69c5ca278da566534be92732c89ada45a0a08bc9e8e16a049cc";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, @Nullable Object>> ARGUMENTS =
      new TypeReference<>() {};
  private static final int TELLING_WORDS = 4;

  @Test
  void should_be_the_file_that_was_frozen() throws IOException {
    assertThat(Files.asByteSource(FILE.toFile()).hash(Hashing.sha256())).hasToString(SHA256);
  }

  @Test
  void should_succeed_where_the_expected_is_done_and_fail_where_nothing_is() throws IOException {
    Map<String, JsonNode> written = written();
    for (AgentCase task : AgentCase.load(FILE)) {
      JsonNode json = written.get(task.id());
      assertSuccess(task, json, json.get("expected"));
      for (JsonNode list : json.path("alternatives")) {
        assertSuccess(task, json, list);
      }
      AgentCase.Outcome nothing =
          task.run(
              (request, tools) ->
                  new AgentCase.Subject.Attempt(
                      AgentCase.Subject.Ending.ANSWERED, "Sure.", List.of()));
      boolean chat = json.get("kind").asText().equals("chat");
      assertThat(nothing.success()).as(task.id()).isEqualTo(chat);
    }
  }

  @Test
  void should_give_the_right_result_for_each_accepted_value() throws IOException {
    Map<String, JsonNode> written = written();
    for (AgentCase task : AgentCase.load(FILE)) {
      JsonNode json = written.get(task.id());
      json.path("argAlternatives")
          .properties()
          .forEach(
              other ->
                  other
                      .getValue()
                      .forEach(
                          value ->
                              assertSuccess(
                                  task,
                                  json,
                                  with(json.get("expected"), other.getKey(), value.asText()))));
    }
  }

  private static JsonNode with(JsonNode calls, String argument, String value) {
    JsonNode changed = calls.deepCopy();
    changed.forEach(
        call -> {
          if (call.get("args").has(argument)) {
            ((ObjectNode) call.get("args")).put(argument, value);
          }
        });
    return changed;
  }

  /** Makes the calls, and tells what they brought as it came. */
  private static void assertSuccess(AgentCase task, JsonNode json, JsonNode expected) {
    List<ToolCall> calls = new ArrayList<>();
    expected.forEach(
        call ->
            calls.add(
                new ToolCall(
                    call.get("tool").asText(), JSON.convertValue(call.get("args"), ARGUMENTS))));
    boolean givesUp = json.path("giveUp").asBoolean();
    String known =
        json.get("kind").asText().equals("none") ? json.at("/answerContains/0/0").asText() : "";
    AgentCase.Outcome outcome =
        task.run(
            AgentCase.Subject.of(
                tools ->
                    Agent.builder()
                        .roles(
                            new Roles(
                                (done, offered, run) ->
                                    made(done.steps()) < calls.size()
                                        ? new Decision.Call("")
                                        : givesUp
                                            ? new Decision.GiveUp("")
                                            : new Decision.Conclude(""),
                                (done, plan, offered, run) -> calls.get(made(done.steps())),
                                (done, plan, offered, run) -> told(done.steps(), known)))
                        .tools(tools)
                        .build()));
    assertThat(outcome.report()).as(task.toString()).isEmpty();
    assertThat(outcome.remarks()).as(task.toString()).isEmpty();
  }

  private static int made(List<Step> steps) {
    return (int) steps.stream().filter(step -> !isTemporary(step)).count();
  }

  private static boolean isTemporary(Step step) {
    return step.outcomes().get(0).observation().text().contains("is not reachable for a moment");
  }

  private static String told(List<Step> steps, String known) {
    return steps.stream()
            .flatMap(step -> step.outcomes().stream())
            .map(made -> made.call().map(ToolCall::toString) + " " + made.observation().text())
            .collect(Collectors.joining(". "))
        + known;
  }

  @Test
  void should_have_no_tool_no_argument_and_no_request_in_common_with_training() throws IOException {
    JsonNode file = JSON.readTree(FILE.toFile());
    List<WorldTool> trained =
        ToolWorld.domains(Split.TRAIN).stream().flatMap(domain -> domain.tools().stream()).toList();
    Set<String> names =
        trained.stream().flatMap(tool -> tool.names().stream()).collect(Collectors.toSet());
    Set<String> arguments =
        trained.stream()
            .flatMap(tool -> tool.arguments().stream())
            .map(WorldTool.Argument::name)
            .collect(Collectors.toSet());
    List<Pattern> asked =
        trained.stream()
            .flatMap(tool -> Stream.concat(tool.asks().stream(), tool.hints().stream()))
            .filter(phrase -> words(phrase.words()).size() >= TELLING_WORDS)
            .map(FreeWordingTest::pattern)
            .toList();

    List<String> common = new ArrayList<>();
    file.get("tools")
        .properties()
        .forEach(
            tool -> {
              add("tool", spaced(tool.getKey()), names, common);
              tool.getValue()
                  .at("/parameters/properties")
                  .fieldNames()
                  .forEachRemaining(name -> add("argument", spaced(name), arguments, common));
            });
    for (JsonNode json : file.get("cases")) {
      String request = json.get("request").asText();
      Stream.concat(Stream.of(request), Arrays.stream(request.split("(?<=[.!?;:–])\\s+")))
          .map(FreeWordingTest::plain)
          .forEach(
              text ->
                  asked.stream()
                      .filter(pattern -> pattern.matcher(text).matches())
                      .forEach(pattern -> common.add(json.get("id") + " is asked as " + pattern)));
    }

    assertThat(trained).hasSizeGreaterThan(300);
    assertThat(asked)
        .hasSizeGreaterThan(3000)
        .anyMatch(
            pattern -> pattern.matcher(plain("What's the temperature of the lake?")).matches());
    assertThat(common).isEmpty();
  }

  @Test
  void should_be_as_many_of_each_kind_as_the_readme_says() throws IOException {
    Map<String, Long> kinds =
        written().values().stream()
            .collect(Collectors.groupingBy(c -> c.get("kind").asText(), Collectors.counting()));

    assertThat(kinds)
        .containsEntry("single", 57L)
        .containsEntry("two", 21L)
        .containsEntry("dependent", 26L)
        .containsEntry("three", 5L)
        .containsEntry("retry", 5L)
        .containsEntry("error", 4L)
        .containsEntry("giveup", 8L)
        .containsEntry("distractor", 5L);
    assertThat(kinds.get("none") + kinds.get("chat")).isEqualTo(5);
    assertThat(written().values().stream().map(c -> c.get("request").asText()).distinct())
        .hasSize(136);
  }

  private static void add(String what, String name, Set<String> known, List<String> common) {
    if (known.contains(name)) {
      common.add(what + " " + name);
    }
  }

  private static Map<String, JsonNode> written() throws IOException {
    return StreamSupport.stream(JSON.readTree(FILE.toFile()).get("cases").spliterator(), false)
        .collect(Collectors.toMap(json -> json.get("id").asText(), json -> json));
  }

  /** {@code find_balloon_voucher} and {@code findBloodDonor} as the world's files have names. */
  private static String spaced(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[\\s.,!?;:–]+", " ").strip();
  }

  private static Set<String> words(String text) {
    return new HashSet<>(
        Arrays.stream(text.replace("'", "").split("[^a-z]+"))
            .filter(word -> !word.isBlank())
            .toList());
  }

  private static Pattern pattern(Phrase phrase) {
    return Pattern.compile(
        phrase.literals().stream()
            .map(FreeWordingTest::plain)
            .map(text -> text.isEmpty() ? "" : "(?<!\\w)" + Pattern.quote(text) + "(?!\\w)")
            .collect(Collectors.joining("\\s?.{1,40}?\\s?")));
  }
}
