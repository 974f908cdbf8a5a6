package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
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
        Arguments.of(
            "<tool_call>{\"function\": {\"name\": \"foo\", \"arguments\": {\"a\": 1}}}</tool_call>",
            "foo",
            A1));
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
        "Action: foo\nAction Input: {\"a\": {\"b\": 1}",
        "Action: foo\nAction Input: MSFT",
        "Action: foo\nAction Input: {a}",
        "Action: foo\nAction Input: {\"a\": 1e99999999999}"
      })
  void should_say_that_arguments_are_no_object(String text) {
    assertThat(CallText.read(text).turn())
        .isEqualTo(new UnreadableCall(text, "the arguments of foo are not a JSON object"));
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
            new UnreadableCall(
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
