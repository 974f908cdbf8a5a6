package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.Sampling;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model that knows nothing writes only what its constraint allows, also where the number of
 * tokens cuts it short. {@code -Dalpha.umi.generations=100000} tries more often.
 */
class ConstraintEnforcementTest {
  private static final int GENERATIONS = Integer.getInteger("alpha.umi.generations", 600);
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final Pattern SENTENCE_ABOUT_A_TOOL =
      Pattern.compile("(?:^|(?<=\\. ))o([^ .,;:!?\n]*)");

  private static final JsonObjectSchema ORDER =
      JsonObjectSchema.builder()
          .addStringProperty("orderId")
          .addProperty(
              "priority", JsonEnumSchema.builder().enumValues("low", "h\u00f6chste").build())
          .addIntegerProperty("days")
          .required("orderId", "priority")
          .build();
  private static final JsonObjectSchema NESTED =
      JsonObjectSchema.builder()
          .addProperty("places", JsonArraySchema.builder().items(ORDER).build())
          .addProperty("share", new JsonNumberSchema())
          .addBooleanProperty("fast")
          .required("places", "share", "fast")
          .additionalProperties(false)
          .build();
  private static final List<ToolSpecification> TOOLS =
      List.of(
          tool("orderStatus", ORDER),
          tool("order", JsonObjectSchema.builder().addNumberProperty("n").build()),
          tool("orders", NESTED),
          ToolSpecification.builder().name("ping").build());

  @TempDir static Path folder;
  private static OnnxModel model;

  @BeforeAll
  static void load() {
    model = TinyModels.builder(new TinyModel().write(folder), folder.resolve("cache")).build();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static ToolSpecification tool(String name, JsonObjectSchema parameters) {
    return ToolSpecification.builder().name(name).parameters(parameters).build();
  }

  /** Text and the request's number, to have both in a message. */
  private static TextModel.Response write(Constraint constraint, int number) {
    Random random = new Random(number);
    double temperature = List.of(0.0, 0.7, 1.5, 5.0).get(random.nextInt(4));
    return model.complete(
        TextModel.Request.builder(Prompt.of("request " + number % 50))
            .constraint(constraint)
            .sampling(Sampling.temperature(temperature, number))
            .maxTokens(1 + random.nextInt(random.nextBoolean() ? 8 : 80))
            .build());
  }

  @Test
  void should_write_exactly_one_of_the_texts() {
    List<String> texts =
        List.of("yes", "yes please", "no", "\u65e5\u672c\u8a9e", "\u65e5\u672c", "\ud83d\ude00!");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < GENERATIONS; i++) {
      TextModel.Response response = write(new Constraint.OneOf(texts), i);
      assertThat(response.text()).as("request %d", i).isIn(texts);
      seen.add(response.text());
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(texts);
  }

  @Test
  void should_write_only_what_a_regular_expression_matches() {
    List<String> patterns =
        List.of(
            "[A-Z]{2}-\\d{4}(-[a-f0-9]+)?",
            "^(yes|no|perhaps), because \\p{L}+( \\p{L}+){0,5}\\.$",
            "(?<hour>[01]\\d|2[0-3]):[0-5]\\d",
            "[^\\s\"]{3,}",
            "\u4f60\u597d?[\\x{1F600}-\\x{1F64F}]*");
    for (String pattern : patterns) {
      for (int i = 0; i < GENERATIONS; i++) {
        TextModel.Response response = write(new Constraint.Matches(pattern), i);
        assertThat(response.text()).as("request %d", i).matches(pattern);
      }
    }
  }

  /** Where two letters are about as likely, the one that goes on copying comes. */
  @Test
  void should_favour_copies_of_a_requests_sources_in_quoted_values() {
    String source =
        "apple bridge castle dragon engine forest garden harbour island jungle kettle lemon mirror"
            + " needle ocean pepper quarry river silver tunnel umbrella valley window yellow zebra";
    int copied = 0;
    int uncopied = 0;
    for (int i = 0; i < 100; i++) {
      TextModel.Request.Builder request =
          TextModel.Request.builder(Prompt.of("request " + i))
              .constraint(new Constraint.Matches("\"[a-z]{4,12}\""));
      copied += lettersOf(source, request.sources(List.of(source)).build());
      uncopied += lettersOf(source, request.sources(List.of()).build());
    }
    assertThat(copied).isGreaterThan(uncopied * 3 / 2);
  }

  /** How many letters of what is written are the beginning of a word of the source. */
  private static int lettersOf(String source, TextModel.Request request) {
    String value = model.complete(request).text().replace("\"", "");
    int letters = 0;
    while (letters < value.length()
        && (" " + source).contains(" " + value.substring(0, letters + 1))) {
      letters++;
    }
    return letters;
  }

  @Test
  void should_end_the_first_time_that_an_ending_is_complete() {
    List<String> endings = List.of(" Next: caller.", " Next: conclusion.", " Ende \u00fc.");
    for (int i = 0; i < GENERATIONS; i++) {
      TextModel.Response response = write(new Constraint.EndsWith(endings), i);
      assertThat(endings.stream().filter(response.text()::contains)).hasSize(1);
      assertThat(endings).anyMatch(response.text()::endsWith);
      assertThat(response.finish()).isEqualTo(Finish.STOP);
    }
  }

  @Test
  void should_name_only_names_that_there_are() {
    Constraint constraint =
        new Constraint.EndsWith(
            List.of(" Next: caller.", " Next: conclusion."), "o", List.of("stockOf", "order"));
    int named = 0;
    for (int i = 0; i < GENERATIONS; i++) {
      String text = write(constraint, i).text();
      Matcher sentence = SENTENCE_ABOUT_A_TOOL.matcher(text);
      while (sentence.find()) {
        assertThat(sentence.group(1)).as(text).isIn("stockOf", "order");
        named++;
      }
      assertThat(text).matches("(?s).* Next: (caller|conclusion)\\.");
    }
    assertThat(named).as("names").isPositive();
  }

  @Test
  void should_write_json_that_an_independent_validator_accepts() throws JsonProcessingException {
    Map<Constraint.Json, Schema> constraints = new LinkedHashMap<>();
    constraints.put(new Constraint.Json(ORDER), validator(TOOLS.get(0)));
    constraints.put(new Constraint.Json(NESTED), validator(TOOLS.get(2)));
    constraints.put(
        new Constraint.Json(new JsonIntegerSchema()), REGISTRY.getSchema("{\"type\":\"integer\"}"));
    constraints.put(
        new Constraint.Json(new JsonNumberSchema()), REGISTRY.getSchema("{\"type\":\"number\"}"));
    constraints.put(
        new Constraint.Json(new JsonStringSchema()), REGISTRY.getSchema("{\"type\":\"string\"}"));
    for (Map.Entry<Constraint.Json, Schema> entry : constraints.entrySet()) {
      for (int i = 0; i < GENERATIONS / 2; i++) {
        TextModel.Response response = write(entry.getKey(), i);
        check(response.text(), entry.getValue(), "request " + i + " " + response);
      }
    }
  }

  @Test
  void should_call_only_tools_that_exist_with_arguments_that_fit() throws JsonProcessingException {
    Constraint constraint = new Constraint.CallOf(TOOLS, "Action: ", "\nAction Input: ");
    List<String> called = new ArrayList<>();
    for (int i = 0; i < 2 * GENERATIONS; i++) {
      TextModel.Response response = write(constraint, i);
      String about = "request " + i + " " + response;
      String[] parts = response.text().split("\nAction Input: ", 2);
      assertThat(parts).as(about).hasSize(2);
      ToolSpecification tool =
          TOOLS.stream().filter(t -> parts[0].equals("Action: " + t.name())).findAny().orElse(null);
      assertThat(tool).as(about).isNotNull();
      called.add(tool.name());
      if (tool.parameters() != null) {
        check(parts[1], validator(tool), about);
      } else {
        assertThat(parts[1]).isEqualTo("{}");
      }
    }
    assertThat(called).contains("orderStatus", "order", "orders", "ping");
  }

  sealed interface Shape permits Circle, Group {}

  record Circle(int radius) implements Shape {}

  record Group(boolean filled, List<Shape> shapes) implements Shape {}

  static final class Drawing {
    @Tool
    void draw(Shape shape, List<Shape> others) {}
  }

  /** Of a sealed type, which langchain4j shows as kinds with a member that names each. */
  @Test
  void should_write_objects_of_several_kinds_each_with_its_own_members()
      throws JsonProcessingException {
    List<ToolSpecification> tools = ToolSpecifications.toolSpecificationsFrom(new Drawing());
    Schema validator = validator(tools.get(0));
    Constraint constraint = new Constraint.CallOf(tools, "Action: ", "\nAction Input: ");
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < GENERATIONS / 2; i++) {
      TextModel.Response response = write(constraint, i);
      String[] parts = response.text().split("\nAction Input: ", 2);
      check(parts[1], validator, "request " + i + " " + response);
      kinds.addAll(JSON.readTree(parts[1]).findValuesAsText("type"));
    }
    assertThat(kinds).isNotEmpty().isSubsetOf("Circle", "Group");
  }

