package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Toolbox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedToolsTest {

  static class Counter {
    private int count;

    @Tool("Counts on")
    @Policy(effect = Effect.IDEMPOTENT)
    int next(double by) {
      return count += by > 0 ? 1 : 0;
    }
  }

  @TempDir Path folder;

  @Test
  void should_answer_as_it_was_recorded() {
    Path file = folder.resolve("calls.json");
    Toolbox live = RecordedTools.recording(AnnotatedTools.of(new Counter()), file);
    Observation first = Calls.run(live, "next", "{\"by\": 1.5}");
    Observation second = Calls.run(live, "next", "{\"by\": 1.5}");
    Observation refused = Calls.run(live, "next", "{}");

    Toolbox replay = RecordedTools.replay(file);
    assertThat(replay.specifications()).isEqualTo(live.specifications());
    assertThat(replay.effect("next")).isEqualTo(Effect.IDEMPOTENT);
    assertThat(Calls.run(replay, "next", "{\"by\": 1.5}")).isEqualTo(first);
    assertThat(Calls.run(replay, "next", "{}")).isEqualTo(refused);
    assertThat(Calls.run(replay, "next", "{\"by\": 1.5}")).isEqualTo(second);
    assertThat(Calls.run(replay, "next", "{\"by\": 1.5}")).isEqualTo(second);
    assertThat(Calls.run(replay, "next", "{\"by\": 2}").text())
        .contains("the record calls.json has no call next {\\\"by\\\": 2}");
  }

  @Test
  void should_refuse_a_file_that_is_no_record() throws Exception {
    Path file = Files.writeString(folder.resolve("other.json"), "{\"tools\": 7}");
    assertThatThrownBy(() -> RecordedTools.replay(file))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("other.json: this is not a record of tool calls");
  }
}
