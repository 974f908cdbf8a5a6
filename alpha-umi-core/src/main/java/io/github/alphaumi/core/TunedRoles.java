package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The three roles over a model that was trained to continue prompts of one format. */
final class TunedRoles implements Planner, Caller, Summarizer {
  private final TextModel model;
  private final PromptFormat format;

  TunedRoles(TextModel model, PromptFormat format) {
    this.model = model;
    this.format = format;
  }

  @Override
  public Decision plan(Trajectory trajectory, List<ToolSpecification> tools, RunContext context) {
    String text = write(Role.PLANNER, trajectory, null, tools, context);
    DecisionText.Reading reading =
        DecisionText.read(text)
            .orElseGet(
                () ->
                    new DecisionText.Reading(
                        DecisionText.withoutEnding(text, trajectory, !tools.isEmpty()), false));
    if (!reading.exact()) {
      context.repaired(Role.PLANNER, "decision read from: " + text);
    }
    return reading.decision();
  }

  @Override
  public Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      RunContext context) {
    CallText.Reading reading = CallText.read(write(Role.CALLER, trajectory, plan, tools, context));
    if (!reading.exact()) {
      context.repaired(Role.CALLER, "call read from: " + reading.turn());
    }
    return reading.turn();
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      RunContext context) {
    return write(Role.SUMMARIZER, trajectory, plan, tools, context).strip();
  }

  private String write(
      Role role,
      Trajectory trajectory,
      @Nullable Decision plan,
      List<ToolSpecification> tools,
      RunContext context) {
    Prompt prompt = format.prompt(role, trajectory, plan, tools);
    context.asks(role, model.name(), prompt);
    TextResponse response =
        model.complete(
            TextRequest.builder(prompt)
                .constraint(format.constraint(role, tools))
                .stops(format.stops())
                .maxTokens(
                    (int) Math.max(1, Math.min(format.maxTokens(role), context.tokensLeft())))
                .affinity(new TextRequest.Affinity(context.runId(), role))
                .onText(text -> context.wrote(role, text))
                .cancellation(context.cancellation())
                .build());
    context.used(role, response.use());
    switch (response.finish()) {
      case CONTEXT_FULL ->
          throw new RunStoppedException(
              StopReason.CONTEXT_FULL,
              String.format(
                  Locale.ROOT,
                  "the %s's prompt has %,d tokens and the model's window %,d: shorten the task,"
                      + " offer fewer tools, or use a model with a larger window",
                  role.name().toLowerCase(Locale.ROOT),
                  response.use().inputTokens(),
                  model.contextWindow()));
      case CANCELLED ->
          throw new RunStoppedException(StopReason.CANCELLED, "cancelled while a model wrote");
      case LENGTH ->
          context.repaired(role, "text cut at " + response.use().outputTokens() + " tokens");
      case STOP -> {}
    }
    return response.text();
  }
}
