package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.util.List;

/** An agent as a tool with one argument, its task. */
final class AgentTool implements Toolbox {
  private static final String TASK = "task";

  private final Agent agent;
  private final ToolSpecification specification;

  AgentTool(Agent agent, String name, String description) {
    this.agent = agent;
    specification =
        ToolSpecification.builder()
            .name(name)
            .description(description)
            .parameters(
                JsonObjectSchema.builder()
                    .addStringProperty(TASK, "the whole task, with every value it needs")
                    .required(TASK)
                    .build())
            .build();
  }

  @Override
  public List<ToolSpecification> specifications() {
    return List.of(specification);
  }

  /**
   * An agent that only looks is asked again without harm; what else it does is up to its planner.
   */
  @Override
  public Effect effect(String tool) {
    boolean looks =
        agent.tools.specifications().stream()
            .allMatch(own -> agent.tools.effect(own.name()) == Effect.READ_ONLY);
    return looks ? Effect.READ_ONLY : Effect.EFFECTFUL;
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    if (!call.name().equals(specification.name())) {
      return Observation.error(
          Observation.Status.INVALID,
          ModelMessages.unknownTool(call.name(), List.of(specification.name())));
    }
    if (!(call.arguments().get(TASK) instanceof String task) || task.isBlank()) {
      return Observation.error(
          Observation.Status.INVALID, ModelMessages.taskMissing(specification.name()));
    }
    AgentResult result = context.run(agent, task);
    String answer = result.answer().orElse("");
    return result.stopReason() == StopReason.ANSWERED
        ? Observation.ok(answer)
        : Observation.error(
            Observation.Status.FAILED, ModelMessages.agentStopped(result.stopReason(), answer));
  }
}
