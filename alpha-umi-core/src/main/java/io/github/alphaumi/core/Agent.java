package io.github.alphaumi.core;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
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
  final String name;
  final Roles roles;
  final Toolbox tools;
  final Budget budget;
  final Approver approver;
  final List<RunListener> listeners;
  final LongSupplier ticker;
  final Search search;
  final Conversation conversation;
  final Map<String, String> attributes;
  final @Nullable Executor executor;
  final @Nullable SecretKey journalKey;
  private final @Nullable Journal journal;
  private final Supplier<String> runIds;

  private Agent(Builder builder) {
    name = builder.name == null ? "agent" : builder.name;
    roles = require(builder.roles, "roles", "Roles.prompted(model) or Roles.tuned(model, format)");
    tools = builder.tools == null ? Toolbox.empty() : builder.tools;
    budget = builder.budget == null ? Budget.defaults() : builder.budget;
    approver = builder.approver == null ? Approver.nobody() : builder.approver;
    ticker = builder.ticker == null ? System::nanoTime : builder.ticker;
    runIds = builder.runIds == null ? () -> UUID.randomUUID().toString() : builder.runIds;
    listeners = List.copyOf(builder.listeners);
    search = builder.search == null ? Search.chain() : builder.search;
    executor = builder.executor;
    journal = builder.journal;
    journalKey = builder.journalKey;
    conversation = Conversation.empty();
    attributes = Map.of();
  }

  private Agent(
      Agent agent, Conversation conversation, Roles roles, Map<String, String> attributes) {
    name = agent.name;
    this.roles = roles;
    tools = agent.tools;
    budget = agent.budget;
    approver = agent.approver;
    ticker = agent.ticker;
    runIds = agent.runIds;
    listeners = agent.listeners;
    search = agent.search;
    executor = agent.executor;
    journal = agent.journal;
    journalKey = agent.journalKey;
    this.conversation = conversation;
    this.attributes = attributes;
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
    return new Agent(this, conversation, roles, attributes);
  }

  /**
   * The same agent, for runs on somebody's behalf: a user, a tenant. Tools and their policies read
   * the attributes ({@link RunContext#attributes}), models never do, and a journal keeps them, so
   * that a resumed run has them again. Agents that a run asks have them too.
   *
   * <pre>{@code
   * agent.with(Map.of("tenant", "acme")).run("Where is my order A-4711?");
   * }</pre>
   */
  public Agent with(Map<String, String> attributes) {
    return new Agent(this, conversation, roles, Map.copyOf(attributes));
  }

  /**
   * This agent as the only tool of a toolbox: its argument is a task, its result the answer. What
   * it spends counts for the run that asks it, whose limits hold for both.
   *
   * <pre>{@code
   * Toolbox tools = Toolbox.of(orders, clerk.asTool("askClerk", "Ask the clerk about contracts"));
   * }</pre>
   */
  public Toolbox asTool(String name, String description) {
    return new AgentTool(this, name, description);
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
    return create(task, cancellation).run();
  }

  /**
   * Runs a task on the agent's executor.
   *
   * @throws IllegalArgumentException if the task is blank
   * @throws IllegalStateException if the agent has no executor
   */
  public RunHandle start(String task) {
    if (executor == null) {
      throw new IllegalStateException(
          "executor: not set; give the builder one to start runs on, with two threads for each run");
    }
    Cancellation cancellation = Cancellation.create();
    return new RunHandle(create(task, cancellation), cancellation, executor);
  }

  private Run create(String task, Cancellation cancellation) {
    if (task.isBlank()) {
      throw new IllegalArgumentException("task: it is empty; say what the agent should do");
    }
    String runId = runIds.get();
    return journal == null
        ? new Run(this, runId, task, cancellation)
        : new Run(this, runId, task, cancellation, Logbook.of(journal, runId, Logbook.Use.BEGIN));
  }

  /**
   * Goes on with a run of the journal, on this thread: one whose process ended, that was cancelled,
   * whose model failed, or that waits for a decision, in which case the approver is asked again.
   * What models and tools answered before is taken from the journal, listeners hear it again, and
   * the time and the tokens spent before count. Of a finished run the result is given again.
   *
   * <p>A call with an effect that was cut off is not made again. The planner is told that its
   * outcome is unknown, and {@link AgentResult#unknownOutcomes} has it.
   *
   * @throws IllegalStateException if the agent has no journal
   * @throws Journal.Failure if there is no such run, it is open elsewhere, or it was begun by an
   *     agent with other tools, roles or settings; the message says what to do
   */
  public AgentResult resume(String runId) {
    return resume(Logbook.of(journal(), runId, Logbook.Use.RESUME));
  }

  /**
   * Goes on with a run that waits for a decision on {@link #undecided its call}. Exactly that call
   * is made if it is approved; no model is asked for it again.
   *
   * @throws IllegalArgumentException if nothing has been decided
   * @throws IllegalStateException if the agent has no journal
   * @throws Journal.Failure as {@link #resume(String)}, or if the run does not wait for a decision
   */
  public AgentResult resume(String runId, Approver.Answer decision) {
    if (decision.verdict() == Approver.Verdict.PENDING) {
      throw new IllegalArgumentException(
          "decision: it is pending; resume the run when there is one: yes, no or edit");
    }
    return resume(new Logbook(journal(), runId, Logbook.Use.RESUME, Optional.of(decision)));
  }

  /** {@link #resume(String)} for a run that was begun by {@link #run(String, Class)}. */
  public <T> AgentResult.Typed<T> resume(String runId, Class<T> type) {
    AnswerType<T> answers = new AnswerType<>(type);
    return TypedAnswer.read(answering(answers).resume(runId), answers);
  }

  /**
   * {@link #resume(String, Approver.Answer)} for a run that was begun by {@link #run(String,
   * Class)}.
   */
  public <T> AgentResult.Typed<T> resume(String runId, Approver.Answer decision, Class<T> type) {
    AnswerType<T> answers = new AnswerType<>(type);
    return TypedAnswer.read(answering(answers).resume(runId, decision), answers);
  }

  /**
   * Goes through a run of the journal without asking any model, tool or person and without writing
   * anything, and ends where the journal ends. A test that replays a run notices when the loop does
   * something else than it did.
   *
   * @throws IllegalStateException if the agent has no journal
   * @throws Journal.Failure if there is no such run, or the loop does something else: the message
   *     names the first difference
   */
  public AgentResult replay(String runId) {
    return resume(Logbook.of(journal(), runId, Logbook.Use.REPLAY));
  }

  /**
   * The call that a run of the journal waits for a decision on, with the arguments that it will
   * have if it is approved; of redacted ones what may be read.
   *
   * @throws IllegalStateException if the agent has no journal
   * @throws Journal.Failure if there is no such run
   */
  public Optional<ToolCall> undecided(String runId) {
    return JournalReader.of(runId, journal().read(runId))
        .undecided()
        .map(JournalReader.Undecided::call);
  }

  private AgentResult resume(Logbook logbook) {
    JournalStart start =
        JournalReader.of(logbook.runId(), logbook.journal().read(logbook.runId())).start();
    return new Run(
            after(start.conversation()).with(start.attributes()),
            logbook.runId(),
            start.task(),
            Cancellation.create(),
            logbook)
        .run();
  }

  private Journal journal() {
    if (journal == null) {
      throw new IllegalStateException(
          "journal: not set; give the builder the one in which the run is");
    }
    return journal;
  }

  /**
   * Runs a task whose answer is to be a value: a record, an enum, a number, a text. The summarizer
   * is held to the type's JSON schema where its model can be, is told the form otherwise, and is
   * asked once more if the answer does not fit. What fits in the end is the result's value; a task
   * that fails or an answer that never fits has none, and no exception.
   *
   * @throws IllegalArgumentException if the task is blank or the type cannot be written as JSON
   */
  public <T> AgentResult.Typed<T> run(String task, Class<T> type) {
    return run(task, new AnswerType<T>(type));
  }

  /** As above, for types with parameters: {@code new TypeReference<List<Order>>() {}}. */
  public <T> AgentResult.Typed<T> run(String task, TypeReference<T> type) {
    return run(task, new AnswerType<T>(type.getType()));
  }

  private <T> AgentResult.Typed<T> run(String task, AnswerType<T> type) {
    return TypedAnswer.read(answering(type).run(task), type);
  }

  private Agent answering(AnswerType<?> type) {
    Roles typed = roles.withSummarizer(new TypedAnswer(roles.summarizer(), type));
    return new Agent(this, conversation, typed, attributes);
  }

  /** Sets each property at most once. Not thread-safe. */
  public static final class Builder {
    private final List<RunListener> listeners = new ArrayList<>();
    private @Nullable String name;
    private @Nullable Roles roles;
    private @Nullable Toolbox tools;
    private @Nullable Budget budget;
    private @Nullable Approver approver;
    private @Nullable LongSupplier ticker;
    private @Nullable Search search;
    private @Nullable Executor executor;
    private @Nullable Journal journal;
    private @Nullable SecretKey journalKey;
    private @Nullable Supplier<String> runIds;

    private Builder() {}

    /**
     * What those who watch runs see; {@code agent} by default.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public Builder name(String name) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("name: it is blank; leave it out or give one");
      }
      this.name = once(this.name, name, "name");
      return this;
    }

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

    /**
     * Where runs are written down as they happen, so that they can be {@link Agent#resume resumed};
     * nowhere by default. What agents do that a run asks is part of the call that asked them.
     */
    public Builder journal(Journal journal) {
      this.journal = once(this.journal, journal, "journal");
      return this;
    }

    /**
     * The AES key with which redacted arguments of calls are kept in the journal; by default they
     * are not kept. Without a key a call with redacted arguments that was cut off before it was
     * made is not made when the run is resumed, the planner is told so and may plan it again; and
     * such a call cannot wait for an approval that comes later, it is refused.
     */
    public Builder journalKey(SecretKey key) {
      journalKey = once(journalKey, key, "journalKey");
      return this;
    }

    /** Adds a listener; they hear events in the order in which they were added. */
    public Builder listener(RunListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * What time limits and measured times go by: nanoseconds since some fixed moment, which never
     * go back; {@link System#nanoTime} by default.
     */
    public Builder ticker(LongSupplier ticker) {
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
