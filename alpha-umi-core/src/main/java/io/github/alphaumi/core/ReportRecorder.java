package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps of each run what its result does not hold, and makes a report of both. Thread-safe. */
final class ReportRecorder implements RunListener {
  private final Consumer<RunReport> reports;

  /** By the run's id; an agent that a run asks shares that run's draft. */
  private final Map<String, Draft> drafts = new ConcurrentHashMap<>();

  ReportRecorder(Consumer<RunReport> reports) {
    this.reports = reports;
  }

  /** A report in the making; its events come one after the other, from any thread. */
  private static final class Draft {
    final RunEvent.Started started;
    final List<Turn> turns = new ArrayList<>();
    List<ToolSpecification> tools = List.of();

    Draft(RunEvent.Started started) {
      this.started = started;
    }

    boolean isOf(RunEvent event) {
      return event.runId().equals(started.runId());
    }
  }

  /** A question to a model, and its text as far as it came. */
  private record Turn(RunEvent.Prompted asked, StringBuilder text) {

    RunReport.Exchange exchange() {
      return new RunReport.Exchange(
          asked.runId(),
          asked.node(),
          asked.role(),
          asked.model().name(),
          asked.prompt().text(),
          text.toString());
    }
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.Started started) {
      Draft outer = started.caller().map(RunEvent.Origin::runId).map(drafts::get).orElse(null);
      drafts.put(event.runId(), outer == null ? new Draft(started) : outer);
      return;
    }
    Draft draft = drafts.get(event.runId());
    if (draft == null) {
      return;
    }
    RunReport report;
    synchronized (draft) {
      report = add(event, draft);
    }
    if (report != null) {
      reports.accept(report);
    }
  }

  private @Nullable RunReport add(RunEvent event, Draft draft) {
    if (event instanceof RunEvent.Offered offered && draft.isOf(event)) {
      draft.tools = offered.tools();
    } else if (event instanceof RunEvent.Prompted prompted) {
      draft.turns.add(new Turn(prompted, new StringBuilder()));
    } else if (event instanceof RunEvent.Text text) {
      write(text, draft);
    } else if (event instanceof RunEvent.Stopped stopped) {
      drafts.remove(event.runId());
      if (draft.isOf(event)) {
        return RunReport.of(
            stopped.result(),
            draft.started.agent(),
            draft.started.budget(),
            draft.tools,
            draft.turns.stream().map(Turn::exchange).toList());
      }
    }
    return null;
  }

  /** To the newest question that this can be the answer to. */
  private static void write(RunEvent.Text text, Draft draft) {
    for (int i = draft.turns.size() - 1; i >= 0; i--) {
      RunEvent.Prompted asked = draft.turns.get(i).asked;
      if (asked.role() == text.role()
          && asked.node() == text.node()
          && asked.runId().equals(text.runId())) {
        draft.turns.get(i).text.append(text.text());
        return;
      }
    }
  }
}
