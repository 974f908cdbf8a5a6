package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All there is to see of one finished run, as a value: for a page, a diagram, a file. Immutable.
 *
 * <pre>{@code
 * List<String> pages = new ArrayList<>();
 * Agent agent =
 *     Agent.builder()
 *         .roles(Roles.prompted(chatModel))
 *         .tools(toolbox)
 *         .listener(RunListener.reports(report -> pages.add(report.toHtml())))
 *         .build();
 * }</pre>
 *
 * <p>A report from a listener holds the prompts and what the models wrote, which may be large and
 * may hold personal data; one made {@link #of} a result does not.
 *
 * @param agent the agent's name; empty if unknown
 * @param conversation what the user had asked before, and was answered; without steps
 * @param tree everything that was tried
 * @param stopReason why the run ended
 * @param detail one sentence on the stop reason
 * @param answer the answer, or the best partial one
 * @param failure what was thrown, in words
 * @param usage what it cost
 * @param limits the run's budget; empty if unknown
 * @param tools the tools that were on offer; empty if unknown
 * @param exchanges what models were asked and wrote, in order
 */
public record RunReport(
    String agent,
    Conversation conversation,
    SearchTree tree,
    StopReason stopReason,
    String detail,
    Optional<String> answer,
    Optional<String> failure,
    AgentResult.Usage usage,
    List<Limit> limits,
    List<ToolSpecification> tools,
    List<Exchange> exchanges) {

  /**
   * A limit of the run's budget.
   *
   * @param name what is limited
   * @param used how much was used
   * @param most how much there was
   */
  public record Limit(String name, double used, double most) {

    static List<Limit> of(Budget budget, AgentResult result) {
      AgentResult.Usage usage = result.usage();
      int steps =
          result.tree().nodes().stream()
              .filter(node -> !NodeText.observations(node).isEmpty())
              .mapToInt(SearchTree.Node::depth)
              .max()
              .orElse(0);
      List<Limit> limits = new ArrayList<>();
      limits.add(new Limit("steps", steps, budget.steps()));
      limits.add(new Limit("model calls", usage.modelCalls(), budget.modelCalls()));
      limits.add(new Limit("tool calls", usage.toolCalls(), budget.toolCalls()));
      limits.add(new Limit("tokens", usage.inputTokens() + usage.outputTokens(), budget.tokens()));
      limits.add(
          new Limit("seconds", usage.elapsed().toNanos() / 1e9, budget.time().toNanos() / 1e9));
      if (Double.isFinite(budget.cost())) {
        limits.add(new Limit("cost", usage.cost(), budget.cost()));
      }
      return limits;
    }
  }

  /**
   * One question to a model. Immutable.
   *
   * @param runId the run, which is another one where an agent asked an agent
   * @param node the node of that run's tree
   * @param role who asked
   * @param model the model's name; empty if unknown
   * @param prompt what it was asked
   * @param text what it wrote, as far as it told; structured answers are not text
   */
  public record Exchange(
      String runId, int node, Role role, String model, String prompt, String text) {}

  public RunReport {
    limits = List.copyOf(limits);
    tools = List.copyOf(tools);
    exchanges = List.copyOf(exchanges);
  }

  /** A report without what only a listener hears: the agent, its tools, its budget, its prompts. */
  public static RunReport of(AgentResult result) {
    return of(result, "", null, List.of(), List.of());
  }

  /**
   * A report of a run of a journal, as far as it has come, without the agent that began it: no
   * model, tool or person is asked and nothing is written. The journal does not know the agent's
   * name, the prompts and the trees of agents that were asked; tools are empty where there were too
   * many to write them down.
   *
   * @throws Journal.Failure if there is no such run, its log is damaged, or it does not fit what
   *     this version of the loop does
   */
  public static RunReport of(Journal journal, String runId) {
    return JournalReport.of(journal, runId);
  }

  static RunReport of(
      AgentResult result,
      String agent,
      @Nullable Budget budget,
      List<ToolSpecification> tools,
      List<Exchange> exchanges) {
    return new RunReport(
        agent,
        result.trajectory().conversation().withoutSteps(),
        result.tree(),
        result.stopReason(),
        result.detail(),
        result.answer(),
        result.failure().map(Throwable::toString),
        result.usage(),
        budget == null ? List.of() : Limit.of(budget, result),
        tools,
        exchanges);
  }

  /**
   * One HTML page that needs nothing but itself: no network, no other file. Whatever tools and
   * models said is text on it and cannot become markup or script; what is invisible is shown by
   * name.
   */
  public String toHtml() {
    return new RunPage(this).html();
  }

  /** The search tree as a Mermaid flowchart, for documents that draw these. */
  public String toMermaid() {
    return MermaidText.of(tree);
  }

  /**
   * This report as JSON of ASCII characters: an object with {@code "format": "alpha-umi-run"},
   * {@code "version": 1} and the components of this record; times are in ISO-8601, absent values
   * are left out.
   */
  public String toJson() {
    return ReportJson.write(this);
  }

  /**
   * Reads {@link #toJson}. The report equals the one that was written, except that numbers in
   * arguments are what JSON makes of them: integers, or decimals.
   *
   * @throws AlphaUmiException if it is something else, of another version, or incomplete
   */
  public static RunReport fromJson(String json) {
    return ReportReader.read(json);
  }

  /**
   * This report as an answer file of ToolBench, in the form of its searches: for its evaluation,
   * and for making training data of runs. Times, scores, repairs and prompts have no place there.
   */
  public String toAnswerFile() {
    return AnswerFile.write(this);
  }

  /**
   * Reads an answer file of ToolBench, of a search or of chains.
   *
   * @throws AlphaUmiException if it is none
   */
  public static RunReport fromAnswerFile(String json) {
    return AnswerFileReader.read(json);
  }
}
