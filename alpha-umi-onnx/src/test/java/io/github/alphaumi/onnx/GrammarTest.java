package io.github.alphaumi.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecifications;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
  private final Grammar grammar = new Grammar();

  @Test
  void should_make_equal_expressions_one_object() {
    assertThat(grammar.regex("(a|b)c*"))
        .isSameAs(grammar.seq(grammar.regex("[ba]"), grammar.regex("c*")));
    Expression text = grammar.freeText();
    assertThat(text.next(bytes("any \u4f60 text"))).isSameAs(text);
  }

  @Test
  void should_match_literals_choices_and_repetitions() {
    Expression root =
        grammar.seq(
            grammar.oneOf(List.of("get", "get_user", "set")),
            grammar.optional(grammar.literal("!")),
            grammar.plus(grammar.bytes(ByteSet.of('.'))),
            grammar.repeat(grammar.literal("ab"), 1, 2),
            grammar.alt(grammar.literal("x"), grammar.characters(CodePoints.DIGITS)));
    assertThat(List.of("get.abx", "get_user!..abab7", "set.ab0"))
        .allMatch(text -> accepts(root, text));
    assertThat(List.of("get", "get_use.abx", "setabx", "set.x", "get.abababx", "set.abxx"))
        .noneMatch(text -> accepts(root, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a|bc ; a bc ; b abc",
        "^a+b?$ ; a ab aaab ; b abb",
        "[a-c]{2} ; ab cc ; a abc ad",
        "[^a-c\\d]{1,2} ; x \u4f60\u597d - ; a 1 xxx",
        "(?:ab){2,}|\\w{3} ; abab ab_ A09 ; ab",
        "\\[\\]\\.\\u0041\\x42 ; [].AB ; []xAB",
        ".\\S\\D ; \ud83d\ude00ax ; a1",
        "[\ud83d\ude00-\ud83d\ude02]+ ; \ud83d\ude01\ud83d\ude02 ; \ud83d\ude03",
        "a*?b{0}c ; c aac ; b abc",
        "(?<year>\\d{4})-(?<m>\\d\\d?) ; 2024-1 2024-12 ; 24-1",
        "\\p{Lu}\\pL*\\P{L} ; \u00c4\u00df- A1 ; aa- Ab",
        "[\\p{IsGreek}\\p{Nd}]{2} ; \u03b1\u03b2 1\u0661 ; ab",
        "\\x{1F600}\\uD83D\\uDE01 ; \ud83d\ude00\ud83d\ude01 ; \ud83d\ude00"
      })
  void should_match_whole_texts_by_a_pattern(String pattern, String good, String bad) {
    Expression root = grammar.regex(pattern);
    assertThat(good.split(" ")).allMatch(text -> accepts(root, text));
    assertThat(bad.split(" ")).noneMatch(text -> accepts(root, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a\\bc ; 1 ; word boundary \\b",
        "(?=a)b ; 0 ; look-ahead (?=",
        "x(?!a)b ; 1 ; negative look-ahead (?!",
        "(?<=a)b ; 0 ; look-behind (?<=",
        "(?<!a)b ; 0 ; negative look-behind (?<!",
        "(?>a)b ; 0 ; atomic group (?>",
        "(?i)a ; 0 ; inline flag",
        "a*+b ; 1 ; possessive quantifier",
        "(a ; 0 ; unclosed group",
        "a) ; 1 ; unbalanced ')'",
        "*a ; 0 ; '*' at this place",
        "a** ; 2 ; quantifier after a quantifier",
        "[a ; 0 ; unclosed class",
        "[a[b]] ; 2 ; union with the class that begins at 0",
        "[a&&b] ; 2 ; intersection with the class that begins at 0",
        "\\p{Klingon} ; 0 ; property class 'Klingon'",
        "\\p{L ; 0 ; property class",
        "a^b ; 1 ; '^' at this place",
        "(a)\\1 ; 3 ; back-reference \\1",
        "(?<n>a)\\k<n> ; 7 ; back-reference \\k",
        "(?<1>a) ; 0 ; group name",
        "a\\z ; 1 ; anchor \\z",
        "\\Qa\\E ; 0 ; escape \\Q",
        "a{2 ; 1 ; quantifier",
        "a{2,1} ; 1 ; quantifier",
        "[z-a] ; 2 ; range",
        "a$b ; 1 ; '$' at this place",
        "((a{1000}){1000}) ; 10 ; nested bounds",
        "\\ud800 ; 0 ; half a surrogate pair",
        "\\x{d800} ; 0 ; escape"
      })
  void should_name_what_a_pattern_may_not_have_and_where(
      String pattern, int position, String construct) {
    assertThatThrownBy(() -> grammar.regex(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pattern '" + pattern + "'")
        .hasMessageContaining(construct)
        .hasMessageContaining("at position " + position + " is not supported");
  }

  @Test
  void should_give_what_is_forced_up_to_the_first_choice() throws JsonProcessingException {
    Expression root =
        grammar.json(
            json(
                "{'properties':{'location':{'type':'string'},'days':{'const':3}},'required':['days','location']}"),
            JsonStyle.PYTHON);
    assertThat(text(root.forced())).isEqualTo("{\"location\": \"");
    Expression after = root.next(bytes("{\"location\": \"x\""));
    assertThat(text(after.forced())).isEqualTo(", \"days\": 3}");
    assertThat(after.next(after.forced()).mustEnd()).isTrue();
    assertThat(grammar.oneOf(List.of("a", "ab")).next('a').forced()).isEmpty();
    assertThat(grammar.literal("\u00e9").next(0xC3).forced()).containsExactly(0xA9);
  }

  @Test
  void should_complete_a_text_in_the_shortest_way() throws JsonProcessingException {
    Expression root =
        grammar.json(
            json("{'properties':{'a':{'type':'integer'},'b':{'minLength':2}},'required':['b']}"),
            JsonStyle.LENIENT);
    assertThat(text(root.next(bytes("{\"a\" : -")).shortestCompletion()))
        .matches("\\d,\"b\":\".{2}\"}");
    assertThat(root.next(bytes("{\"b\":\"\\ud83d")).shortest()).isEqualTo("\\udfffx\"}".length());
  }

  @Test
  void should_call_one_of_the_tools_with_its_arguments() throws JsonProcessingException {
    JsonNode city =
        json("{'type':'object','properties':{'city':{'type':'string'}},'required':['city']}");
    Expression root =
        grammar.call(
            List.of(
                new NamedSchema("get", null),
                new NamedSchema("get_weather", city),
                new NamedSchema("get_weather_now", json("{'type':'object','properties':{}}"))),
            "Action: ",
            "\nAction Input: ",
            JsonStyle.PYTHON);
    assertThat(text(root.forced())).isEqualTo("Action: get");
    assertThat(text(root.next(bytes("Action: get\n")).forced())).isEqualTo("Action Input: {}");
    assertThat(text(root.next(bytes("Action: get_")).forced())).isEqualTo("weather");
    assertThat(text(root.next(bytes("Action: get_weather_")).forced()))
        .isEqualTo("now\nAction Input: {}");
    Expression end = root.next(bytes("Action: get_weather\nAction Input: {\"city\": \"\u00fc\"}"));
    assertThat(end.mustEnd()).isTrue();
    assertThat(root.next(bytes("Action: get_weather\nAction Input: {}")).isDead()).isTrue();
    assertThatThrownBy(
            () ->
                grammar.call(
                    List.of(new NamedSchema("a", null), new NamedSchema("a", null)),
                    "",
                    "",
                    JsonStyle.PYTHON))
        .hasMessageContaining("'a'");
  }

  @Test
  void should_write_members_in_order_where_the_style_says_so() throws JsonProcessingException {
    JsonNode schema =
        json(
            "{'properties':{'a':{'type':'null'},'b':{'type':'null'},'c':{'type':'null'}},'required':['b']}");
    Expression fixed = grammar.json(schema, JsonStyle.PYTHON);
    assertThat(accepts(fixed, "{'a': null, 'b': null, 'c': null}")).isTrue();
    assertThat(accepts(fixed, "{'b': null}")).isTrue();
    assertThat(fixed.next(bytes("{\"c\"")).isDead()).isTrue();
    assertThat(accepts(fixed, "{'b': null, 'a': null}")).isFalse();
    assertThat(accepts(fixed, "{'b':null}")).isFalse();
    Expression any = grammar.json(schema, JsonStyle.LENIENT);
    assertThat(accepts(any, "{'c': null,'b':null ,\n'x': [1, {'y': {}}], 'a': null}")).isTrue();
    assertThat(accepts(any, "{'b': null, 'b': null}")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'object','allOf':[{'$ref':'#/$defs/a'},{'properties':{'y':{'const':1}},'required':['y']}]}",
        "{'required':['y','x'],'anyOf':[{'properties':{'x':{'const':2},'y':{'const':1}},'additionalProperties':false}]}"
      })
  void should_hold_to_schemas_that_hold_together(String schema) throws JsonProcessingException {
    JsonNode node =
        json(
            schema.replaceFirst(
                "\\{", "{'\\$defs':{'a':{'properties':{'x':{'const':2}},'required':['x']}},"));
    Expression root = grammar.json(node, JsonStyle.PYTHON);
    assertThat(accepts(root, "{'x': 2, 'y': 1}")).isTrue();
    assertThat(accepts(root, "{'x': 2}")).isFalse();
  }

  sealed interface Shape permits Circle, Group {}

  record Circle(int radius) implements Shape {}

  record Group(boolean filled, List<Shape> shapes) implements Shape {}

  static final class Drawing {
    @Tool
    void draw(@P(name = "shape") Shape shape) {}
  }

  @Test
  void should_match_objects_of_a_sealed_type_by_the_member_that_names_their_kind()
      throws JsonProcessingException {
    String tool = ToolSpecifications.toolSpecificationsFrom(new Drawing()).get(0).toJson();
    Expression root = grammar.json(json(tool).get("parameters"), JsonStyle.PYTHON);
    String circle = "{'type': 'Circle', 'radius': 2}";
    String group = "{'type': 'Group', 'filled': true, 'shapes': [%s, %s]}";
    assertThat(
            List.of(
                circle,
                group.formatted(circle, circle),
                group.formatted(group.formatted(circle, circle), circle)))
        .allMatch(shape -> accepts(root, "{'shape': " + shape + "}"));
    assertThat(
            List.of(
                "{'type': 'Star', 'radius': 2}",
                "{'type': 'Circle'}",
                "{'radius': 2}",
                "{'type': 'Circle', 'filled': true, 'shapes': []}",
                group.formatted("1", circle)))
        .noneMatch(shape -> accepts(root, "{'shape': " + shape + "}"));
  }

  @Test
  void should_accept_only_whole_characters_whatever_the_borders_of_tokens() {
    byte[] smile = bytes("\ud83d\ude00");
    byte[][] tokens = {
      Arrays.copyOf(smile, 2),
      Arrays.copyOfRange(smile, 2, 4),
      {(byte) 0xC0},
      {(byte) 0xED, (byte) 0xA0},
      bytes("a")
    };
    TokenTrie trie = Vocabularies.trie(tokens);
    ConstraintMatcher matcher = new ConstraintMatcher(grammar.freeText(), trie);
    assertThat(matcher.mask().words()[0]).isEqualTo(0b10001);
    matcher.accept(0);
    assertThat(matcher.canEnd()).isFalse();
    assertThat(matcher.mask().single()).isEqualTo(1);
    ConstraintMatcher fork = matcher.fork();
    matcher.accept(1);
    assertThat(matcher.canEnd()).isTrue();
    assertThat(matcher.mustEnd()).isFalse();
    assertThat(matcher.generatedBytes()).isEqualTo(4);
    assertThat(fork.generatedBytes()).isEqualTo(2);
    assertThat(fork.shortestCompletion()).hasSize(2);
    assertThatThrownBy(() -> fork.accept(4)).hasMessageContaining("cannot follow the 2 bytes");
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  private static boolean accepts(Expression root, String text) {
    return root.next(bytes(text.replace('\'', '"'))).accepting();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
