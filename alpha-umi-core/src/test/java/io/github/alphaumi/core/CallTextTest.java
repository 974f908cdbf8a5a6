package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTextTest {
  private static final Map<String, Object> NONE = Map.of();
  private static final Map<String, Object> A1 = Map.of("a", 1);

  static Stream<Arguments> exact() {
    return Stream.of(
        Arguments.of("Action: foo\nAction Input: {\"a\": 1}", "foo", A1),
        Arguments.of("Action: foo\nAction Input: {}", "foo", NONE),
        Arguments.of("  Action: ns:foo.bar-2/x\nAction Input: {\"a\": 1}\n", "ns:foo.bar-2/x", A1),
        Arguments.of("Action: größe\nAction Input: {\"a\":1}", "größe", A1),
        // The published reader takes the last "Action:" and gets `bar"}` (1.6); ours differs on
        // purpose.
        Arguments.of(
            "Action: foo\nAction Input: {\"q\": \"Action: bar\"}",
            "foo",
            Map.of("q", "Action: bar")),
        Arguments.of(
            "Action: foo\nAction Input: {\"q\": \"x\\nAction: bar\\nAction Input: {}\"}",
            "foo",
            Map.of("q", "x\nAction: bar\nAction Input: {}")));
  }

  @ParameterizedTest
  @MethodSource("exact")
  void should_read_what_is_written_as_trained(String text, String name, Map<String, Object> args) {
    CallText.Reading reading = CallText.read(text);

    assertThat(reading.turn()).isEqualTo(new ToolCall(name, args));
    assertThat(reading.exact()).isTrue();
  }

  static Stream<Arguments> sloppy() {
    return Stream.of(
        Arguments.of("Action: foo", "foo", NONE),
        Arguments.of("Action: foo </s>", "foo", NONE),
        Arguments.of("Action: foo.", "foo", NONE),
        Arguments.of("Action: foo\nAction Input: None", "foo", NONE),
        Arguments.of("Action: foo\nAction Input:", "foo", NONE),
        Arguments.of("action:foo action input:{a:1}", "foo", A1),
        Arguments.of("**Action:** `foo`\n**Action Input:** {\"a\": 1}", "foo", A1),
        Arguments.of("Action: **foo**\nAction Input: {\"a\": 1}", "foo", A1),
        Arguments.of("Action: `foo`\nAction Input: {\"a\": 1}", "foo", A1),
        Arguments.of("Action: \"foo\"\n{'a': 1,}", "foo", A1),
        Arguments.of("I call it.\nAction: foo\nAction Input:\n```json\n{\"a\": 1}\n```", "foo", A1),
        Arguments.of("Action: foo\nAction Input: {\"a\": 1} I hope so }", "foo", A1),
        Arguments.of("Sure! Action: foo Action Input: {\"a\": 1}", "foo", A1),
        Arguments.of("Action: foo({\"a\": 1})", "foo", A1),
        Arguments.of("Action: foo {\"a\": 1}", "foo", A1),
        // What a model writes after its call is invented; the published reader would call "bar".
        Arguments.of(
            "Action: foo\nAction Input: {\"a\": 1}\nObservation: {}\nAction: bar", "foo", A1),
        // The published reader gets the arguments `{}\nAction: foo` here (1.6).
        Arguments.of("Action Input: {}\nAction: foo", "foo", NONE),
        Arguments.of("Action Input: {\"a\": 1}\nAction: foo", "foo", A1),
        Arguments.of(
            "Action Input: {\"q\": \"Action: bar\"}\nAction: foo",
            "foo",
            Map.of("q", "Action: bar")),
        Arguments.of("{\"name\": \"foo\", \"arguments\": {\"a\": 1}}", "foo", A1),
        Arguments.of("```json\n{\"tool\": \"foo\", \"args\": {\"a\": 1}}\n```", "foo", A1),
        Arguments.of("{\"action\": \"foo\", \"action_input\": \"{\\\"a\\\": 1}\"}", "foo", A1),
        Arguments.of("{\"function\": \"foo\", \"parameters\": {\"a\": 1}}", "foo", A1),
        Arguments.of("{\"name\": \"foo\", \"arguments\": \"\"}", "foo", NONE),
        // Python's literals, comments, quotes within quotes, strings within strings.
        Arguments.of(
            "Action: foo\nAction Input: {'a': True, 'b': None,}",
            "foo",
            mapOf("a", true, "b", null)),
        Arguments.of("Action: foo\nAction Input: {a: 1, // the id\n}", "foo", A1),
        Arguments.of("Action: foo\nAction Input: {'a': 'O'Brien'}", "foo", Map.of("a", "O'Brien")),
        Arguments.of(
            "Action: foo\nAction Input: {\"a\": \"say \"hi\" now\"}",
            "foo",
            Map.of("a", "say \"hi\" now")),
        Arguments.of(
            "Action: foo\nAction Input: {\u201ca\u201d: \u201cx\u201d}", "foo", Map.of("a", "x")),
        Arguments.of("Action: foo\nAction Input: \"{\\\"a\\\": 1}\"", "foo", A1),
        Arguments.of(
            "Action: foo\nAction Input: {\"a\": (1, 2)}", "foo", Map.of("a", List.of(1, 2))),
        Arguments.of(
            "Action: foo\nAction Input: {\"a\": \"C:\\dir\"}", "foo", Map.of("a", "C:\\dir")),
        // Brackets that were forgotten after all that was to be said.
        Arguments.of(
            "Action: foo\nAction Input: {\"a\": {\"b\": 1}", "foo", Map.of("a", Map.of("b", 1))),
        Arguments.of("```\nAction: foo\nAction Input: {\"a\": \"x\"\n```", "foo", Map.of("a", "x")),
        // The forms of other frameworks.
        Arguments.of("Thought: I need it.\nAction: foo(a=1)", "foo", A1),
        Arguments.of("foo(a=1)", "foo", A1),
        Arguments.of("```tool_code\nprint(default_api.foo(a=1))\n```", "foo", A1),
        Arguments.of("<|python_tag|>foo.call(a=1)", "foo", A1),
        Arguments.of("<function=foo>\n<parameter=a>\n1\n</parameter>\n</function>", "foo", A1),
        Arguments.of("<function=foo>{\"a\": 1}</function>", "foo", A1),
        Arguments.of(
            "<invoke name=\"foo\"><parameter name=\"a\">1</parameter></invoke>", "foo", A1),
        Arguments.of(
            "<tool_call>foo\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>",
            "foo",
            A1),
        Arguments.of("[TOOL_CALLS] [{\"name\": \"foo\", \"arguments\": {\"a\": 1}}]", "foo", A1),
        Arguments.of(
            "{\"tool_calls\": [{\"id\": \"1\", \"type\": \"function\", \"function\": {\"name\": \"foo\","
                + " \"arguments\": \"{\\\"a\\\": 1}\"}}]}",
            "foo",
            A1),
        Arguments.of("{\"name\": \"functions.foo\", \"parameters\": {\"a\": 1}}", "foo", A1),
        Arguments.of(
            "<think>Action: bar\nAction Input: {}</think>\nAction: foo\nAction Input: {\"a\": 1}",
            "foo",
            A1),
        Arguments.of(
            "<tool_call>{\"function\": {\"name\": \"foo\", \"arguments\": {\"a\": 1}}}</tool_call>",
            "foo",
            A1));
  }

  private static Map<String, Object> mapOf(String name, Object value, String other, Object more) {
    Map<String, Object> map = new HashMap<>();
    map.put(name, value);
    map.put(other, more);
    return map;
  }

  static Stream<Arguments> withNames() {
    return Stream.of(
        Arguments.of("foo {\"a\": 1}", A1),
        Arguments.of("`foo`: {'a': 1}", A1),
        Arguments.of("I will use foo(a=1) for this.", A1),
        Arguments.of("{\"foo\": {\"a\": 1}}", A1));
  }

  @ParameterizedTest
  @MethodSource("withNames")
  void should_read_more_forms_where_the_tools_are_known(
      String text, Map<String, Object> arguments) {
    assertThat(CallText.read(text, Set.of("foo", "bar")).turn())
        .isEqualTo(new ToolCall("foo", arguments));
    assertThat(CallText.read(text).turn()).isInstanceOf(Caller.Unreadable.class);
  }

  @Test
  void should_not_complete_a_text_that_was_cut_off() {
    String forgotten = "Action: foo\nAction Input: {\"a\": \"x\"";

    assertThat(CallText.read(forgotten).turn()).isInstanceOf(ToolCall.class);
    assertThat(CallText.readCut(forgotten, Set.of()).turn()).isInstanceOf(Caller.Unreadable.class);
    assertThat(CallText.readCut("Action: fo", Set.of()).turn())
        .isEqualTo(new Caller.Unreadable("Action: fo", ModelMessages.cutOff()));
    assertThat(CallText.readCut(forgotten + "} and then I", Set.of()).turn())
        .isEqualTo(new ToolCall("foo", Map.of("a", "x")));
  }

  @ParameterizedTest
  @MethodSource("sloppy")
  void should_read_what_is_meant(String text, String name, Map<String, Object> arguments) {
    CallText.Reading reading = CallText.read(text);

    assertThat(reading.turn()).isEqualTo(new ToolCall(name, arguments));
    assertThat(reading.exact()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Action: foo\nAction Input: {\"a\": 1",
        "Action: foo\nAction Input: MSFT",
        "Action: foo\nAction Input: {a}",
        "Action: foo\nAction Input: {\"a\": \"x",
        "Action: foo\nAction Input: {\"a\": \"x\",",
        "Action: foo\nAction Input: {\"a\": {\"b\": 1}, nonsense",
        "Action: foo\nAction Input: {\"a\": total}",
        "Action: foo(1)",
        "Action: foo[MSFT]",
        "Action: foo with the number 7",
        "Action: foo\nAction Input: {\"a\": 1e99999999999}"
      })
  void should_say_that_arguments_are_no_object(String text) {
    assertThat(CallText.read(text).turn())
        .isEqualTo(new Caller.Unreadable(text, "the arguments of foo are not a JSON object"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "none",
        "Action:",
        "Action: ***",
        "Action Input: {\"a\": 1}",
        "{}",
        "{\"a\": 1}",
        "{\"name\": 7}",
        "{\"name\": \"\"}",
        "{\"name\": \"foo\", \"arguments\": \"MSFT\"}",
        "[1, 2]",
        "{\"name\": \"foo\""
      })
  void should_say_how_a_call_is_written(String text) {
    assertThat(CallText.read(text).turn())
        .isEqualTo(
            new Caller.Unreadable(
                text,
                "write Action: the tool's name, then on a line of its own Action Input: and a JSON"
                    + " object"));
  }

  @Test
  void should_keep_numbers_as_written() {
    assertThat(
            CallText.read("Action: f\nAction Input: {\"a\": 417.20, \"b\": 12345678901234567890}"))
        .extracting(CallText.Reading::turn)
        .isEqualTo(
            new ToolCall(
                "f",
                Map.of(
                    "a",
                    new BigDecimal("417.20"),
                    "b",
                    new java.math.BigInteger("12345678901234567890"))));
  }

  @Test
  void should_read_back_what_it_writes() {
    ToolCall call = new ToolCall("foo", Map.of("q", "Action: \"b\"\n\u0000{}é"));

    assertThat(CallText.read(CallText.write(call))).isEqualTo(new CallText.Reading(call, true));
  }
}
