package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import io.github.alphaumi.onnx.TurnReader.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the pieces a turn comes in, it is read the same. */
class TurnReaderTest {
  private static final String CALLS =
      "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"}\\\"{\"}}\n</tool_call>\n"
          + "<tool_call>\n{\"name\": \"clock\", \"arguments\": {}}\n</tool_call>";

  private final List<String> heard = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<StringBuilder> arguments = new ArrayList<>();
  private int halts;

  private TurnReader reader(ToolSyntax syntax, Kind kind, String... stops) {
    TurnListener listener =
        new TurnListener() {
          @Override
          public void text(String more) {
            assertThat(more).isNotEmpty();
            text.append(more);
          }

          @Override
          public void arguments(int index, String id, String name, String more) {
            assertThat(more).isNotBlank();
            while (arguments.size() <= index) {
              arguments.add(new StringBuilder());
            }
            arguments.get(index).append(more);
            heard.add("part " + index + " " + more);
          }

          @Override
          public void call(int index, ToolExecutionRequest call) {
            heard.add("call " + index + " " + call.name() + " " + call.arguments());
          }
        };
    return new TurnReader(syntax, kind, List.of(stops), listener, () -> halts++);
  }

  private static void feed(TurnReader reader, String turn, int size) {
    for (int from = 0; from < turn.length(); from += size) {
      reader.add(turn.substring(from, Math.min(turn.length(), from + size)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void should_read_text_and_the_calls_after_it(int size) {
    TurnReader reader = reader(ToolSyntax.HERMES, Kind.TEXT_THEN_CALLS);

    feed(reader, "a <b> <tool" + "? " + CALLS, size);

    assertThat(reader.finish()).isEqualTo("a <b> <tool? ").isEqualTo(text.toString());
    assertThat(reader.calls())
        .extracting(ToolExecutionRequest::name, ToolExecutionRequest::arguments)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("weather", "{\"city\": \"}\\\"{\"}"),
            org.assertj.core.groups.Tuple.tuple("clock", "{}"));
    assertThat(reader.calls()).extracting(ToolExecutionRequest::id).doesNotHaveDuplicates();
    assertThat(arguments)
        .extracting(StringBuilder::toString)
        .containsExactly("{\"city\": \"}\\\"{\"}", "{}");
    assertThat(heard).endsWith("part 1 {}", "call 1 clock {}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void should_tell_text_from_a_call_at_the_start(int size) {
    TurnReader asCall = reader(ToolSyntax.LLAMA, Kind.TEXT_OR_CALLS);
    feed(asCall, "{\"name\": \"clock\", \"parameters\": {}}", size);
    TurnReader asText = reader(ToolSyntax.LLAMA, Kind.TEXT_OR_CALLS);
    feed(asText, "{\"noon\": true}", size);

    assertThat(asCall.finish()).isNull();
    assertThat(asCall.calls()).hasSize(1);
    assertThat(asText.finish()).isEqualTo("{\"noon\": true}");
    assertThat(asText.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void should_end_a_text_at_a_stop_string(int size) {
    TurnReader reader = reader(ToolSyntax.TAUGHT, Kind.TEXT, "World");

    feed(reader, " Hello, World! More.", size);

    assertThat(reader.finish()).isEqualTo("Hello, ").isEqualTo(text.toString());
    assertThat(halts).isEqualTo(1);
    assertThat(reader.isHalted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void should_end_the_turn_of_a_model_that_was_taught_when_it_repeats_a_call(int size) {
    TurnReader reader = reader(ToolSyntax.TAUGHT, Kind.CALLS);

    feed(
        reader,
        " weather {\"city\": \"Oslo\"}\nCall: weather {\"city\": \"Rome\"}\n"
            + "Call: weather {\"city\": \"Oslo\"}\nCall: clock {}",
        size);

    assertThat(reader.calls())
        .extracting(ToolExecutionRequest::arguments)
        .containsExactly("{\"city\": \"Oslo\"}", "{\"city\": \"Rome\"}");
    assertThat(arguments).as("nothing is heard of the repeated one").hasSize(2);
    assertThat(halts).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void should_leave_out_a_call_that_is_cut_off(int size) {
    TurnReader reader = reader(ToolSyntax.TAUGHT, Kind.CALLS);

    feed(reader, " clock {}\nCall: weather {\"city\": \"Os", size);

    assertThat(reader.finish()).isNull();
    assertThat(reader.calls()).hasSize(1);
  }
}
