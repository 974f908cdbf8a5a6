package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A toolbox of methods: mends, checks, asks, runs and reports one call at a time. Thread-safe. */
final class CheckedToolbox implements Toolbox {
  private static final Logger LOG = LoggerFactory.getLogger(CheckedToolbox.class);
  private static final int NAMES_OFFERED = 3;

  private final Map<String, ToolMethod> tools = new LinkedHashMap<>();
  private final List<ToolSpecification> specifications;
  private final ToolWorker worker;

  CheckedToolbox(List<ToolMethod> tools, Executor executor) {
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
    specifications = tools.stream().map(ToolMethod::specification).toList();
    worker = new ToolWorker(executor);
  }

  @Override
  public List<ToolSpecification> specifications() {
    return specifications;
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    ToolMethod tool = tools.get(call.name());
    if (tool == null) {
      List<String> nearest = NearNames.nearest(call.name(), tools.keySet(), NAMES_OFFERED);
      return Observation.error(Status.INVALID, ToolTexts.unknownTool(call.name(), nearest));
    }
    Optional<ObjectNode> given = ArgumentValues.tree(call.arguments());
    if (given.isEmpty()) {
      return invalid(tool, List.of(ToolTexts.tooDeep()), ToolJson.ARGUMENTS.createObjectNode());
    }
    ArgumentCoercion coercion = new ArgumentCoercion(tool.schema());
    ObjectNode arguments = coercion.coerce(given.get());
    tool.addDefaults(arguments);
    List<String> problems = tool.check().problems(arguments);
    if (!problems.isEmpty()) {
      return invalid(tool, problems, arguments);
    }
    @Nullable Object[] values;
    try {
      values = tool.read(arguments, context);
    } catch (UnreadableArgumentException e) {
      LOG.debug("{}: argument {} fits the schema but not its type", tool.name(), e.argument(), e);
      String reason = e.reason(tool.policy().exposeErrors());
      return invalid(tool, List.of(ToolTexts.refusedByType(e.argument(), reason)), arguments);
    }
    if (!coercion.repairs().isEmpty()) {
      context.repaired(Role.CALLER, tool.name() + ": " + String.join(", ", coercion.repairs()));
    }
    return approvedOrRefused(tool, arguments, values, context);
  }

  private static Observation invalid(ToolMethod tool, List<String> problems, ObjectNode arguments) {
    ObjectNode example = new ExampleCall(tool.schema(), tool.check()).arguments(arguments);
    ObjectNode error =
        ToolTexts.error(ToolTexts.invalid(tool.name(), problems), tool.name(), example);
    return observation(tool, Status.INVALID, error);
  }

  private Observation approvedOrRefused(
      ToolMethod tool, ObjectNode arguments, @Nullable Object[] values, RunContext context) {
    if (tool.policy().approval()) {
      ToolCall call = new ToolCall(tool.name(), ArgumentValues.values(arguments));
      Approver.Answer answer = context.approve(call);
      if (!answer.approved()) {
        return Observation.error(Status.REFUSED, ToolTexts.refused(answer.reason()));
      }
    }
    Duration left = context.timeLeft();
    if (context.cancellation().isCancelled() || left.isNegative() || left.isZero()) {
      return Observation.error(Status.REFUSED, ToolTexts.endedBefore());
    }
    return run(tool, values, left, context);
  }

  private Observation run(
      ToolMethod tool, @Nullable Object[] values, Duration left, RunContext context) {
    Duration limit = tool.policy().timeout().compareTo(left) < 0 ? tool.policy().timeout() : left;
    ToolWorker.Outcome<Observation> outcome =
        worker.run(() -> observe(tool, values), limit, context);
    if (outcome.value() != null) {
      return outcome.value();
    }
    return switch (outcome.end()) {
      case LATE -> {
        LOG.warn("{}: no result within {}, interrupted", tool.name(), limit);
        yield Observation.error(Status.TIMED_OUT, ToolTexts.timedOut(limit));
      }
      case CANCELLED -> Observation.error(Status.TIMED_OUT, ToolTexts.cancelled());
      case NOT_STARTED -> {
        if (context.cancellation().isCancelled() || Thread.currentThread().isInterrupted()) {
          yield Observation.error(Status.REFUSED, ToolTexts.endedBefore());
        }
        LOG.warn("{}: not started, no thread was free", tool.name(), outcome.failure());
        yield Observation.error(Status.REFUSED, ToolTexts.busy());
      }
      default -> failed(tool, outcome.failure());
    };
  }

  /** Runs on the tool's thread, and so does the writing of its result, which may take as long. */
  private static Observation observe(ToolMethod tool, @Nullable Object[] values) {
    Object result;
    try {
      result = tool.invoke(values);
    } catch (Throwable e) {
      return failed(tool, e);
    }
    try {
      return Observation.ok(ResultText.of(result, tool.isVoid(), tool.policy().maxResultChars()));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.warn("{}: its result cannot be written as JSON: {}", tool.name(), e.getMessage(), e);
      return Observation.error(Status.FAILED, ToolTexts.unreadableResult());
    }
  }

  private static Observation failed(ToolMethod tool, @Nullable Throwable failure) {
    if (failure instanceof ToolException told) {
      LOG.debug("{} told the model why it failed", tool.name(), told);
      return observation(tool, Status.FAILED, ToolTexts.error(String.valueOf(told.getMessage())));
    }
    LOG.warn("{} failed", tool.name(), failure);
    boolean exposed = tool.policy().exposeErrors() && failure != null;
    String why = exposed ? failure.getMessage() : null;
    return observation(tool, Status.FAILED, ToolTexts.error(ToolTexts.failed(why)));
  }

  private static Observation observation(ToolMethod tool, Status status, ObjectNode text) {
    return new Observation(status, ResultText.limited(text, tool.policy().maxResultChars()));
  }
}
