package io.github.alphaumi.core;

import dev.langchain4j.model.chat.ChatModel;
import java.nio.file.Path;
import java.time.Duration;
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

  static Roles ownCheckpoint(TextModel model, Path formatFile) {
    return Roles.tuned(model, PromptFormat.load(formatFile));
  }
}
