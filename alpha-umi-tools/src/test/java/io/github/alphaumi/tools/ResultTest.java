package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Toolbox;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultTest {
  record Weather(String city, double degrees, LocalDate day, Optional<String> warning) {}

  static class Private {
    @SuppressWarnings("unused")
    private final String password = "secret";

    public String getName() {
      return "A";
    }
  }

  record Attachment(String name, byte[] data) {}

  static class Source {
    private final Callable<@Nullable Object> result;

    Source(Callable<@Nullable Object> result) {
      this.result = result;
    }

    @Tool
    @Policy(maxResultChars = 300)
    @Nullable Object get() throws Exception {
      return result.call();
    }
  }

  private static Observation observe(@Nullable Object result) {
    Toolbox tools = AnnotatedTools.of(new Source(() -> result));
    return Calls.run(tools, "get", "{}");
  }

  private static String text(@Nullable Object result) {
    Observation observation = observe(result);
    assertThat(observation.status()).isEqualTo(Status.OK);
    return observation.text();
  }

  @Test
  void should_write_an_object_as_it_is() {
    assertThat(text(new Weather("Graz", 12.5, LocalDate.of(2026, 1, 31), Optional.empty())))
        .isEqualTo(
            "{\"city\": \"Graz\", \"degrees\": 12.5, \"day\": \"2026-01-31\", \"warning\": null}");
  }

  @Test
  void should_write_scalars_lists_and_nothing_as_an_object() {
    assertThat(text(12.5)).isEqualTo("{\"result\": 12.5}");
    assertThat(text(1e10)).isEqualTo("{\"result\": 10000000000.0}");
    assertThat(text(new BigDecimal("12.50"))).isEqualTo("{\"result\": 12.50}");
    assertThat(text(true)).isEqualTo("{\"result\": true}");
    assertThat(text('x')).isEqualTo("{\"result\": \"x\"}");
    assertThat(text(Duration.ofMinutes(90))).isEqualTo("{\"result\": \"PT1H30M\"}");
    assertThat(text(Instant.EPOCH)).isEqualTo("{\"result\": \"1970-01-01T00:00:00Z\"}");
    assertThat(text(null)).isEqualTo("{\"result\": null}");
    assertThat(text(Optional.of(3))).isEqualTo("{\"result\": 3}");
    assertThat(text(Optional.empty())).isEqualTo("{\"result\": null}");
    assertThat(text(List.of(1, 2))).isEqualTo("{\"results\": [1, 2]}");
    assertThat(text(new String[] {"a"})).isEqualTo("{\"results\": [\"a\"]}");
    assertThat(text(List.of())).isEqualTo("{\"results\": []}");
    assertThat(text(Map.of())).isEqualTo("{}");
  }

  @Test
  void should_write_text_as_text_unless_it_is_an_object_or_a_list() {
    assertThat(text("sunny \"and\" warm")).isEqualTo("{\"result\": \"sunny \\\"and\\\" warm\"}");
    assertThat(text("12")).isEqualTo("{\"result\": \"12\"}");
    assertThat(text("{\"b\":1.50,\"a\":[1]}")).isEqualTo("{\"b\": 1.50, \"a\": [1]}");
    assertThat(text(" [1,2]")).isEqualTo("{\"results\": [1, 2]}");
    assertThat(text("{not json}")).isEqualTo("{\"result\": \"{not json}\"}");
    assertThat(text("{} {}")).isEqualTo("{\"result\": \"{} {}\"}");
  }

  @Test
  void should_write_the_same_text_each_time() {
    Map<String, Integer> counts = new HashMap<>();
    IntStream.range(0, 20).forEach(i -> counts.put("key" + i, i));
    assertThat(text(counts)).startsWith("{\"key0\": 0, \"key1\": 1, \"key10\": 10, ");
    assertThat(text(Map.of("b", 1, "a", Set.of(30, 4, 100))))
        .isEqualTo("{\"a\": [4, 30, 100], \"b\": 1}");
  }

  @Test
  void should_not_show_private_fields() {
    assertThat(text(new Private())).isEqualTo("{\"name\": \"A\"}");
  }

  static class Later {
    @Tool
    void nothing() {}

    @Tool
    CompletableFuture<Integer> number() {
      return CompletableFuture.supplyAsync(() -> 7);
    }

    @Tool
    CompletableFuture<Void> nothingLater() {
      return CompletableFuture.completedFuture(null);
    }

    @Tool
    CompletableFuture<Integer> failure() {
      return CompletableFuture.supplyAsync(
          () -> {
            throw new ToolException("out of stock");
          });
    }
  }

  @Test
  void should_wait_for_results_that_come_later() {
    Toolbox tools = AnnotatedTools.of(new Later());
    assertThat(Calls.run(tools, "nothing", "{}").text()).isEqualTo("{\"result\": \"done\"}");
    assertThat(Calls.run(tools, "number", "{}").text()).isEqualTo("{\"result\": 7}");
    assertThat(Calls.run(tools, "nothingLater", "{}").text()).isEqualTo("{\"result\": \"done\"}");
    assertThat(Calls.run(tools, "failure", "{}"))
        .isEqualTo(new Observation(Status.FAILED, "{\"error\": \"out of stock\"}"));
  }

  @Test
  void should_refuse_binary_data_and_streams() {
    for (Object result :
        List.of(
            new byte[3],
            new Attachment("a", new byte[3]),
            new ByteArrayInputStream(new byte[3]),
            Stream.of(1),
            List.of(1).iterator(),
            new Object())) {
      assertThat(observe(result))
          .isEqualTo(
              new Observation(
                  Status.FAILED,
                  "{\"error\": \"the tool's result is of a kind that cannot be shown\"}"));
    }
  }

  @Test
  void should_refuse_a_result_that_contains_itself() {
    Map<String, Object> circle = new HashMap<>();
    circle.put("self", circle);
    assertThat(observe(circle).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void should_shorten_a_list_by_whole_items_and_say_so() throws Exception {
    String text = text(IntStream.range(0, 1_000).boxed().toList());
    JsonNode read = JsonMapper.builder().build().readTree(text);
    int shown = read.get("results").size();
    assertThat(text.length()).isBetween(290, 300);
    assertThat(text)
        .startsWith(
            "{\"notice\": \"the result has 1,000 items; only the first "
                + shown
                + " are shown\", \"results\": [0, 1, ");
  }

  @Test
  void should_shorten_text_and_say_so() throws Exception {
    String text = text("\"😀".repeat(1_000));
    JsonNode read = JsonMapper.builder().build().readTree(text);
    String shown = read.get("result").textValue();
    assertThat(text.length()).isBetween(290, 300);
    assertThat(read.get("notice").textValue())
        .isEqualTo(
            "the result has 3,000 characters; only the first " + shown.length() + " are shown");
    assertThat("\"😀".repeat(1_000)).startsWith(shown);
    assertThat(shown).doesNotMatch(".*[\\ud800-\\udbff]$");
  }

  @Test
  void should_shorten_an_object_to_the_beginning_of_its_text() throws Exception {
    String text = text(Map.of("a", "x".repeat(1_000)));
    assertThat(text.length()).isBetween(290, 300);
    assertThat(JsonMapper.builder().build().readTree(text).get("result").textValue())
        .startsWith("{\"a\": \"xxx");
  }
}
