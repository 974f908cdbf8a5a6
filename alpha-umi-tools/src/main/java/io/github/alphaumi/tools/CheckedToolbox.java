package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A toolbox that mends, checks, asks, runs and reports one call at a time. Thread-safe.
 *
 * <p>Attempts are repeated by a loop of its own and not by a library's, because they have to end
 * with the run and to be tested on a clock that the test moves.
 */
final class CheckedToolbox implements Toolbox {
  private static final Logger LOG = LoggerFactory.getLogger(CheckedToolbox.class);

  private final Map<String, Guarded> tools = new LinkedHashMap<>();
  private final List<ToolSpecification> specifications;
  private final Waiting waiting;
  private final ToolWorker worker;

  /** A tool and what its calls have in common. */
  private record Guarded(CheckedTool tool, Gate gate, ResultCache results) {}

  /** A call that may be made. */
  private record Ready(
      CheckedTool tool, ObjectNode arguments, ToolCode.Work work, RunContext context) {

    Set<String> secrets() {
      return tool.redaction().secrets(arguments);
    }
  }

  /**
   * @throws AlphaUmiException if a policy repeats calls that must not be repeated
   */
  CheckedToolbox(List<CheckedTool> tools, Executor executor, LongSupplier ticker) {
    Problems problems = new Problems();
    for (CheckedTool tool : tools) {
      policyProblems(tool, problems);
      ToolPolicy policy = tool.policy();
      this.tools.put(
          tool.name(),
          new Guarded(tool, new Gate(policy, ticker), new ResultCache(policy.cacheTime(), ticker)));
    }
    problems.throwIfAny();
    specifications = tools.stream().map(CheckedTool::specification).toList();
    waiting = new Waiting(ticker);
    worker = new ToolWorker(executor, waiting);
  }

  private static void policyProblems(CheckedTool tool, Problems problems) {
    ToolPolicy policy = tool.policy();
    String name = "tool '" + tool.name() + "': ";
    if (policy.attempts() > 1 && !policy.effect().repeatable()) {
      problems.add(
          name
              + policy.attempts()
              + " attempts would repeat an effect; set effect READ_ONLY or IDEMPOTENT if that does"
              + " no harm");
    }
    if (!policy.cacheTime().isZero() && policy.effect() != Effect.READ_ONLY) {
      problems.add(name + "a cache would leave out an effect; set effect READ_ONLY if it has none");
    }
    if (!policy.cacheTime().isZero() && tool.code().readsContext()) {
      problems.add(
          name + "its result may depend on its ToolContext, which a cache does not look at");
    }
    for (String member : tool.redaction().unknown()) {
      problems.add(
          name
              + "the argument "
              + member
              + " is to be redacted and does not exist; there are "
              + tool.redaction().declared(true));
    }
  }

  @Override
  public List<ToolSpecification> specifications() {
    return specifications;
  }

