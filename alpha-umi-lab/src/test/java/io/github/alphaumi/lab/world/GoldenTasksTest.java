package io.github.alphaumi.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.Resources;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoldenTasksTest {

  /** The file holds what a run of this test printed, read through and found right by a person. */
  @Test
  void should_write_a_task_of_each_kind_as_it_was_checked_by_hand() throws IOException {
    ToolWorld world = Harbour.world();
    Map<WorldTask.Kind, String> found = new EnumMap<>(WorldTask.Kind.class);
    for (int number = 0; number < 60; number++) {
      ToolSet set = world.set(1, number, 8);
      for (WorldTask task : set.tasks()) {
        found.putIfAbsent(task.kind(), transcript(task));
      }
    }

    assertThat(String.join("\n", found.values()))
        .isEqualTo(
            Resources.toString(
                Resources.getResource(GoldenTasksTest.class, "golden-tasks.txt"),
                StandardCharsets.UTF_8));
  }

  private static String transcript(WorldTask task) {
    List<String> lines = new ArrayList<>();
    lines.add("# " + task.kind() + " " + task.id());
    task.earlier().ifPresent(earlier -> add(earlier, lines));
    add(task, lines);
    return String.join("\n", lines) + "\n";
  }

  private static void add(WorldTask task, List<String> lines) {
    lines.add("task         " + task.task());
    for (WorldStep step : task.steps()) {
      lines.add("planner      " + PromptFormat.write(step.plan()));
      lines.add("caller       " + step.call());
      lines.add("observation  " + step.observation());
    }
    lines.add("planner      " + PromptFormat.write(task.end()));
    if (!(task.end() instanceof Decision.GiveUp)) {
      lines.add("conclusion   " + task.answer().orElseThrow());
    }
  }
}
