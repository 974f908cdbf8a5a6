package io.github.alphaumi.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class HostileSchemasTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private final TokenTrie trie = Vocabularies.trie(Vocabularies.synthetic(1000, 1));

  @Test
  void should_count_rather_than_unroll_a_long_string() throws JsonProcessingException {
    Expression root = compile("{'type':'string','maxLength':1000000000}");
    ConstraintMatcher matcher = new ConstraintMatcher(root, trie);
    matcher.accept("\"".getBytes(UTF_8));
    TokenMask mask = matcher.mask();
    for (int i = 0; i < 20_000; i++) {
      matcher.accept("a".getBytes(UTF_8));
      assertThat(matcher.mask()).isSameAs(mask);
    }
  }

  @Test
  void should_hold_to_one_of_ten_thousand_values() {
    ObjectNode schema = NODES.objectNode();
    ArrayNode values = schema.putArray("enum");
    for (int i = 0; i < 10_000; i++) {
      values.add("value number " + i * 7919L % 1_000_003);
    }
    Expression root = new Grammar().json(schema, JsonStyle.PYTHON);
    assertThat(new String(root.forced(), UTF_8)).isEqualTo("\"value number ");
    for (JsonNode value : values) {
      assertThat(root.next(value.toString().getBytes(UTF_8)).accepting()).isTrue();
    }
    assertThat(new MaskCache(trie).mask(root.next(root.forced())).count()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'minLength':1000000000,'type':'string'}; shorter than",
        "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}}}; no text at all",
        "{'$ref':'#'}; no text at all",
        "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}; no text at all",
        "{'allOf':[{'$ref':'#/$defs/a'}],'$defs':{'a':{'$ref':'#/$defs/a'}}}; in a circle",
        "{'$ref':'#/nowhere'}; leads nowhere",
        "{'$ref':'https://example.org/schema'}; does not lead",
        "{'not':{'type':'string'},'type':'object'}; 'not'",
        "{'type':'array','uniqueItems':true}; 'uniqueItems'",
        "{'type':'text'}; 'text'",
        "{'type':'string','pattern':'(a'}; position 0",
        "{'type':'string','pattern':'a+','maxLength':3}; maxLength",
        "{'type':'string','minLength':4,'maxLength':3}; no text at all",
        "{'type':'integer','minimum':1e999}; finite",
        "{'type':'number','minimum':1e300}; digits",
        "false; no text at all",
        "{'type':'array','minItems':70000}; shorter than",
        "17; not 17"
      })
  void should_say_what_is_wrong_with_a_schema(String schema, String message) {
    assertThatThrownBy(() -> compile(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void should_refuse_a_schema_that_is_nested_too_deep() {
    JsonNode schema = NODES.objectNode().put("type", "null");
    for (int i = 0; i < 5000; i++) {
      ObjectNode outer = NODES.objectNode().put("type", "array");
      outer.set("items", schema);
      schema = outer;
    }
    JsonNode deep = schema;
    assertThatThrownBy(() -> new Grammar().json(deep, JsonStyle.PYTHON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nested more than");
  }

  @Test
  void should_refuse_a_schema_that_grows_without_bound() {
    ObjectNode schema = NODES.objectNode();
    ObjectNode definitions = schema.putObject("$defs");
    for (int i = 0; i < 30; i++) {
      ObjectNode next = NODES.objectNode().put("$ref", "#/$defs/d" + (i + 1));
      definitions.putObject("d" + i).putArray("anyOf").add(next).add(next);
    }
    definitions.putObject("d30").put("type", "null");
    schema.put("$ref", "#/$defs/d0");
    assertThatThrownBy(() -> new Grammar().json(schema, JsonStyle.PYTHON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expands to more than");
  }

  @Test
  void should_take_what_is_left_of_a_definition_that_includes_itself()
      throws JsonProcessingException {
    Expression root =
        compile(
            "{'anyOf':[{'$ref':'#'},{'type':'null'},{'type':'array','items':{'$ref':'#'}},"
                + "{'type':'array','items':{'$ref':'#/$defs/endless'}}],"
                + "'$defs':{'endless':{'properties':{'x':{'$ref':'#/$defs/endless'}},'required':['x']}}}");
    assertThat(root.next("[[null], [], [[[null]]]]".getBytes(UTF_8)).accepting()).isTrue();
    assertThat(root.next("[{".getBytes(UTF_8)).isDead()).isTrue();
  }

  @Test
  void should_go_down_a_recursion_as_far_as_the_text_goes() throws JsonProcessingException {
    Expression root = compile("{'type':'array','items':{'$ref':'#'}}");
    Expression deep = root.next("[".repeat(20_000).getBytes(UTF_8));
    assertThat(new MaskCache(trie).mask(deep).count()).isPositive();
    assertThat(deep.shortestCompletion()).hasSize(20_000);
    assertThat(deep.next("]".repeat(20_000).getBytes(UTF_8)).mustEnd()).isTrue();
  }

  @Test
  void should_expand_only_the_orders_that_are_visited() {
    ObjectNode schema = NODES.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (int i = 0; i < 200; i++) {
      properties.putObject("property" + i).put("type", "boolean");
      schema.withArray("required").add("property" + i);
    }
    Expression state = new Grammar().json(schema, JsonStyle.LENIENT);
    MaskCache masks = new MaskCache(trie);
    state = state.next('{');
    for (int i = 199; i >= 0; i--) {
      assertThat(masks.mask(state).count()).isPositive();
      String member = (i < 199 ? "," : "") + "\"property" + i + "\":true";
      state = state.next(member.getBytes(UTF_8));
    }
    assertThat(state.next('}').accepting()).isTrue();
  }

  private static Expression compile(String schema) throws JsonProcessingException {
    JsonNode node = new ObjectMapper().readTree(schema.replace('\'', '"'));
    return new Grammar().json(node, JsonStyle.PYTHON);
  }
}
