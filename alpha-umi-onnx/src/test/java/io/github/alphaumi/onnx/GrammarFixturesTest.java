package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labelled texts, made and checked with Python's jsonschema; see the README beside them. */
class GrammarFixturesTest {

  @Test
  void should_agree_with_every_label_when_blanks_and_order_are_free() throws IOException {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (JsonNode schema : schemas()) {
      Expression root = new Grammar().json(schema.get("schema"), JsonStyle.LENIENT);
      for (String label : List.of("accept", "prefix", "reject")) {
        for (JsonNode text : schema.get(label)) {
          count++;
          if (!label.equals(label(root, text.textValue()))) {
            wrong.add(schema.get("name").asText() + ": " + label + " " + text);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(count).isEqualTo(1151);
  }

  @Test
  void should_take_nothing_that_is_labelled_reject_in_any_style() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (JsonNode schema : schemas()) {
      for (JsonStyle.Order order : JsonStyle.Order.values()) {
        for (JsonStyle.Blanks blanks : JsonStyle.Blanks.values()) {
          for (boolean closed : new boolean[] {true, false}) {
            JsonStyle style = new JsonStyle(order, blanks, closed);
            Expression root = new Grammar().json(schema.get("schema"), style);
            for (JsonNode text : schema.get("reject")) {
              if (!label(root, text.textValue()).equals("reject")) {
                wrong.add(style + " " + schema.get("name").asText() + ": " + text);
              }
            }
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String label(Expression root, String text) {
    Expression state = root.next(text.getBytes(StandardCharsets.UTF_8));
    return state.isDead() ? "reject" : state.accepting() ? "accept" : "prefix";
  }

  private static JsonNode schemas() throws IOException {
    Path file = Shared.path("fixtures/grammar/cases.json");
    return new ObjectMapper().readTree(file.toFile()).get("schemas");
  }
}
