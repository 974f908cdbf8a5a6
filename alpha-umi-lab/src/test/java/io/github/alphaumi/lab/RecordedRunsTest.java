package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.ToolCall;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedRunsTest {
  private static final Console QUIET =
      new Console(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);

  @TempDir private Path folder;

  @Test
  void should_ask_the_roles_for_each_turn_after_what_was_recorded() throws IOException {
    Path file = folder.resolve("runs.jsonl");
    Cli.data(
        "world",
        "--split",
        "held-out",
        "--seed",
        5,
        "--sets",
        2,
        "--format",
        "conversations",
        "--out",
        file);
    List<String> asked = new ArrayList<>();
    Roles roles =
        new Roles(
            (before, tools, run) -> {
              asked.add("plan " + before.task() + " " + before.steps().size());
              return new Decision.GiveUp("not followed");
            },
            (before, plan, tools, run) -> {
              asked.add("call " + before.task() + " " + before.steps().size());
              return new ToolCall(tools.get(0).name(), Map.of());
            },
            (before, plan, tools, run) -> {
              asked.add("answer " + before.task() + " " + before.steps().size());
              return "";
            });

    RecordedRuns runs = RecordedRuns.read(file, 3, QUIET);
    runs.play(roles);

    List<String> expected = new ArrayList<>();
    List<Conversation> all = new ArrayList<>();
    Records.read(file, QUIET, (index, record) -> all.add(Conversation.read(record)));
    for (Conversation run : Draw.some(all, 3, 1)) {
      int steps = 0;
      for (Turn turn : run.turns()) {
        String at = run.instruction() + " " + steps;
        switch (turn.from()) {
          case Turn.PLANNER -> expected.add("plan " + at);
          case Turn.CALLER -> expected.add("call " + at);
          case Turn.SUMMARIZER -> expected.add("answer " + at);
          case Turn.OBSERVATION -> steps++;
          default -> {}
        }
      }
    }
    assertThat(runs.count()).isEqualTo(3);
    assertThat(asked).hasSizeGreaterThan(6).containsExactlyElementsOf(expected);
  }

  @Test
  void should_say_where_conversations_come_from_if_there_are_none() throws IOException {
    Path file = Files.writeString(folder.resolve("none.jsonl"), "");
    assertThatThrownBy(() -> RecordedRuns.read(file, 3, QUIET))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("none.jsonl holds no conversation")
        .hasMessageContaining("umi data world");
  }
}
