package io.github.alphaumi.core;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.langchain4j.model.chat.ChatModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of README and Javadoc, compiled, and run by {@link SnippetsTest}. */
final class Snippets {
  private static final Logger LOG = LoggerFactory.getLogger(Snippets.class);

  private Snippets() {}

  static String quickstart(ChatModel chatModel, Toolbox toolbox) {
    Agent agent = Agent.builder().roles(Roles.prompted(chatModel)).tools(toolbox).build();
    AgentResult result = agent.run("Where is my order A-4711?");
    return result.answer().orElse(result.detail());
  }

  static Agent remotePlannerLocalRest(ChatModel remote, TextModel local, Toolbox toolbox) {
    return Agent.builder()
        .roles(Roles.tuned(local, PromptFormat.compact()).withPlanner(Planner.prompted(remote)))
        .tools(toolbox)
        .budget(Budget.defaults().withSteps(6).withTime(Duration.ofSeconds(20)))
        .listener(event -> LOG.info("{}", event))
        .build();
  }

  static AgentResult cancelFromAnotherThread(Agent agent, Cancellation cancellation) {
    Thread other = new Thread(cancellation::cancel);
    other.start();
    return agent.run("Where is my order A-4711?", cancellation);
  }

  static Agent thatWaitsForApproval(Roles roles, Toolbox tools, Path folder) {
    return Agent.builder()
        .roles(roles)
        .tools(tools)
        .journal(Journal.files(folder, Journal.Sync.EFFECTS))
        .approver(Approver.suspend())
        .build();
  }

  static Optional<String> ask(Agent agent, String task) {
    AgentResult result = agent.run(task);
    return result.stopReason() == StopReason.SUSPENDED
        ? Optional.of(result.runId())
        : Optional.empty();
  }

  static AgentResult decideInAnotherProcess(Agent agent, String runId) {
    ToolCall call = agent.undecided(runId).orElseThrow();
    return call.arguments().get("amount") instanceof Integer amount && amount <= 50
        ? agent.resume(runId, Approver.Answer.yes())
        : agent.resume(runId, Approver.Answer.no("more than 50 euros take a signature"));
  }

  static void goOnAfterARestart(Agent agent, Journal journal) {
    for (Journal.Summary run : journal.runs(Journal.State.UNFINISHED)) {
      AgentResult result = agent.resume(run.runId());
      result.unknownOutcomes().forEach(call -> LOG.warn("look after {}", call));
    }
  }

  static Roles ownCheckpoint(TextModel model, Path formatFile) {
    return Roles.tuned(model, PromptFormat.load(formatFile));
  }

  static AgentResult search(ChatModel chatModel, Toolbox toolbox) {
    return Agent.builder()
        .roles(Roles.prompted(chatModel))
        .tools(toolbox)
        .search(Search.depthFirst().width(3).queries(60))
        .budget(Budget.defaults().withSteps(6).withToolCalls(30))
        .build()
        .run("Where is my order A-4711?");
  }

  static Optional<String> start(Agent agent, Duration patience) {
    RunHandle run = agent.start("Where is my order A-4711?");
    Optional<AgentResult> result = run.await(patience);
    if (result.isEmpty()) {
      run.cancel();
      LOG.info("not done in time; so far:\n{}", run.tree());
    }
    return result.flatMap(AgentResult::answer);
  }

  static AgentResult followUp(Agent agent) {
    AgentResult status = agent.run("Where is my order A-4711?");
    return agent.after(status.conversation()).run("Then refund it.");
  }

  static Agent desk(Roles roles, Toolbox orders, Agent clerk) {
    return Agent.builder()
        .roles(roles)
        .tools(Toolbox.of(orders, clerk.asTool("askClerk", "Ask the clerk about contracts")))
        .build();
  }

  static Roles largePlannerSmallCaller(ChatModel large, TextModel small) {
    return Roles.tuned(small, PromptFormat.compact()).withPlanner(Planner.prompted(large));
  }

  static Caller localThenRemote(TextModel local, ChatModel remote) {
    return Caller.tuned(local, PromptFormat.compact()).withFallback(Caller.prompted(remote));
  }

  static Planner byExample(ChatModel model, AgentResult goodRun) {
    return Planner.prompted(
        model,
        Prompting.defaults().withContextWindow(8_192).withExample(Prompting.Example.of(goodRun)));
  }

  record OrderSummary(String orderId, String status) {}

  static Optional<OrderSummary> asValue(Agent agent) {
    AgentResult.Typed<OrderSummary> result = agent.run("Sum up order A-4711.", OrderSummary.class);
    return result.value();
  }

  static Optional<List<OrderSummary>> asList(Agent agent) {
    return agent.run("Sum up my orders.", new TypeReference<List<OrderSummary>>() {}).value();
  }
}
