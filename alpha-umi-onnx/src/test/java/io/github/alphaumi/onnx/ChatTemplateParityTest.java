package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every template and snippet of the fixture folder {@code template}, whose texts were made with
 * transformers and jinja2; its README tells how.
 */
class ChatTemplateParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOLDER = "fixtures/template";

  @BeforeEach
  void needsFixtures() {
    Shared.path(FOLDER);
  }

  static Stream<Arguments> renders() throws IOException {
    if (!Shared.has(FOLDER)) {
      return Stream.of(Arguments.of("-", "-", null));
    }
    JsonNode expected = read("expected.json");
    Map<String, JsonNode> conversations = new LinkedHashMap<>();
    expected.get("conversations").forEach(c -> conversations.put(c.get("name").asText(), c));
    List<Arguments> cases = new ArrayList<>();
    for (JsonNode entry : expected.get("templates")) {
      String file = entry.get("template").asText();
      String source =
          Files.readString(
              Shared.path(FOLDER).resolve(entry.get("location").asText()).resolve(file));
      ChatTemplate template = ChatTemplate.parse(source).withClock(clock(expected));
      for (JsonNode render : entry.get("renders")) {
        String conversation = render.get("conversation").asText();
        Map<String, Object> variables = variables(entry, conversations.get(conversation));
        cases.add(Arguments.of(file, conversation, new Case(() -> template, variables, render)));
      }
    }
    return cases.stream();
  }

  static Stream<Arguments> snippets() throws IOException {
    if (!Shared.has(FOLDER)) {
      return Stream.of(Arguments.of("-", null));
    }
    JsonNode fixture = read("snippets.json");
    Map<String, Object> context = object(fixture.get("context"));
    List<Arguments> cases = new ArrayList<>();
    for (JsonNode snippet : fixture.get("snippets")) {
      String source = snippet.get("template").asText();
      Template template = () -> ChatTemplate.parse(source).withClock(clock(fixture));
      cases.add(Arguments.of(source, new Case(template, context, snippet)));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("renders")
  void should_render_every_conversation_as_transformers_does(
      String template, String conversation, Case example) {
    example.check();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("snippets")
  void should_render_every_snippet_as_jinja2_does(String source, Case example) {
    example.check();
  }

  private interface Template {
    ChatTemplate get();
  }

  /** A template, its variables and what should come of them. */
  record Case(Template template, Map<String, Object> variables, JsonNode expected) {
    void check() {
      if (expected.has("text")) {
        assertThat(template.get().render(variables)).isEqualTo(expected.get("text").asText());
        return;
      }
      JsonNode error = expected.get("error");
      boolean raised = error.get("kind").asText().equals("raise_exception");
      assertThatThrownBy(() -> template.get().render(variables))
          .isInstanceOfSatisfying(
              ChatTemplateException.class,
              e -> {
                assertThat(e.raisedByTemplate()).isEqualTo(raised);
                if (raised) {
                  assertThat(e).hasMessage(error.get("message").asText());
                }
              });
    }

    @Override
    public String toString() {
      return "case";
    }
  }

  private static Map<String, Object> variables(JsonNode template, JsonNode conversation) {
    Map<String, Object> variables = new LinkedHashMap<>();
    for (String token : List.of("bos_token", "eos_token")) {
      if (!template.get(token).isNull()) {
        variables.put(token, template.get(token).asText());
      }
    }
    List<Object> messages = new ArrayList<>();
    for (JsonNode message : conversation.get("messages")) {
      Map<String, Object> copy = object(message);
      if (copy.containsKey("reasoning_content")) {
        copy.put("thinking", copy.get("reasoning_content"));
      }
      messages.add(copy);
    }
    variables.put("messages", messages);
    variables.put("tools", JSON.convertValue(conversation.get("tools"), Object.class));
    variables.put("documents", null);
    variables.put(
        "add_generation_prompt", conversation.get("add_generation_prompt").booleanValue());
    if (conversation.has("kwargs")) {
      variables.putAll(object(conversation.get("kwargs")));
    }
    return variables;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(JsonNode node) {
    return JSON.convertValue(node, LinkedHashMap.class);
  }

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(Shared.path(FOLDER).resolve(file).toFile());
  }

  private static Clock clock(JsonNode fixture) {
    LocalDateTime now = LocalDateTime.parse(fixture.get("now").asText());
    return Clock.fixed(now.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
  }
}
