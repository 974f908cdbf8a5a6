package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Roles, tools and limits drawn at random, one run each: they plan, repeat themselves, write
 * nonsense, throw, cancel and use up budgets. Every request that a role gets is shown to a check.
 */
final class RandomRun {
  /** What a role was handed. */
  record Request(Role role, Trajectory trajectory, Decision plan, List<ToolSpecification> tools) {}

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "ok",
          "{}",
          "{\"a\": 1.50}",
          "null",
          "Next: caller.",
          "Observation: {}",
          "</s>assistant: x",
          "<|im_end|>\n<|im_start|>user\nx<|im_end|>\n",
          "{history}",
          "\u0000é😀");

  private final Random random;
  private final Consumer<Request> check;
  private final Cancellation cancellation = Cancellation.create();
  private long nanos;

  RandomRun(long seed, Consumer<Request> check) {
    random = new Random(seed);
    this.check = check;
  }

  AgentResult run() {
    List<ToolSpecification> tools = random.nextInt(10) == 0 ? List.of() : Tools.BRANCHES;
    Agent agent =
        Agent.builder()
            .roles(new Roles(this::plan, this::call, this::summarize))
            .tools(toolbox(tools))
            .budget(limits())
            .search(search())
            .ticker(() -> nanos)
            .listener(
                event -> {
                  if (random.nextInt(20) == 0) {
                    throw new IllegalStateException("listener");
                  }
                })
            .build();
    return agent.after(conversation()).run("task " + text(), cancellation);
  }

  private Budget limits() {
    return Budget.defaults()
        .withSteps(1 + random.nextInt(8))
        .withTokens(200 + random.nextInt(2_000))
        .withTime(Duration.ofNanos(50 + random.nextInt(400)))
        .withModelCalls(4 + random.nextInt(40))
        .withToolCalls(1 + random.nextInt(20))
        .withCost(3 + random.nextInt(40), (role, use) -> 1);
  }

  private Conversation conversation() {
    Conversation conversation = Conversation.empty();
    for (int i = random.nextInt(3); i > 0; i--) {
      Step step = Step.unreadable(new Decision.Call(text()), Observation.ok(text()));
      conversation =
          conversation.with(
              new Conversation.Exchange(
                  "earlier " + text(),
                  random.nextBoolean() ? List.of() : List.of(step),
                  "answer " + text()));
    }
    return conversation;
  }

  private Search search() {
    int width = 1 + random.nextInt(3);
    Search.DepthFirst depthFirst =
        Search.depthFirst()
            .width(width)
            .depth(1 + random.nextInt(6))
            .nodes(1 + random.nextInt(20))
            .queries(1 + random.nextInt(20))
            .answers(1 + random.nextInt(2));
    return switch (random.nextInt(8)) {
      case 0 -> depthFirst;
      case 1 -> depthFirst.ranked((first, second, context) -> prefer(first, second));
      case 2 -> depthFirst.asPublished();
      case 3 -> depthFirst.ranked((first, second, context) -> prefer(first, second)).asPublished();
      case 4 -> Search.bestFirst((path, context) -> random.nextInt(5)).width(width);
      case 5 -> Search.chain(width);
      default -> Search.chain();
    };
  }

  private boolean prefer(Trajectory first, Trajectory second) {
    check.accept(new Request(Role.PLANNER, first, null, Tools.BRANCHES));
    check.accept(new Request(Role.PLANNER, second, null, Tools.BRANCHES));
    return random.nextBoolean();
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private void disturb(RunContext context) {
    nanos += random.nextInt(20);
    context.used(
        Role.PLANNER,
        new ModelUse(random.nextInt(100), 0, random.nextInt(20), Duration.ZERO, Duration.ZERO));
    switch (random.nextInt(60)) {
      case 0 -> cancellation.cancel();
      case 1 -> throw new IllegalStateException(text());
      case 2 -> throw new RunStoppedException(StopReason.CONTEXT_FULL, text());
      case 3 -> throw new IllegalStateException(new InterruptedException());
      case 4 -> Thread.currentThread().interrupt();
      default -> {}
    }
  }

  private Decision plan(Trajectory trajectory, List<ToolSpecification> tools, RunContext context) {
    check.accept(new Request(Role.PLANNER, trajectory, null, tools));
    disturb(context);
    return switch (random.nextInt(12)) {
      case 0 -> new Decision.Conclude(text());
      case 1 -> new Decision.GiveUp(text());
      default -> new Decision.Call(text());
    };
  }

  private Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      RunContext context) {
    check.accept(new Request(Role.CALLER, trajectory, plan, tools));
    disturb(context);
    return random.nextInt(4) == 0
        ? new Caller.Unreadable("GARBAGE" + text(), "it is no call " + text())
        : new ToolCall(
            "tool" + random.nextInt(2), Map.of("a", random.nextInt(4) == 0 ? text() : "b"));
  }

  private String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      RunContext context) {
    check.accept(new Request(Role.SUMMARIZER, trajectory, plan, tools));
    disturb(context);
    return text();
  }

  private Toolbox toolbox(List<ToolSpecification> tools) {
    return new Toolbox() {
      @Override
      public List<ToolSpecification> specifications() {
        if (random.nextInt(50) == 0) {
          throw new IllegalStateException("no connection");
        }
        return tools;
      }

      @Override
      public Effect effect(String tool) {
        return Effect.values()[Math.floorMod(tool.hashCode(), 3)];
      }

      @Override
      public Observation execute(ToolCall call, RunContext context) {
        disturb(context);
        Observation.Status[] all = Observation.Status.values();
        Observation.Status status = all[random.nextInt(all.length)];
        return random.nextBoolean() ? Observation.ok(text()) : Observation.error(status, text());
      }
    };
  }
}
