package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolSyntaxTest {
  private static final List<ToolSpecification> TOOLS = List.of(Chats.WEATHER, Chats.CLOCK);
  private static final String HERMES_CALL =
      "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>";
  private static final String LLAMA_CALL = "{\"name\": \"clock\", \"parameters\": {}}";

  private static boolean allows(TurnLanguage language, String text) {
    return language.write(new Grammar()).next(text.getBytes(StandardCharsets.UTF_8)).accepting();
  }

  private static TurnLanguage language(ToolSyntax syntax, boolean required) {
    return new TurnLanguage(syntax, TOOLS, required, null, "");
  }

  @Test
  void should_allow_text_and_calls_after_it_where_a_word_announces_them() {
    TurnLanguage language = language(ToolSyntax.HERMES, false);

    assertThat(allows(language, "")).isTrue();
    assertThat(allows(language, "It is a < b, <tool or so.")).isTrue();
    assertThat(allows(language, HERMES_CALL)).isTrue();
    assertThat(allows(language, "Let me see.\n" + HERMES_CALL)).isTrue();
    assertThat(allows(language, HERMES_CALL + "\n" + HERMES_CALL)).isTrue();
  }

  @Test
  void should_not_allow_anything_but_a_whole_call_once_it_is_announced() {
    TurnLanguage language = language(ToolSyntax.HERMES, false);

    assertThat(allows(language, "Let me see <tool_call>")).isFalse();
    assertThat(allows(language, HERMES_CALL.replace("weather", "whether"))).isFalse();
    assertThat(allows(language, HERMES_CALL.replace("\"Oslo\"", "1"))).isFalse();
    assertThat(allows(language, HERMES_CALL + " and more")).isFalse();
  }

  @Test
  void should_tell_text_from_a_call_by_its_first_character_where_calls_are_bare_json() {
    TurnLanguage language = language(ToolSyntax.LLAMA, false);

    assertThat(allows(language, LLAMA_CALL)).isTrue();
    assertThat(allows(language, "It is {noon}.")).isTrue();
    assertThat(allows(language, "")).isTrue();
    assertThat(allows(language, "{noon}")).isFalse();
    assertThat(allows(language, LLAMA_CALL + LLAMA_CALL)).isFalse();
  }

  @Test
  void should_allow_nothing_but_calls_where_they_are_required() {
    assertThat(allows(language(ToolSyntax.TAUGHT, true), " clock {}")).isTrue();
    assertThat(
            allows(
                language(ToolSyntax.TAUGHT, true), " clock {}\nCall: weather {\"city\": \"Oslo\"}"))
        .isTrue();
    assertThat(allows(language(ToolSyntax.TAUGHT, true), " weather {}")).isFalse();
    assertThat(allows(language(ToolSyntax.HERMES, true), "It is noon.")).isFalse();
    assertThat(allows(language(ToolSyntax.LLAMA, true), "")).isFalse();
  }

  @Test
  void should_allow_calls_or_an_answer_of_the_schema_where_both_are_wanted() {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "boolean");
    TurnLanguage language = new TurnLanguage(ToolSyntax.LLAMA, TOOLS, false, schema, "");

    assertThat(allows(language, LLAMA_CALL)).isTrue();
    assertThat(allows(language, "true")).isTrue();
    assertThat(allows(language, "It is true.")).isFalse();
  }
}
