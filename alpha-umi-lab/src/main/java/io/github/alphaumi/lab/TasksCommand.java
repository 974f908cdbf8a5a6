package io.github.alphaumi.lab;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.Search;
import io.github.alphaumi.core.cases.AgentCase;
import io.github.alphaumi.core.cases.CaseFile;
import io.github.alphaumi.core.cases.CaseOutcome;
import io.github.alphaumi.core.cases.CaseSubject;
import io.github.alphaumi.onnx.OnnxChatModel;
import io.github.alphaumi.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code umi evaluate tasks}. */
@Command(
    name = "tasks",
    description =
        "Lets an agent work on whole tasks with scripted tools, and judges its calls and answers.",
    mixinStandardHelpOptions = true)
final class TasksCommand extends LabCommand {

  /** How the agent looks for an answer. */
  private enum Searching {
    chain(Search.chain()),
    dfs(Search.depthFirst());

    private final Search search;

    Searching(Search search) {
      this.search = search;
    }
  }

  /** What an agent is measured against. */
  private enum Baseline {
    aiservices
  }

  @Option(
      names = "--cases",
      required = true,
      description = "case file: tools with results, requests with expectations")
  private Path cases = Path.of("");

  @Mixin private ModelOptions models = new ModelOptions();

  @Option(
      names = "--search",
      defaultValue = "chain",
      description =
          "how the agent looks for an answer: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
  private Searching search = Searching.chain;

  @Option(
      names = "--baseline",
      description =
          "in place of an agent, langchain4j's AiServices over the same base model without its"
              + " adapters: ${COMPLETION-CANDIDATES}")
  private @Nullable Baseline baseline;

  @Option(names = "--steps", paramLabel = "N", description = "calls at most (${DEFAULT-VALUE})")
  private int steps = Budget.defaults().steps();

  @Option(names = "--json", description = "print the report as JSON")
  private boolean json;

  @Option(
      names = "--out",
      description =
          "file for the report; what is done is kept beside it, so that a killed evaluation goes"
              + " on")
  private @Nullable Path out;

  @Override
  void work() throws IOException {
    if (!models.given()) {
      throw new AlphaUmiException("no model: give --model, or one for each role");
    }
    if (out != null && Files.exists(out)) {
      throw new AlphaUmiException("output " + out + " exists; delete it or choose another name");
    }
    List<AgentCase> tasks = CaseFile.load(cases).cases();
    String sha256 = new HashedFile(cases).sha256();
    String work = "tasks " + List.of(sha256, models, search, String.valueOf(baseline), steps);
    TaskReport report = new TaskReport();
    try (RoleModels opened = models.open();
        Answers answers = out == null ? Answers.inMemory() : new Answers(beside(out), work);
        Progress progress = new Progress(console(), name(), tasks.size(), "", 1)) {
      CaseSubject subject = subject(opened);
      AtomicLong done = new AtomicLong();
      Parallel.each(
          tasks,
          models.atOnce(),
          task -> {
            if (answers.get(task.id()).isEmpty()) {
              answers.add(task.id(), TaskReport.write(task.run(subject)));
            }
            progress.at(done.incrementAndGet());
          });
      for (AgentCase task : tasks) {
        CaseOutcome outcome = TaskReport.read(answers.get(task.id()).orElseThrow());
        report.add(task, outcome);
      }
    } catch (BadRecordException e) {
      throw new AlphaUmiException(cases + ": " + e.getMessage(), e);
    }
    print(report);
    if (out != null) {
      Files.writeString(out, PythonJson.writeAscii(report.json(), 2) + "\n");
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("cases", cases.toString());
      settings.put("model", models.toString());
      settings.put("search", search.name());
      settings.put("baseline", String.valueOf(baseline));
      settings.put("steps", steps);
      Manifest.write(out, name(), settings, Map.of("sha256", sha256));
    }
  }

  private static Path beside(Path out) {
    return out.resolveSibling(out.getFileName() + ".answers.jsonl");
  }

  private CaseSubject subject(RoleModels opened) {
    Budget budget = Budget.defaults().withSteps(steps);
    if (baseline == null) {
      return CaseSubject.of(
          tools ->
              Agent.builder()
                  .roles(opened.roles())
                  .tools(tools)
                  .budget(budget)
                  .search(search.search)
                  .build());
    }
    OnnxModel base = opened.base();
    return new AiServicesSubject(
        base == null ? models.openChat() : OnnxChatModel.builder(base).build(), steps);
  }

  private void print(TaskReport report) {
    if (json) {
      console().out().println(PythonJson.write(report.json()));
    } else {
      report.lines().forEach(console().out()::println);
    }
    if (out != null && !json) {
      console().out().println("wrote " + out);
    }
  }
}
