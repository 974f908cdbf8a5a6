package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.SearchBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.output.structured.Description;
import io.github.alphaumi.core.Toolbox;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaTest {
  enum Status {
    OPEN,
    IN_PROGRESS
  }

  @Description("a thing to buy")
  record Item(@Description("what it is called") String name, int count, Status status) {}

  record Line(String article, double price) {}

  record Order(Line main, List<Line> others, @JsonProperty("note") String note) {}

  static class Address {
    String street;
    private List<Integer> floors;
  }

  record Tree(String label, List<Tree> children, Tree parent) {}

  /** Types that langchain4j describes well enough. */
  static class Ordinary {
    @Tool
    void nothing() {}

    @Tool({"first line", "second line"})
    void described(@P("a text") String text, @P(name = "n", description = "a number") int count) {}

    @Tool
    void primitives(byte b, short s, int i, long l, float f, double d, boolean z, char c) {}

    @Tool
    void boxes(Byte b, Short s, Integer i, Long l, Float f, Double d, Boolean z, Character c) {}

    @Tool
    void big(BigDecimal amount, BigInteger number, UUID id, @P("its id") UUID other) {}

    @Tool
    void choice(Status status, @P("how far it is") Status described) {}

    @Tool
    void objects(Item item, Order order, Address address, @P("one more") Line other) {}

    @Tool
    void lists(List<Item> items, Set<String> tags, int[] numbers, String[] names) {}

    @Tool
    void nested(List<List<String>> table, List<Status> states, Item[] items) {}

    @Tool
    void optional(
        Optional<String> text,
        Optional<List<Item>> items,
        @P(required = false) Integer limit,
        @P(defaultValue = "5") int page) {}

    @Tool(name = "renamed", metadata = "{\"a\": 1}", searchBehavior = SearchBehavior.ALWAYS_VISIBLE)
    void original(Map<String, Object> anything) {}
  }

  static Stream<String> ordinaryTools() {
    return AnnotatedTools.of(new Ordinary()).specifications().stream().map(ToolSpecification::name);
  }

  @ParameterizedTest
  @MethodSource("ordinaryTools")
  void should_describe_ordinary_types_as_langchain4j_does(String name) {
    ToolSpecification theirs =
        ToolSpecifications.toolSpecificationsFrom(Ordinary.class).stream()
            .filter(tool -> tool.name().equals(name))
            .findFirst()
            .orElseThrow();
    assertThat(specification(new Ordinary(), name)).isEqualTo(theirs);
  }

  @Test
  void should_describe_every_ordinary_tool() {
    assertThat(ordinaryTools())
        .hasSize(
            (int)
                Arrays.stream(Ordinary.class.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Tool.class))
                    .count());
  }

  static class Times {
    @Tool
    void times(
        @P("the first day") LocalDate from,
        LocalTime at,
        LocalDateTime local,
        Instant instant,
        OffsetDateTime offset,
        ZonedDateTime zoned,
        Duration length) {}
  }

  @Test
  void should_describe_times_as_text_with_a_format() {
    Map<String, JsonSchemaElement> properties =
        specification(new Times(), "times").parameters().properties();
    assertThat(properties.values().stream().map(element -> element.toString()))
        .allMatch(text -> text.contains("\"type\":\"string\",\"format\":"));
    assertThat(properties.get("from").toString())
        .contains("{\"type\":\"string\",\"format\":\"date\",\"description\":\"the first day\"}");
    assertThat(properties.get("at").toString()).contains("\"time-local\"");
    assertThat(properties.get("local").toString()).contains("\"date-time-local\"");
    assertThat(properties.get("instant").toString()).contains("\"date-time\"");
    assertThat(properties.get("length").toString()).contains("\"duration\"");
  }

  static class Maps {
    @Tool
    void maps(@P("how many of each") Map<String, Integer> counts, ToolContext context) {}
  }

  @Test
  void should_describe_the_values_of_a_map() {
    assertThat(specification(new Maps(), "maps").parameters().properties().get("counts").toString())
        .contains(
            "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"},"
                + "\"description\":\"how many of each\"}");
  }

  @Test
  void should_not_show_the_context_of_the_run() {
    assertThat(specification(new Maps(), "maps").parameters().properties())
        .containsOnlyKeys("counts");
  }

  static class Recursive {
    @Tool
    void plant(Tree tree) {}
  }

  @Test
  void should_describe_recursive_types_by_name_and_let_them_end() {
    JsonObjectSchema parameters = specification(new Recursive(), "plant").parameters();
    JsonObjectSchema tree = (JsonObjectSchema) parameters.properties().get("tree");
    JsonReferenceSchema reference = JsonReferenceSchema.builder().reference("Tree").build();
    assertThat(tree.properties().get("children"))
        .isEqualTo(JsonArraySchema.builder().items(reference).build());
    assertThat(tree.required()).containsExactly("label", "children");
    assertThat(parameters.definitions()).containsOnlyKeys("Tree");
  }

  private static ToolSpecification specification(Object tools, String name) {
    Toolbox toolbox = AnnotatedTools.of(tools);
    return toolbox.specifications().stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
