package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolDocumentsTest {

  private static String json(JsonObjectSchema.Builder schema) {
    return ToolDocuments.JSON.describe(List.of(Tools.tool("t", "d", schema)));
  }

  private static String line(JsonObjectSchema.Builder schema) {
    return ToolDocuments.LINE.describe(List.of(Tools.tool("t", "d", schema)));
  }

  @Test
  void should_write_one_published_object_a_line() {
    JsonObjectSchema.Builder schema =
        JsonObjectSchema.builder()
            .addStringProperty("q", "what to look for")
            .addIntegerProperty("n", "")
            .addBooleanProperty("exact")
            .addProperty("day", Tools.DATE)
            .required("q");
    List<ToolSpecification> tools =
        List.of(
            Tools.tool("search_for_café", "Sucht \"überall\".", schema),
            ToolSpecification.builder().name("ping_for_net").build());

    // As python3 prints it: json.dumps({"Name": ..., "function": ..., "input": ...}) + "\n".
    assertThat(ToolDocuments.JSON.describe(tools))
        .isEqualTo(
            "{\"Name\": \"search_for_caf\\u00e9\", \"function\": \"Sucht \\\"\\u00fcberall\\\".\","
                + " \"input\": {\"q\": \"string, what to look for\", \"n\": \"integer, \","
                + " \"exact\": \"boolean, \", \"day\": \"string, \"}}\n"
                + "{\"Name\": \"ping_for_net\", \"function\": \"\", \"input\": {}}\n");
  }

  @Test
  void should_show_what_each_of_several_kinds_has() {
    JsonObjectSchema circle =
        JsonObjectSchema.builder()
            .addProperty("type", JsonEnumSchema.builder().enumValues("circle").build())
            .addNumberProperty("radius")
            .required("type", "radius")
            .build();
    JsonObjectSchema line =
        JsonObjectSchema.builder()
            .addProperty("type", JsonEnumSchema.builder().enumValues("line").build())
            .addStringProperty("colour")
            .required("type")
            .build();
    JsonObjectSchema.Builder schema =
        JsonObjectSchema.builder()
            .addProperty("shape", JsonAnyOfSchema.builder().anyOf(circle, line).build())
            .required("shape");
    assertThat(line(schema))
        .isEqualTo(
            "- d: t {\"shape\": {\"type\": circle, \"radius\": number}"
                + " or {\"type\": line, \"colour\": string?}}");
  }

  @Test
  void should_keep_the_tail_of_names_and_arguments_and_the_head_of_functions() {
    String name = "x".repeat(10) + "y".repeat(64);
    String text = "a".repeat(100) + "b".repeat(200);
    ToolSpecification tool =
        Tools.tool(name, text, JsonObjectSchema.builder().addStringProperty("q", text));

    assertThat(ToolDocuments.JSON.describe(List.of(tool)))
        .isEqualTo(
            "{\"Name\": \"%s\", \"function\": \"%s\", \"input\": {\"q\": \"string, %s\"}}\n"
                .formatted(
                    "y".repeat(64),
                    "a".repeat(100) + "b".repeat(156),
                    "a".repeat(56) + "b".repeat(200)));
  }

  @Test
  void should_count_characters_as_python_does() {
    String text = "😀".repeat(300);

    assertThat(json(JsonObjectSchema.builder().addStringProperty("q", text)))
        .contains("\"string, " + "\\ud83d\\ude00".repeat(256) + "\"");
    assertThat(
            ToolDocuments.JSON.describe(List.of(Tools.tool("t", text, JsonObjectSchema.builder()))))
        .contains("\"function\": \"" + "\\ud83d\\ude00".repeat(256) + "\"");
  }

  @Test
  void should_describe_an_argument_that_has_its_schema_as_text() {
    assertThat(
            ToolDocuments.JSON.describe(
                List.of(
                    Tools.tool(
                        "t",
                        "d",
                        JsonObjectSchema.builder()
                            .addProperty(
                                "day",
                                JsonRawSchema.from(
                                    "{\"type\": \"string\", \"format\": \"date\","
                                        + " \"description\": \"the day\"}"))))))
        .contains("\"day\": \"string, the day\"");
  }

  @Test
  void should_name_types_of_all_kinds() {
    assertThat(
            line(
                JsonObjectSchema.builder()
                    .addNumberProperty("a")
                    .addProperty(
                        "b", JsonArraySchema.builder().items(new JsonIntegerSchema()).build())
                    .addProperty("c", JsonObjectSchema.builder().build())
                    .addProperty("d", JsonRawSchema.from("{\"type\": \"integer\"}"))
                    .addProperty("e", JsonRawSchema.from("{\"type\": [\"string\", \"null\"]}"))
                    .addProperty("f", JsonRawSchema.from("true"))
                    .addProperty(
                        "g",
                        JsonAnyOfSchema.builder()
                            .anyOf(new JsonStringSchema(), new JsonIntegerSchema())
                            .build())
                    .required("a", "b", "c", "d", "e", "f", "g")))
        .isEqualTo(
            "- d: t {\"a\": number, \"b\": list of integer, \"c\": object, \"d\": integer,"
                + " \"e\": value, \"f\": value, \"g\": string|integer}");
  }

  @Test
  void should_write_a_description_in_one_line_without_full_stop() {
    ToolSpecification tool = Tools.tool("t", " One.\n  Two. ", JsonObjectSchema.builder());

    assertThat(ToolDocuments.LINE.describe(List.of(tool))).isEqualTo("- One. Two: t {}");
  }

  @Test
  void should_mark_every_argument_optional_where_nothing_is_required() {
    assertThat(line(JsonObjectSchema.builder().addStringProperty("q")))
        .isEqualTo("- d: t {\"q\": string?}");
  }
}