  @Test
  void should_hold_to_the_constraint_under_8_bit_weights_and_adapters() {
    Path adapter = TinyModel.writeAdapter(folder.resolve("adapter"), 4);
    Constraint constraint = new Constraint.CallOf(TOOLS.subList(0, 1), "", " ");
    try (OnnxModel int8 =
        OnnxModel.builder(folder)
            .cacheDirectory(folder.resolve("cache"))
            .adapter("a", adapter)
            .build()) {
      for (int i = 0; i < 50; i++) {
        TextModel.Request request =
            TextModel.Request.builder(Prompt.of("request"))
                .constraint(constraint)
                .sampling(Sampling.temperature(1, i))
                .maxTokens(30)
                .build();
        for (TextModel.Response response :
            List.of(int8.complete(request), int8.adapter("a").complete(request))) {
          assertThat(response.text()).startsWith("orderStatus {\"orderId\": \"").endsWith("}");
        }
      }
    }
  }

  @Test
  void should_say_why_a_constraint_cannot_be_enforced() {
    JsonObjectSchema schema =
        JsonObjectSchema.builder()
            .addProperty("x", JsonReferenceSchema.builder().reference("nowhere").build())
            .required("x")
            .build();
    assertThatThrownBy(() -> write(new Constraint.Json(schema), 1))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("this constraint cannot be enforced")
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> write(new Constraint.Matches("(a|b)\\1"), 1))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessage(
            "this constraint cannot be enforced: pattern '(a|b)\\1': back-reference \\1 at position"
                + " 5 is not supported");
  }

  private static void check(String text, Schema validator, String about)
      throws JsonProcessingException {
    assertThat(validator.validate(JSON.readTree(text))).as(about).isEmpty();
  }

  private static Schema validator(ToolSpecification tool) throws JsonProcessingException {
    JsonNode parameters = JSON.readTree(tool.toJson()).path("parameters");
    return REGISTRY.getSchema(parameters);
  }
}
