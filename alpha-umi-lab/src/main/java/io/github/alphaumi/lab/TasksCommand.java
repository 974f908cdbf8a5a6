package io.github.alphaumi.lab;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.Search;
import io.github.alphaumi.core.cases.AgentCase;
import io.github.alphaumi.onnx.OnnxChatModel;
import io.github.alphaumi.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private static final String AGENT = "agent";

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
          "side by side with the agent, langchain4j's AiServices over the same base model without"
              + " its adapters: ${COMPLETION-CANDIDATES}")
  private @Nullable Baseline baseline;

  @Option(names = "--steps", paramLabel = "N", description = "calls at most (${DEFAULT-VALUE})")
  private int steps = Budget.defaults().steps();

  @Option(
      names = "--sample",
      description =
          "do so many cases, drawn with the seed; all by default. A larger sample has the smaller"
              + " one in it, and goes on with its answers")
  private int sample = Integer.MAX_VALUE;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "seed of the sample; default ${DEFAULT-VALUE}")
  private long seed;

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
    if (sample < 1) {
      throw new AlphaUmiException("--sample " + sample + " is less than 1");
    }
    List<AgentCase> tasks = Draw.some(AgentCase.load(cases), sample, seed);
    String sha256 = new HashedFile(cases).sha256();
    List<TaskReport> reports = new ArrayList<>();
    // A baseline that is asked for later finds the agent's answers.
    String work = "tasks " + List.of(sha256, models, search, steps);
    try (RoleModels opened = models.open();
        Answers answers = out == null ? Answers.inMemory() : new Answers(beside(out), work)) {
      for (Map.Entry<String, AgentCase.Subject> subject : subjects(opened).entrySet()) {
        reports.add(judge(subject.getKey(), subject.getValue(), tasks, answers));
      }
    } catch (BadRecordException e) {
      throw new AlphaUmiException(cases + ": " + e.getMessage(), e);
    }
    print(reports);
    if (out != null) {
      Files.writeString(out, PythonJson.writeAscii(json(reports), 2) + "\n");
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("cases", cases.toString());
      settings.put("model", models.toString());
      settings.put("search", search.name());
      settings.put("baseline", String.valueOf(baseline));
      settings.put("steps", steps);
      settings.put("sample", sample);
      settings.put("seed", seed);
      Manifest.write(out, name(), settings, Map.of("sha256", sha256));
    }
  }

  private TaskReport judge(
      String name, AgentCase.Subject subject, List<AgentCase> tasks, Answers answers)
      throws IOException, BadRecordException {
    AtomicLong done = new AtomicLong();
    try (Progress progress = new Progress(console(), name() + " " + name, tasks.size(), "", 1)) {
      Parallel.each(
          tasks,
          models.atOnce(),
          task -> {
            String key = name + " " + task.id();
            if (answers.get(key).isEmpty()) {
              answers.add(key, TaskReport.write(task.run(subject)));
            }
            progress.at(done.incrementAndGet());
          });
    }
    TaskReport report = new TaskReport(name);
    for (AgentCase task : tasks) {
      report.add(task, TaskReport.read(answers.get(name + " " + task.id()).orElseThrow()));
    }
    return report;
  }

  private static Path beside(Path out) {
    return out.resolveSibling(out.getFileName() + ".answers.jsonl");
  }

  /** What works on the cases, by name, the agent first. */
  private Map<String, AgentCase.Subject> subjects(RoleModels opened) {
    Budget budget = Budget.defaults().withSteps(steps);
    Map<String, AgentCase.Subject> subjects = new LinkedHashMap<>();
    subjects.put(
        AGENT,
        AgentCase.Subject.of(
            tools ->
                Agent.builder()
                    .roles(opened.roles())
                    .tools(tools)
                    .budget(budget)
                    .search(search.search)
                    .build()));
    if (baseline != null) {
      OnnxModel base = opened.base();
      subjects.put(
          baseline.name(),
          new AiServicesSubject(
              base == null ? models.openChat() : OnnxChatModel.builder(base).build(), steps));
    }
    return subjects;
  }

  /** A report for each subject by its name, and how they compare case by case. */
  private static Map<String, Object> json(List<TaskReport> reports) {
    Map<String, Object> json = new LinkedHashMap<>();
    reports.forEach(report -> json.put(report.subject(), report.json()));
    if (reports.size() > 1) {
      json.put("successes", reports.get(0).beside(reports.get(1)));
    }
    return json;
  }

  /** For people, failures first, so that the counts stand at the end of a long output. */
  private void print(List<TaskReport> reports) {
    if (json) {
      console().out().println(PythonJson.write(json(reports)));
      return;
    }
    reports.forEach(report -> report.failureLines().forEach(console().out()::println));
    TaskReport.table(reports).forEach(console().out()::println);
    reports.forEach(report -> console().out().println(report.causes()));
    if (reports.size() > 1) {
      console().out().println("successes: " + reports.get(0).beside(reports.get(1)));
    }
    if (out != null) {
      console().out().println("wrote " + out);
    }
  }
}
