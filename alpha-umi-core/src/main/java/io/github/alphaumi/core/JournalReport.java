package io.github.alphaumi.core;

import java.time.Duration;
import java.util.List;

/**
 * Goes through the journal of a run without the agent that began it: the same loop and the same
 * search, with nobody to ask.
 */
final class JournalReport {
  private JournalReport() {}

  static RunReport of(Journal journal, String runId) {
    JournalReader log = JournalReader.of(runId, journal.read(runId));
    JournalStart start = log.start();
    JournalStart.Way way = start.way().orElseThrow(() -> unknownWay(runId));
    AgentResult result =
        Agent.builder()
            .roles(nobody())
            .journal(journal)
            .search(way.search())
            .budget(budget(log, way.limits()))
            .build()
            .replay(runId);
    return RunReport.of(result, "", way.limits(), start.specifications(), List.of());
  }

  private static Journal.Failure unknownWay(String runId) {
    return new Journal.Failure(
        Journal.Failure.Reason.CHANGED,
        "run "
            + runId
            + ": its log is of a version that did not note the search; replay it with the agent"
            + " that began it");
  }

  /**
   * A run that found an answer may have been resumed with a larger budget than it began with, and
   * ends where its log does. One that came to a limit has to come to it again.
   */
  private static Budget budget(JournalReader log, Budget recorded) {
    boolean answered =
        log.isFinished() && log.newestData().text("reason").equals(StopReason.ANSWERED.name());
    return answered
        ? new Budget(
            recorded.steps(),
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Duration.ofNanos(Long.MAX_VALUE),
            Double.POSITIVE_INFINITY,
            recorded.price())
        : recorded;
  }

  private static Roles nobody() {
    return new Roles(
        (trajectory, tools, context) -> {
          throw asked();
        },
        (trajectory, plan, tools, context) -> {
          throw asked();
        },
        (trajectory, plan, tools, context) -> {
          throw asked();
        });
  }

  private static IllegalStateException asked() {
    return new IllegalStateException("the roles of a log are not asked");
  }
}
