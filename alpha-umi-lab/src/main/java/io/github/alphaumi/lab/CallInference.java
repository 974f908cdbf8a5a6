package io.github.alphaumi.lab;

import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunStoppedException;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Trajectory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Asks planner and caller for the first call of each task. */
final class CallInference {
  static final String DECISION = "decision";
  static final String NAME = "name";
  static final String ARGUMENTS = "arguments";

  private final Roles roles;
  private final Answers answers;

  CallInference(Roles roles, Answers answers) {
    this.roles = roles;
    this.answers = answers;
  }

  /**
   * @param atOnce how many tasks are asked at once
   */
  void ask(List<CallTask> tasks, Progress progress, int atOnce)
      throws IOException, BadRecordException {
    AtomicLong done = new AtomicLong();
    Parallel.each(
        tasks,
        atOnce,
        task -> {
          if (answers.get(task.key()).isEmpty()) {
            answers.add(task.key(), answer(task));
          }
          progress.at(done.incrementAndGet());
        });
  }

  private Map<String, @Nullable Object> answer(CallTask task) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    Trajectory start = Trajectory.start(task.query());
    OfflineRun run = new OfflineRun(task.key(), 1);
    try {
      Decision decision = roles.planner().plan(start, task.tools(), run);
      answer.put(DECISION, JoinedStep.name(decision));
      answer.put("rationale", decision.rationale());
      if (decision instanceof Decision.Call plan) {
        // The protocol asks for one call: of several the first counts.
        Caller.Turn turn = roles.caller().call(start, plan, task.tools(), run).calls().get(0);
        if (turn instanceof ToolCall call) {
          answer.put(NAME, call.name());
          answer.put(ARGUMENTS, call.arguments());
        }
      }
    } catch (RunStoppedException e) {
      answer.put("stopped", Answers.reason(e));
    }
    return answer;
  }
}