  @Override
  public List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, RunContext context) {
    Set<String> visible = visible(context);
    return visible.size() == tools.size()
        ? offered
        : offered.stream().filter(tool -> visible.contains(tool.name())).toList();
  }

  private Set<String> visible(RunContext context) {
    Set<String> names = new LinkedHashSet<>();
    tools.forEach(
        (name, guarded) -> {
          if (guarded.tool().policy().isVisibleTo(context.attributes())) {
            names.add(name);
          }
        });
    return names;
  }

  @Override
  public Effect effect(String tool) {
    Guarded guarded = tools.get(tool);
    return guarded == null ? Effect.EFFECTFUL : guarded.tool().policy().effect();
  }

  @Override
  public boolean redacts() {
    return tools.values().stream().anyMatch(guarded -> !guarded.tool().redaction().isEmpty());
  }

  @Override
  public ToolCall redacted(ToolCall call) {
    Guarded guarded = tools.get(call.name());
    if (guarded != null) {
      return new ToolCall(call.name(), guarded.tool().redaction().readable(call.arguments()));
    }
    return redacts()
        ? new ToolCall(call.name(), ArgumentRedaction.nothing(call.arguments()))
        : call;
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    Guarded guarded = tools.get(call.name());
    if (guarded == null || !guarded.tool().policy().isVisibleTo(context.attributes())) {
      return ToolNames.unknown(call.name(), visible(context));
    }
    CheckedTool tool = guarded.tool();
    Optional<ObjectNode> given = ArgumentValues.tree(call.arguments());
    if (given.isEmpty()) {
      return invalid(tool, List.of(ToolTexts.tooDeep()), ToolJson.ARGUMENTS.createObjectNode());
    }
    int length = ArgumentValues.length(given.get());
    if (length > tool.policy().maxArgumentChars()) {
      String problem = ToolTexts.tooLong(length, tool.policy().maxArgumentChars());
      return invalid(tool, List.of(problem), ToolJson.ARGUMENTS.createObjectNode());
    }
    ArgumentCoercion coercion = new ArgumentCoercion(tool.schema());
    ObjectNode arguments = coercion.coerce(given.get());
    tool.code().addDefaults(arguments);
    List<String> problems = tool.check().problems(arguments, tool.redaction()::hides);
    if (!problems.isEmpty()) {
      return invalid(tool, problems, arguments);
    }
    ToolCode.Work work;
    try {
      work = tool.code().prepare(arguments, new CallContext(context));
    } catch (UnreadableArgumentException e) {
      Set<String> secrets = tool.redaction().secrets(arguments);
      LOG.debug(
          "{}: argument {} fits the schema but not its type",
          tool.name(),
          e.argument(),
          Redaction.hide(e, secrets));
      String told = e.reason(tool.policy().exposeErrors());
      String reason = told == null ? null : Redaction.hide(told, secrets);
      return invalid(tool, List.of(ToolTexts.refusedByType(e.argument(), reason)), arguments);
    }
    if (!coercion.repairs().isEmpty()) {
      context.repaired(Role.CALLER, tool.name() + ": " + String.join(", ", coercion.repairs()));
    }
    return approvedOrRefused(guarded, new Ready(tool, arguments, work, context));
  }

  private static Observation invalid(
      CheckedTool tool, List<String> problems, ObjectNode arguments) {
    Map<String, @Nullable Object> given = ArgumentValues.values(arguments);
    Map<String, @Nullable Object> readable = tool.redaction().readable(given);
    ObjectNode quoted = arguments.deepCopy();
    given.forEach(
        (name, value) -> {
          if (!Objects.equals(value, readable.get(name))) {
            quoted.remove(name);
          }
        });
    ObjectNode example = new ExampleCall(tool.schema(), tool.check()).arguments(quoted);
    ObjectNode error =
        ToolTexts.error(ToolTexts.invalid(tool.name(), problems), tool.name(), example);
    return observation(tool, Status.INVALID, error);
  }

  private Observation approvedOrRefused(Guarded guarded, Ready call) {
    if (call.tool().policy().approval()) {
      ToolCall shown = new ToolCall(call.tool().name(), ArgumentValues.values(call.arguments()));
      Approver.Answer answer = call.context().approve(shown);
      if (!answer.approved()) {
        return Observation.error(Status.REFUSED, ToolTexts.refused(answer.reason()));
      }
    }
    Optional<Observation> known = guarded.results().find(call.arguments());
    if (known.isPresent()) {
      return known.get();
    }
    Observation observation = attempts(guarded.gate(), call);
    guarded.results().keep(call.arguments(), observation);
    return observation;
  }

  private Observation attempts(Gate gate, Ready call) {
    ToolPolicy policy = call.tool().policy();
    Duration pause = policy.backoff();
    for (int attempt = 1; ; attempt++) {
      Attempt made = attempt(gate, call);
      if (!made.mayBeRepeated() || attempt >= policy.attempts()) {
        return made.observation();
      }
      LOG.info("{}: attempt {} failed, another one follows", call.tool().name(), attempt);
      if (waiting.until(() -> false, pause, call.context()) || ended(call.context())) {
        return made.observation();
      }
      pause = pause.multipliedBy(2);
    }
  }

  private static boolean ended(RunContext context) {
    Duration left = context.timeLeft();
    return context.cancellation().isCancelled()
        || Thread.currentThread().isInterrupted()
        || left.isNegative()
        || left.isZero();
  }

  /** What one start gave, and whether another one may give more. */
  private record Attempt(Observation observation, boolean mayBeRepeated) {}

  private static Attempt end(Status status, String text) {
    return new Attempt(Observation.error(status, text), false);
  }

  private Attempt attempt(Gate gate, Ready call) {
    if (ended(call.context())) {
      return end(Status.REFUSED, ToolTexts.endedBefore());
    }
    Duration left = call.context().timeLeft();
    Duration own = call.tool().policy().timeout();
    Duration limit = own.compareTo(left) < 0 ? own : left;
    if (!waiting.until(gate::tryEnter, limit, call.context())) {
      return end(
          Status.REFUSED, ended(call.context()) ? ToolTexts.endedBefore() : ToolTexts.busy());
    }
    ToolWorker.Outcome<Attempt> outcome =
        worker.run(() -> observe(call, gate), limit, call.context());
    if (outcome.value() != null) {
      return outcome.value();
    }
    if (outcome.end() == ToolWorker.End.NOT_STARTED) {
      gate.leave();
    }
    return switch (outcome.end()) {
      case LATE -> {
        LOG.warn("{}: no result within {}, interrupted", call.tool().name(), limit);
        yield new Attempt(Observation.error(Status.TIMED_OUT, ToolTexts.timedOut(limit)), true);
      }
      case CANCELLED -> end(Status.TIMED_OUT, ToolTexts.cancelled());
      case NOT_STARTED -> {
        if (ended(call.context())) {
          yield end(Status.REFUSED, ToolTexts.endedBefore());
        }
        LOG.warn("{}: not started, no thread was free", call.tool().name(), outcome.failure());
        yield end(Status.REFUSED, ToolTexts.busy());
      }
      default -> failed(call, outcome.failure());
    };
  }

  /** Runs on the tool's thread, and so does the writing of its result, which may take as long. */
  private static Attempt observe(Ready call, Gate gate) {
    CheckedTool tool = call.tool();
    try {
      Object result;
      try {
        result = call.work().run();
      } catch (Throwable e) {
        return failed(call, e);
      }
      try {
        ObjectNode object = ResultText.object(result);
        Redaction.apply(object, tool.policy().redacted());
        Redaction.hide(object, call.secrets());
        String text = ResultText.limited(object, tool.policy().maxResultChars());
        return new Attempt(Observation.ok(text), false);
      } catch (RuntimeException | StackOverflowError e) {
        // An overflow's trace is a thousand lines of one line.
        Throwable cause = Redaction.hide(e, call.secrets());
        LOG.warn(
            "{}: its result cannot be written as JSON: {}",
            tool.name(),
            cause.toString(),
            e instanceof RuntimeException ? cause : null);
        return end(Status.FAILED, ToolTexts.unreadableResult());
      }
    } finally {
      gate.leave();
    }
  }

  private static Attempt failed(Ready call, @Nullable Throwable failure) {
    CheckedTool tool = call.tool();
    Set<String> secrets = call.secrets();
    Throwable logged = failure == null ? null : Redaction.hide(failure, secrets);
    if (failure instanceof ToolException told) {
      LOG.debug("{} told the model why it failed", tool.name(), logged);
      String message = Redaction.hide(String.valueOf(told.getMessage()), secrets);
      ObjectNode error = ToolTexts.error(message);
      return new Attempt(observation(tool, Status.FAILED, error), false);
    }
    LOG.warn("{} failed", tool.name(), logged);
    boolean exposed = tool.policy().exposeErrors() && failure != null;
    String message = exposed ? failure.getMessage() : null;
    String why = message == null ? null : Redaction.hide(message, secrets);
    ObjectNode error = ToolTexts.error(ToolTexts.failed(why));
    return new Attempt(observation(tool, Status.FAILED, error), true);
  }

  private static Observation observation(CheckedTool tool, Status status, ObjectNode text) {
    return new Observation(status, ResultText.limited(text, tool.policy().maxResultChars()));
  }
}
