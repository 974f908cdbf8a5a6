package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A small world for runs that are cut off: roles that depend on nothing but the trajectory, so that
 * they plan in any process as they did in the one before, and tools that keep what was done.
 *
 * <p>The plan of a chain: look up, refund, label, then conclude.
 */
final class Shop implements Toolbox {
  static final ToolCall LOOK = new ToolCall("look", Map.of("order", "A-1"));
  static final ToolCall REFUND = new ToolCall("refund", Map.of("order", "A-1", "amount", 20));
  static final ToolCall LABEL = new ToolCall("label", Map.of("order", "A-1"));
  static final List<ToolCall> PLAN = List.of(LOOK, REFUND, LABEL);
  private static final ModelUse USE =
      new ModelUse(10, 4, 3, Duration.ofMillis(2), Duration.ofMillis(5));

  /** What was done, in order. */
  final List<ToolCall> done = new ArrayList<>();

  final List<String> keys = new ArrayList<>();

  /** How often a role was asked. */
  int asked;

  boolean approval;
  BooleanSupplier modelFails = () -> false;
  private final List<String> names;

  Shop(String... names) {
    this.names = names.length == 0 ? List.of("look", "refund", "label") : List.of(names);
  }

  @Override
  public List<ToolSpecification> specifications() {
    return names.stream()
        .map(
            name ->
                ToolSpecification.builder()
                    .name(name)
                    .description("Do " + name)
                    .parameters(JsonObjectSchema.builder().addStringProperty("order").build())
                    .build())
        .toList();
  }

  @Override
  public Effect effect(String tool) {
    return switch (tool) {
      case "look" -> Effect.READ_ONLY;
      case "label" -> Effect.IDEMPOTENT;
      default -> Effect.EFFECTFUL;
    };
  }

  /** Checks the amount, and writes it as a number where it is a text, as a real toolbox would. */
  @Override
  public Observation execute(ToolCall call, RunContext context) {
    ToolCall checked = call;
    if (call.name().equals("refund")) {
      String amount = String.valueOf(call.arguments().get("amount"));
      if (!amount.matches("[0-9]+")) {
        return Observation.error(Observation.Status.INVALID, "amount is no number: " + amount);
      }
      checked = new ToolCall("refund", Map.of("order", "A-1", "amount", Integer.parseInt(amount)));
    }
    if (approval && call.name().equals("refund")) {
      Approver.Answer answer = context.approve(checked);
      if (!answer.approved()) {
        return Observation.error(Observation.Status.REFUSED, "refused: " + answer.reason());
      }
    }
    done.add(checked);
    keys.add(checked.name() + " " + context.idempotencyKey());
    return Observation.ok("{\"" + call.name() + "\": \"done\"}");
  }

  private <T> T paid(Role role, RunContext context, T value) {
    asked++;
    context.used(role, USE);
    context.sure(role, -Math.floorMod(value.toString().hashCode(), 7));
    if (modelFails.getAsBoolean()) {
      throw new IllegalStateException("the model is gone");
    }
    return value;
  }

  Roles chain() {
    return new Roles(
        (trajectory, tools, context) ->
            paid(
                Role.PLANNER,
                context,
                trajectory.steps().size() < PLAN.size()
                    ? new Decision.Call("step " + trajectory.steps().size())
                    : new Decision.Conclude("all done")),
        (trajectory, plan, tools, context) -> {
          context.repaired(Role.CALLER, "quotes");
          return paid(Role.CALLER, context, PLAN.get(trajectory.steps().size()));
        },
        (trajectory, plan, tools, context) ->
            paid(Role.SUMMARIZER, context, "Answer: " + trajectory.steps()));
  }

  /** Gives up on the first two branches and answers on the third. */
  Roles tree() {
    Roles chain = chain();
    return chain
        .withPlanner(
            (trajectory, tools, context) -> {
              int steps = trajectory.steps().size();
              int tried = trajectory.tried(steps).size();
              Decision decision =
                  steps == 0
                      ? new Decision.Call("branch " + tried)
                      : steps == 1 && tried == 0
                          ? new Decision.Call("deeper")
                          : trajectory.steps().get(0).plan().rationale().equals("branch 2")
                              ? new Decision.Conclude("that is it")
                              : new Decision.GiveUp("not here");
              return paid(Role.PLANNER, context, decision);
            })
        .withCaller(
            (trajectory, plan, tools, context) ->
                paid(
                    Role.CALLER,
                    context,
                    plan.rationale().equals("deeper")
                        ? REFUND
                        : new ToolCall("look", Map.of("order", plan.rationale()))));
  }

  Agent.Builder agent(Journal journal) {
    return Agent.builder().roles(chain()).tools(this).journal(journal).runIds(() -> "r");
  }
}
