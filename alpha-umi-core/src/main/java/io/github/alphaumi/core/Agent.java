package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An agent: three roles, tools and limits. Immutable and thread-safe; every run has its own state.
 *
 * <pre>{@code
 * Agent agent = Agent.builder().roles(Roles.prompted(chatModel)).tools(toolbox).build();
 * AgentResult result = agent.run("Where is my order A-4711?");
 * }</pre>
 */
public final class Agent {
  final Roles roles;
  final Toolbox tools;
  final Budget budget;
  final Approver approver;
  final List<RunListener> listeners;
  final Ticker ticker;
  final Search search;
  final Conversation conversation;
  final @Nullable Executor executor;
  private final Supplier<String> runIds;

  private Agent(Builder builder) {
    roles = require(builder.roles, "roles", "Roles.prompted(model) or Roles.tuned(model, format)");
    tools = builder.tools == null ? Toolbox.empty() : builder.tools;
    budget = builder.budget == null ? Budget.defaults() : builder.budget;
    approver = builder.approver == null ? Approver.nobody() : builder.approver;
    ticker = builder.ticker == null ? Ticker.system() : builder.ticker;
    runIds = builder.runIds == null ? () -> UUID.randomUUID().toString() : builder.runIds;
    listeners = List.copyOf(builder.listeners);
    search = builder.search == null ? Search.chain() : builder.search;
    executor = builder.executor;
    conversation = Conversation.empty();
  }

  private Agent(Agent agent, Conversation conversation) {
    roles = agent.roles;
    tools = agent.tools;
    budget = agent.budget;
    approver = agent.approver;
    ticker = agent.ticker;
    runIds = agent.runIds;
    listeners = agent.listeners;
    search = agent.search;
    executor = agent.executor;
    this.conversation = conversation;
  }

  private static <T> T require(@Nullable T value, String name, String remedy) {
    if (value == null) {
      throw new IllegalStateException(name + ": not set; set it to " + remedy);
    }
    return value;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * The same agent, for tasks that follow a conversation: its planner reads what was asked and
   * answered before.
   *
   * @see AgentResult#conversation
   */
  public Agent after(Conversation conversation) {
    return new Agent(this, conversation);
  }

  /** Runs a task on this thread until it ends for one of the {@link StopReason}s. */
  public AgentResult run(String task) {
    return run(task, Cancellation.create());
  }

  /**
   * Runs a task on this thread; the switch ends it from another one. Interrupting the thread ends
   * it too, and leaves the interrupt flag set.
   *
   * @throws IllegalArgumentException if the task is blank
   */
  public AgentResult run(String task, Cancellation cancellation) {
    if (task.isBlank()) {
      throw new IllegalArgumentException("task: it is empty; say what the agent should do");
    }
    return new Run(this, runIds.get(), task, cancellation).run();
  }

  /** Sets each property at most once. Not thread-safe. */
  public static final class Builder {
    private final List<RunListener> listeners = new ArrayList<>();
    private @Nullable Roles roles;
    private @Nullable Toolbox tools;
    private @Nullable Budget budget;
    private @Nullable Approver approver;
    private @Nullable Ticker ticker;
    private @Nullable Search search;
    private @Nullable Executor executor;
    private @Nullable Supplier<String> runIds;

    private Builder() {}

    /** Required. */
    public Builder roles(Roles roles) {
      this.roles = once(this.roles, roles, "roles");
      return this;
    }

    /** None by default. */
    public Builder tools(Toolbox tools) {
      this.tools = once(this.tools, tools, "tools");
      return this;
    }

    /** {@link Budget#defaults()} by default. */
    public Builder budget(Budget budget) {
      this.budget = once(this.budget, budget, "budget");
      return this;
    }

    /** {@link Approver#nobody()} by default. */
    public Builder approver(Approver approver) {
      this.approver = once(this.approver, approver, "approver");
      return this;
    }

    /** {@link Search#chain()} by default. */
    public Builder search(Search search) {
      this.search = once(this.search, search, "search");
      return this;
    }

    /**
     * Where models and tools are called, so that a run ends in time whatever a call does: one that
     * does not react to its interrupt is left behind. Without an executor calls are made on the
     * run's own thread, and a run ends when they return. One that runs a task on the calling thread
     * has no effect.
     */
    public Builder executor(Executor executor) {
      this.executor = once(this.executor, executor, "executor");
      return this;
    }

    /** Adds a listener; they hear events in the order in which they were added. */
    public Builder listener(RunListener listener) {
      listeners.add(listener);
      return this;
    }

    /** {@link Ticker#system()} by default. */
    public Builder ticker(Ticker ticker) {
      this.ticker = once(this.ticker, ticker, "ticker");
      return this;
    }

    /** Random UUIDs by default. */
    public Builder runIds(Supplier<String> runIds) {
      this.runIds = once(this.runIds, runIds, "runIds");
      return this;
    }

    private static <T> T once(@Nullable T before, T value, String name) {
      if (before != null) {
        throw new IllegalStateException(name + ": set twice");
      }
      return value;
    }

    /**
     * @throws IllegalStateException if roles are missing
     */
    public Agent build() {
      return new Agent(this);
    }
  }
}
