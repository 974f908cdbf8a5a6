package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The three roles over a model that was trained to continue prompts of one format. */
final class TunedRoles implements Planner, Caller, TypedSummarizer {
  /** Prompts that are made shorter because the model counted more tokens than it had said. */
  private static final int REFITS = 3;

  private static final int REFIT_PERCENT = 95;

  private final TextModel model;
  private final PromptFormat format;

  TunedRoles(TextModel model, PromptFormat format) {
    this.model = model;
    this.format = format;
  }

  @Override
  public String toString() {
    return "tuned for " + format;
  }

  @Override
  public Decision plan(Trajectory trajectory, List<ToolSpecification> tools, RunContext context) {
    String text = write(new Wanted(Role.PLANNER, trajectory, null, tools), context).text();
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
    TextModel.Response response = write(new Wanted(Role.CALLER, trajectory, plan, tools), context);
    Set<String> names =
        tools.stream().map(ToolSpecification::name).collect(Collectors.toUnmodifiableSet());
    CallText.Reading reading =
        response.finish() == TextModel.Finish.LENGTH
            ? CallText.readCut(response.text(), names)
            : CallText.read(response.text(), names);
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
    return answer(new Wanted(Role.SUMMARIZER, trajectory, plan, tools), context);
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      AnswerType<?> type,
      RunContext context) {
    Constraint json = new Constraint.Json(type.schema());
    String answer = answer(new Wanted(Role.SUMMARIZER, trajectory, plan, tools, json), context);
    AnswerType.Reading<?> reading = type.read(answer);
    if (reading.value().isPresent()) {
      return answer;
    }
    context.repaired(Role.SUMMARIZER, "asked again for an answer after: " + answer);
    Decision.Conclude told =
        new Decision.Conclude(
            (plan.rationale() + " " + ModelMessages.answerAgain(reading.problem(), type.example()))
                .strip());
    return answer(new Wanted(Role.SUMMARIZER, trajectory, told, tools, json), context);
  }

  private String answer(Wanted wanted, RunContext context) {
    return Thinking.without(write(wanted, context).text()).strip();
  }

  /** What a role is to write. */
  private record Wanted(
      Role role,
      Trajectory trajectory,
      @Nullable Decision plan,
      List<ToolSpecification> tools,
      @Nullable Constraint constraint) {

    Wanted(
        Role role, Trajectory trajectory, @Nullable Decision plan, List<ToolSpecification> tools) {
      this(role, trajectory, plan, tools, null);
    }
  }

  private TextModel.Response write(Wanted wanted, RunContext context) {
    int limit = format.promptLimit(model.contextWindow());
    TextModel.Response response = complete(wanted, limit, context);
    for (int i = 0; i < REFITS && isLongerThanCounted(response, limit); i++) {
      limit = (int) ((long) limit * limit / response.use().inputTokens() * REFIT_PERCENT / 100);
      response = complete(wanted, limit, context);
    }
    switch (response.finish()) {
      case CONTEXT_FULL ->
          throw ChatRole.contextFull(
              wanted.role, response.use().inputTokens(), model.contextWindow());
      case CANCELLED ->
          throw new RunStoppedException(StopReason.CANCELLED, "cancelled while a model wrote");
      case LENGTH ->
          context.repaired(wanted.role, "text cut at " + response.use().outputTokens() + " tokens");
      case STOP -> {}
    }
    return response;
  }

  private boolean isLongerThanCounted(TextModel.Response response, int limit) {
    return response.finish() == TextModel.Finish.CONTEXT_FULL
        && !format.isAsPublished()
        && response.use().inputTokens() > limit;
  }

  private TextModel.Response complete(Wanted wanted, int limit, RunContext context) {
    Role role = wanted.role;
    Prompt prompt = prompt(wanted, limit);
    context.asks(role, model.modelName(), prompt);
    TextModel.Response response =
        model.complete(
            TextModel.Request.builder(prompt)
                .constraint(
                    wanted.constraint == null
                        ? format.constraint(role, wanted.tools)
                        : wanted.constraint)
                .sources(sources(wanted))
                .nameBias(nameBias(wanted))
                .stops(format.stops())
                .maxTokens(
                    (int) Math.max(1, Math.min(format.maxTokens(role), context.tokensLeft())))
                .detail(context.detail(role))
                .affinity(new TextModel.Affinity(context.runId(), role))
                .onText(text -> context.wrote(role, text))
                .cancellation(context.cancellation())
                .build());
    context.used(role, response.use());
    response.tokens().stream()
        .map(TextModel.Token::logProbability)
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .average()
        .ifPresent(mean -> context.sure(role, mean));
    return response;
  }

  private Map<String, Double> nameBias(Wanted wanted) {
    return wanted.role == Role.PLANNER && !format.isAsPublished()
        ? ToolRelevance.of(wanted.trajectory.task(), wanted.tools)
        : Map.of();
  }

  /** What quoted values of a plan and of a call come from: all that was said and found. */
  private static List<String> sources(Wanted wanted) {
    if (wanted.role == Role.SUMMARIZER) {
      return List.of();
    }
    Trajectory trajectory = wanted.trajectory;
    List<String> sources = new ArrayList<>();
    for (Conversation.Exchange earlier : trajectory.conversation().exchanges()) {
      sources.add(earlier.task());
      addResults(earlier.steps(), sources);
      sources.add(earlier.answer());
    }
    sources.add(trajectory.task());
    addResults(trajectory.steps(), sources);
    if (wanted.plan != null) {
      sources.add(wanted.plan.rationale());
    }
    return sources;
  }

  private static void addResults(List<Step> steps, List<String> sources) {
    for (Step step : steps) {
      step.outcomes().forEach(outcome -> sources.add(outcome.observation().text()));
    }
  }

  private Prompt prompt(Wanted wanted, int limit) {
    if (format.isAsPublished()) {
      return format
          .prompt(wanted.role, wanted.trajectory, wanted.plan, wanted.tools)
          .last(limit, model::countTokens);
    }
    ContextFit.Sizes sizes = format.sizes(wanted.role, wanted.plan, model::countTokens);
    ContextFit.View view =
        new ContextFit(sizes, limit)
            .fit(wanted.trajectory, wanted.plan, wanted.tools)
            .orElseThrow(
                () ->
                    ChatRole.contextFull(
                        wanted.role,
                        sizes.base(Trajectory.start(wanted.trajectory.task()), List.of()),
                        model.contextWindow()));
    return format.prompt(wanted.role, view.trajectory(), wanted.plan, view.tools());
  }
}
