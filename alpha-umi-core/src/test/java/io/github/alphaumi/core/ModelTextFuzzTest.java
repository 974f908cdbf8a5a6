package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a model writes may throw or take long. */
class ModelTextFuzzTest {
  private static final int MUTATIONS = 100_000;

  /** Far above what linear work takes, far below what quadratic work does. */
  private static final Duration LONG = Duration.ofSeconds(10);

  private static final List<String> SEEDS =
      List.of(
          "I think X. Next: caller.",
          "T Next: conclusion.</s>conclusion: ans",
          "Action: foo\nAction Input: {\"a\": 1, \"b\": [true, null, {\"c\": \"d\\n\"}]}",
          "```json\n{'name': 'foo', 'arguments': {'x': 1.5e3}}\n```",
          "{\"function\": {\"name\": \"foo\", \"arguments\": \"{\\\"a\\\": 1}\"}}");

  private static final List<String> BITS =
      List.of(
          "next",
          "Next: ",
          "caller",
          " call",
          "give up",
          "Action:",
          "Action Input:",
          "{",
          "}",
          "[",
          "]",
          "\"",
          "\\",
          "'",
          ":",
          ",",
          "\n",
          "</s>",
          "\u0000",
          "\ud83d",
          "1e999999999",
          "-",
          "//",
          "/*",
          "```",
          " ",
          "*",
          "\u00e9",
          "NaN",
          "null");

  @Test
  void should_survive_mutated_and_random_texts() {
    long seed = 20240701L;
    Random random = new Random(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      String text = random.nextInt(10) == 0 ? bytes(random) : mutated(random);
      int run = i;
      assertThatCode(() -> readAll(text))
          .as("seed %d, mutation %d: %s", seed, run, text)
          .doesNotThrowAnyException();
    }
  }

  private static String bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
    for (int edits = random.nextInt(6) + 1; edits > 0; edits--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(6));
      switch (random.nextInt(3)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, BITS.get(random.nextInt(BITS.size())));
        default -> text.insert(at, text.substring(at, end));
      }
    }
    return text.toString();
  }

  /** Work is counted, not timed: looks at characters for each character there is. */
  @Test
  void should_look_at_each_character_a_bounded_number_of_times() throws IllegalAccessException {
    for (Class<?> reader :
        List.of(DecisionText.class, CallText.class, ForeignCalls.class, ControlTokens.class)) {
      for (Field field : reader.getDeclaredFields()) {
        if (field.getType() == Pattern.class) {
          field.setAccessible(true);
          Pattern pattern = (Pattern) field.get(null);
          for (String bit : BITS) {
            CountedText text = new CountedText((bit + " a").repeat(20_000));
            Matcher matcher = pattern.matcher(text);
            for (int i = 0; i < 100 && matcher.find(); i++) {
              assertThat(matcher.end()).isNotNegative();
            }
            assertThat(text.looks)
                .as("%s.%s on %s", reader.getSimpleName(), field.getName(), bit)
                .isLessThan(150L * text.length());
          }
        }
      }
    }
  }

  /** Counts how often its characters are looked at. */
  private static final class CountedText implements CharSequence {
    private final String text;
    private long looks;

    CountedText(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      looks++;
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static void readAll(String text) {
    DecisionText.read(text)
        .ifPresent(reading -> assertThat(reading.decision().rationale()).isNotNull());
    Caller.Turn turn = CallText.read(text).turn();
    if (turn instanceof ToolCall call) {
      assertThat(call.name()).isNotBlank();
      // What was read must be writable, and readable once more as the very same prompt text.
      String written = CallText.write(call);
      assertThat(CallText.read(written).turn())
          .isInstanceOfSatisfying(
              ToolCall.class, again -> assertThat(CallText.write(again)).isEqualTo(written));
    } else {
      assertThat(((Caller.Unreadable) turn).problem()).isNotBlank();
    }
    JsonValues.parse(text).ifPresent(PythonJson::write);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "next ",
        "next: ",
        "next:::: ",
        "next is ",
        "next step ",
        "Next caller ",
        "Next call, ",
        " ",
        "\n",
        "*",
        "`\"'*",
        "action",
        "action ",
        "action:",
        "Action: ",
        "Action: .",
        "\n>#* Action: ",
        "Action: a ",
        "Action Input:",
        "Action Input ",
        "Action: a\nAction Input: {",
        "Action: a\nAction Input: {}",
        "{",
        "{\"a\":",
        "[",
        "{a:{",
        "/*",
        "\\",
        "}",
        "n",
        "foo(",
        "foo(a=",
        "a/",
        "print(",
        "<function=foo>",
        "<function=foo><parameter=a>",
        "<parameter=a>1",
        "<invoke name=\"foo\">",
        "<think>",
        "</think>",
        "</",
        "\"  ",
        "{\"a\": \"  ",
        "{\\\"a",
        "{a: '",
        "(",
        "# ",
        "thought: ",
        "final answer",
        "\nObservation:",
        "<|im_end|>",
        "[INST]",
        "None "
      })
  void should_take_linear_time_for_long_texts(String part) {
    String repeated = part.repeat(100_000 / part.length());
    List<String> texts =
        List.of(
            repeated,
            "Next: " + repeated + "x",
            "next call" + repeated + "x",
            "Action:" + repeated,
            "Action: foo\nAction Input: " + repeated + "x",
            "Action: foo\nAction Input: {\"a\": \"" + repeated,
            "Action Input:" + repeated + "\nAction: foo");
    for (String longText : texts) {
      Assertions.assertTimeout(
          LONG,
          () -> {
            DecisionText.read(longText);
            CallText.read(longText);
            CallText.read(longText, Set.of("foo", "bar"));
            ControlTokens.defused(longText);
          });
    }
  }
}
