package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagedToolsTest {
  private static final int PAGE = 600;
  private static final Pattern MORE = Pattern.compile("handle (\\w+) and from (\\d+)");

  static class Archive {
    @Tool
    @Policy(effect = Effect.READ_ONLY, maxResultChars = 1_000_000)
    List<Map<String, Integer>> items(int count) {
      return IntStream.range(0, count).mapToObj(i -> Map.of("number", i)).toList();
    }

    @Tool
    @Policy(effect = Effect.READ_ONLY, maxResultChars = 1_000_000)
    String text(int count) {
      return IntStream.range(0, count)
          .mapToObj(i -> "line " + i + " \ud83d\ude00\n")
          .collect(Collectors.joining());
    }
  }

  private final Toolbox tools = PagedTools.of(AnnotatedTools.of(new Archive()), PAGE);

  private static JsonNode json(String text) {
    try {
      return ToolJson.EXACT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** Reads on as a model would, by what the notices say. */
  private String readAll(String tool, String member) {
    StringBuilder all = new StringBuilder();
    String text = Calls.run(tools, tool, "{\"count\": 200}").text();
    for (int pages = 1; pages < 100; pages++) {
      assertThat(text).hasSizeLessThanOrEqualTo(PAGE);
      JsonNode page = json(text);
      JsonNode part = page.get(member);
      all.append(
          part.isTextual()
              ? part.textValue()
              : part.valueStream()
                  .map(item -> item.get("number") + " ")
                  .collect(Collectors.joining()));
      Matcher more = MORE.matcher(page.get("notice").asText());
      if (!more.find()) {
        assertThat(page.get("notice").asText()).endsWith(", the last");
        assertThat(pages).isGreaterThan(3);
        return all.toString();
      }
      text =
          Calls.run(
                  tools,
                  PagedTools.READ,
                  "{\"handle\": \"" + more.group(1) + "\", \"from\": \"" + more.group(2) + "\"}")
              .text();
    }
    throw new AssertionError("no end");
  }

  @Test
  void should_give_every_item_of_a_list_once() {
    assertThat(readAll("items", "results"))
        .isEqualTo(IntStream.range(0, 200).mapToObj(i -> i + " ").collect(Collectors.joining()));
  }

  @Test
  void should_give_every_character_of_a_text_once() {
    assertThat(readAll("text", "result")).isEqualTo(new Archive().text(200));
  }

  @Test
  void should_leave_a_short_result_alone() {
    assertThat(Calls.run(tools, "items", "{\"count\": 1}").text())
        .isEqualTo("{\"results\": [{\"number\": 0}]}");
  }

  @Test
  void should_say_what_is_wrong_with_a_handle_or_a_place() {
    Observation first = Calls.run(tools, "items", "{\"count\": 200}");
    Matcher more = MORE.matcher(first.text());
    assertThat(more.find()).isTrue();
    ToolCall tooFar = new ToolCall(PagedTools.READ, Map.of("handle", more.group(1), "from", 200));
    ToolCall unknown = new ToolCall(PagedTools.READ, Map.of("handle", "nothing", "from", 0));

    assertThat(tools.execute(tooFar, new FakeRunContext()).text()).contains("less than 200");
    Observation gone = tools.execute(unknown, new FakeRunContext());
    assertThat(gone.status()).isEqualTo(Status.FAILED);
    assertThat(gone.text()).contains("handle nothing", "call its tool again");
    assertThat(Calls.run(tools, PagedTools.READ, "{}").status()).isEqualTo(Status.INVALID);
  }

  @Test
  void should_show_the_reader_only_where_there_is_something_to_read() {
    Trajectory start = Trajectory.start("list all");
    ToolCall call = new ToolCall("items", Map.of("count", 200));
    Trajectory read =
        start.with(
            Step.of(new Decision.Call("p"), call, tools.execute(call, new FakeRunContext())));

    assertThat(names(start)).containsExactly("items", "text");
    assertThat(names(read)).containsExactly("items", "text", PagedTools.READ);
  }

  private List<String> names(Trajectory path) {
    return tools.shown(tools.specifications(), path, new FakeRunContext()).stream()
        .map(ToolSpecification::name)
        .toList();
  }

  @Test
  void should_refuse_what_cannot_work() {
    assertThatThrownBy(() -> PagedTools.of(tools, 100)).hasMessageContaining("less than 500");
    Toolbox taken = FakeToolbox.of(call -> Observation.ok("{}"), PagedTools.READ);
    assertThatThrownBy(PagedTools.of(taken, PAGE)::specifications)
        .hasMessageContaining(PagedTools.READ);
  }
}
