package io.github.alphaumi.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.RunReport;
import io.github.alphaumi.core.SearchTree;
import io.github.alphaumi.core.StopReason;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An agent's own runs to conversations: of each that was answered, the path from the task to the
 * answer. What a search tried besides is left out.
 */
final class AnsweredRuns implements RecordStep {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a tool policy puts in the place of what nobody should read. */
  private static final String REDACTED = "[redacted]";

  private final int maxSteps;
  private final boolean flawless;

  /**
   * @param maxSteps of a path
   * @param flawless whether paths with mistakes are left out
   */
  AnsweredRuns(int maxSteps, boolean flawless) {
    this.maxSteps = maxSteps;
    this.flawless = flawless;
  }

  @Override
  public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
      throws BadRecordException {
    sink.count("runs");
    Optional<RunReport> finished =
        Inputs.form(source) == RecordReader.Form.FILE
            ? ofJournal(source)
            : Optional.of(ofJson(record));
    if (finished.isEmpty()) {
      sink.count("left out: unfinished");
      return;
    }
    RunReport run = finished.get();
    List<SearchTree.Node> path = path(run);
    Optional<String> objection = objection(run, path);
    if (objection.isPresent()) {
      sink.count("left out: " + objection.get());
      return;
    }
    sink.write(0, conversation(run, path).json());
    sink.count("conversations");
  }

  /** The report of the run of a log, if it has ended. */
  private static Optional<RunReport> ofJournal(Path file) throws BadRecordException {
    String name = file.getFileName().toString();
    try {
      String runId =
          URLDecoder.decode(name.substring(0, name.lastIndexOf('.')), StandardCharsets.UTF_8);
      Journal journal = Journal.files(file.toAbsolutePath().getParent(), Journal.Sync.NEVER);
      List<Journal.Entry> entries = journal.read(runId);
      return entries.get(entries.size() - 1).kind() == Journal.Kind.FINISHED
          ? Optional.of(RunReport.of(journal, runId))
          : Optional.empty();
    } catch (AlphaUmiException | IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()));
    }
  }

  private static RunReport ofJson(Map<String, @Nullable Object> record) throws BadRecordException {
    try {
      return RunReport.fromJson(JSON.writeValueAsString(record));
    } catch (JsonProcessingException e) {
      throw new BadRecordException("cannot be written again: " + e.getOriginalMessage());
    } catch (AlphaUmiException | IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()));
    }
  }

  /** The nodes from the first to the one that has the run's answer; none without one. */
  private static List<SearchTree.Node> path(RunReport run) {
    return run.tree().nodes().stream()
        .filter(node -> node.answer().isPresent() && node.answer().equals(run.answer()))
        .findFirst()
        .map(node -> run.tree().path(node.id()))
        .orElse(List.of());
  }

  /** Why nothing is to be learnt from a run. */
  private Optional<String> objection(RunReport run, List<SearchTree.Node> path) {
    if (run.stopReason() != StopReason.ANSWERED || path.isEmpty()) {
      return Optional.of("ended with " + run.stopReason());
    }
    if (!run.conversation().exchanges().isEmpty()) {
      return Optional.of("follows an earlier task");
    }
    if (path.size() > 1 && run.tools().isEmpty()) {
      return Optional.of("does not describe its tools");
    }
    if (path.stream().anyMatch(AnsweredRuns::isRedacted)) {
      return Optional.of("parts of a result were redacted");
    }
    if (path.size() - 1 > maxSteps) {
      return Optional.of("more than " + maxSteps + " steps");
    }
    return flawless && path.stream().anyMatch(AnsweredRuns::isFlawed)
        ? Optional.of("a mistake on its path")
        : Optional.empty();
  }

  private static boolean isRedacted(SearchTree.Node node) {
    return node.calls().stream()
        .flatMap(made -> made.observation().stream())
        .anyMatch(seen -> seen.text().contains(REDACTED));
  }

  private static boolean isFlawed(SearchTree.Node node) {
    boolean failed =
        node.calls().stream()
            .flatMap(made -> made.observation().stream())
            .anyMatch(
                seen ->
                    seen.status() != Observation.Status.OK
                        && seen.status() != Observation.Status.REUSED);
    return failed || !node.repairs().isEmpty();
  }

  /** Several calls of a step become steps of their own, as the prompts of tuned roles show them. */
  private static Conversation conversation(RunReport run, List<SearchTree.Node> path)
      throws BadRecordException {
    List<Map<String, @Nullable Object>> tools = new ArrayList<>();
    for (ToolSpecification tool : run.tools()) {
      tools.add(new LinkedHashMap<>(ToolRecord.of(tool)));
    }
    List<Turn> turns = new ArrayList<>();
    turns.add(new Turn(Turn.USER, run.tree().task()));
    for (SearchTree.Node node : path) {
      Decision decision =
          node.decision()
              .orElseThrow(() -> new BadRecordException("node " + node.id() + " has no decision"));
      turns.add(new Turn(Turn.PLANNER, PromptFormat.write(decision)));
      for (int i = 0; i < node.calls().size(); i++) {
        if (i > 0) {
          turns.add(new Turn(Turn.PLANNER, PromptFormat.write(new Decision.Call(""))));
        }
        SearchTree.Call made = node.calls().get(i);
        made.call().ifPresent(call -> turns.add(new Turn(Turn.CALLER, PromptFormat.write(call))));
        made.observation().ifPresent(seen -> turns.add(new Turn(Turn.OBSERVATION, seen.text())));
      }
      node.answer().ifPresent(answer -> turns.add(new Turn(Turn.SUMMARIZER, answer)));
    }
    return new Conversation(tools, run.tree().task(), turns);
  }
}
