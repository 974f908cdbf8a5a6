package io.github.alphaumi.core.telemetry;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.TextModel;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one run. Whatever ends it, they end with it, the inner ones first.
 *
 * <p>Tools are named in what is counted only if they were on offer: names that models make up would
 * be a time series each.
 */
final class RunSpans {
  private final ObservationRegistry registry;
  private final boolean content;
  private final Current current;
  private final String agent;
  private final Observation run;
  private final Map<Role, Chat> chats = new EnumMap<>(Role.class);
  private final Set<String> tools = new HashSet<>();
  private @Nullable Observation plan;

  /** By the number of their call in its step: some run side by side. */
  private final Map<Integer, Observation> running = new TreeMap<>();

  private int repairedCalls;
  private int backtracks;
  private int nodes;

  /** A model call and what it wrote so far. */
  private record Chat(Observation observation, StringBuilder text) {}

  RunSpans(
      ObservationRegistry registry,
      boolean content,
      Current current,
      RunEvent.Started started,
      @Nullable RunSpans outer) {
    this.registry = registry;
    this.content = content;
    this.current = current;
    agent = started.agent();
    int call = started.caller().map(RunEvent.Origin::call).orElse(0);
    Observation parent = outer == null ? registry.getCurrentObservation() : outer.innermost(call);
    run = created(Names.INVOKE_AGENT, "invoke_agent", agent, parent);
    run.lowCardinalityKeyValue(Names.AGENT, agent);
    run.highCardinalityKeyValue(Names.RUN, started.runId());
    said(run, Names.INPUT_MESSAGES, "user", started.task());
    start(run, parent);
  }

  private Observation created(
      String name, String operation, String subject, @Nullable Observation parent) {
    Observation observation =
        Observation.createNotStarted(name, registry)
            .contextualName(operation + " " + subject)
            .lowCardinalityKeyValue(Names.OPERATION, operation);
    return parent == null ? observation : observation.parentObservation(parent);
  }

  /** Tracers take for a parent what is current, before what they are told. */
  private static Observation start(Observation observation, @Nullable Observation parent) {
    if (parent == null) {
      return observation.start();
    }
    Observation.Scope scope = parent.openScope();
    try {
      return observation.start();
    } finally {
      scope.close();
    }
  }

  private void said(Observation observation, String key, String role, String text) {
    if (content && !text.isEmpty()) {
      observation.highCardinalityKeyValue(
          key,
          PythonJson.write(
              List.of(
                  Map.of(
                      "role", role, "parts", List.of(Map.of("type", "text", "content", text))))));
    }
  }

  /**
   * What work of this run is part of at this moment.
   *
   * @param call which call of the step the work is done for, if it is for one
   */
  synchronized Observation innermost(int call) {
    Observation tool = running.get(call);
    return tool != null ? tool : plan != null ? plan : run;
  }

  private Observation of(Role role) {
    return role == Role.PLANNER && plan != null ? plan : run;
  }

  synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.Offered offered) {
      offered.tools().stream().map(ToolSpecification::name).forEach(tools::add);
    } else if (event instanceof RunEvent.Expanded expanded) {
      expanded(expanded);
    } else if (event instanceof RunEvent.Prompted prompted) {
      prompted(prompted);
    } else if (event instanceof RunEvent.Text text) {
      Chat chat = content ? chats.get(text.role()) : null;
      if (chat != null) {
        chat.text.append(text.text());
      }
    } else if (event instanceof RunEvent.ModelCalled called) {
      modelCalled(called);
    } else if (event instanceof RunEvent.Repaired repaired) {
      repairedCalls += repaired.role() == Role.CALLER ? 1 : 0;
      of(repaired.role()).event(Observation.Event.of("alpha_umi.repaired"));
    } else if (event instanceof RunEvent.Planned planned) {
      planned(planned);
    } else if (event instanceof RunEvent.Called called) {
      called(called);
    } else if (event instanceof RunEvent.Observed observed) {
      observed(observed);
    } else if (event instanceof RunEvent.Backtracked) {
      backtracks++;
      run.event(Observation.Event.of("alpha_umi.backtracked"));
    } else if (event instanceof RunEvent.Stopped stopped) {
      stopped(stopped.result());
    }
  }

  private Observation at(RunEvent event, Observation observation) {
    return observation
        .highCardinalityKeyValue(Names.RUN, event.runId())
        .highCardinalityKeyValue(Names.NODE, String.valueOf(event.node()))
        .highCardinalityKeyValue(Names.STEP, String.valueOf(event.step()));
  }

  private void expanded(RunEvent.Expanded expanded) {
    nodes++;
    endPlan(Names.OTHER);
    Observation begun =
        at(expanded, created(Names.PLAN, "plan", agent, run))
            .lowCardinalityKeyValue(Names.AGENT, agent)
            .lowCardinalityKeyValue(Names.DECISION, Names.OTHER)
            .highCardinalityKeyValue(Names.PARENT, String.valueOf(expanded.parent()))
            .highCardinalityKeyValue(Names.DEPTH, String.valueOf(expanded.step()));
    plan = start(begun, run);
  }

  private void planned(RunEvent.Planned planned) {
    endChat(Role.PLANNER, Names.OTHER);
    Decision decision = planned.decision();
    if (plan != null) {
      plan.lowCardinalityKeyValue(
          Names.DECISION,
          decision instanceof Decision.Call
              ? "call"
              : decision instanceof Decision.Conclude ? "conclude" : "give_up");
      said(plan, Names.OUTPUT_MESSAGES, "assistant", decision.rationale());
      plan.stop();
      plan = null;
    }
  }

  private void prompted(RunEvent.Prompted prompted) {
    Role role = prompted.role();
    endChat(role, Names.OTHER);
    String model = prompted.model().name();
    String provider = prompted.model().provider();
    Observation chat =
        at(prompted, created(Names.CHAT, "chat", model.isEmpty() ? Names.OTHER : model, of(role)))
            .lowCardinalityKeyValue(Names.MODEL, model.isEmpty() ? Names.OTHER : model)
            .lowCardinalityKeyValue(Names.PROVIDER, provider.isEmpty() ? Names.OTHER : provider)
            .lowCardinalityKeyValue(Names.ROLE, lower(role));
    if (content) {
      said(chat, Names.INPUT_MESSAGES, "user", prompted.prompt().text());
    }
    chats.put(role, new Chat(start(chat, of(role)), new StringBuilder()));
    current.enter(chat);
  }

  /** Of a role that does not tell when it asks, there is a span without length. */
  private void modelCalled(RunEvent.ModelCalled called) {
    Chat chat = chats.get(called.role());
    if (chat == null) {
      prompted(
          new RunEvent.Prompted(
              called.origin(), called.role(), TextModel.Name.unknown(), Prompt.of("")));
      chat = chats.get(called.role());
    }
    ModelUse use = called.use();
    Observation observation = chat.observation;
    observation
        .highCardinalityKeyValue(Names.INPUT_TOKENS, String.valueOf(use.inputTokens()))
        .highCardinalityKeyValue(Names.CACHED_TOKENS, String.valueOf(use.cachedTokens()))
        .highCardinalityKeyValue(Names.OUTPUT_TOKENS, String.valueOf(use.outputTokens()));
    if (!use.prefill().isZero()) {
      observation.highCardinalityKeyValue(
          Names.FIRST_CHUNK, String.valueOf(use.prefill().toNanos() / 1e9));
    }
    endChat(called.role(), null);
  }

  private void called(RunEvent.Called called) {
    int call = called.origin().call();
    endTool(call, Names.OTHER);
    String name = called.call().name();
    String known = tools.contains(name) ? name : Names.OTHER;
    Observation begun =
        at(called, created(Names.EXECUTE_TOOL, "execute_tool", known, run))
            .lowCardinalityKeyValue(Names.TOOL, known)
            .lowCardinalityKeyValue(Names.STATUS, Names.OTHER)
            .highCardinalityKeyValue(Names.TOOL_CALL_ID, id(called.origin()));
    if (content) {
      begun.highCardinalityKeyValue(Names.TOOL_ARGUMENTS, called.call().argumentsJson());
    }
    running.put(call, start(begun, run));
  }

  private static String id(RunEvent.Origin origin) {
    String call = origin.call() == 0 ? "" : "." + (origin.call() + 1);
    return origin.runId() + "/" + origin.node() + call;
  }

  private void observed(RunEvent.Observed observed) {
    endChat(Role.CALLER, Names.OTHER);
    io.github.alphaumi.core.Observation observation = observed.observation();
    int call = observed.origin().call();
    Observation tool = running.get(call);
    if (tool != null) {
      tool.lowCardinalityKeyValue(Names.STATUS, lower(observation.status()));
      if (content) {
        tool.highCardinalityKeyValue(Names.TOOL_RESULT, observation.text());
      }
      endTool(call, observation.isError() ? lower(observation.status()) : null);
    }
  }

  private void stopped(AgentResult result) {
    String reason = lower(result.stopReason());
    boolean failed =
        result.stopReason() == StopReason.MODEL_FAILED
            || result.stopReason() == StopReason.TOOLS_FAILED;
    String error =
        result
            .failure()
            .map(thrown -> thrown.getCause() == null ? thrown : thrown.getCause())
            .map(thrown -> thrown.getClass().getName())
            .orElse(reason);
    for (Role role : Role.values()) {
      endChat(role, error);
    }
    List.copyOf(running.keySet()).forEach(call -> endTool(call, error));
    endPlan(error);
    AgentResult.Usage usage = result.usage();
    run.lowCardinalityKeyValue(Names.STOP_REASON, reason)
        .highCardinalityKeyValue(Names.INPUT_TOKENS, String.valueOf(usage.inputTokens()))
        .highCardinalityKeyValue(Names.CACHED_TOKENS, String.valueOf(usage.cachedTokens()))
        .highCardinalityKeyValue(Names.OUTPUT_TOKENS, String.valueOf(usage.outputTokens()))
        .highCardinalityKeyValue(Names.MODEL_CALLS, String.valueOf(usage.modelCalls()))
        .highCardinalityKeyValue(Names.TOOL_CALLS, String.valueOf(usage.toolCalls()))
        .highCardinalityKeyValue(Names.COST, String.valueOf(usage.cost()))
        .highCardinalityKeyValue(Names.REPAIRS, String.valueOf(usage.repairs()))
        .highCardinalityKeyValue(Names.REPAIRED_CALLS, String.valueOf(repairedCalls))
        .highCardinalityKeyValue(Names.BACKTRACKS, String.valueOf(backtracks))
        .highCardinalityKeyValue(Names.NODES, String.valueOf(nodes));
    said(run, Names.OUTPUT_MESSAGES, "assistant", result.answer().orElse(""));
    end(run, failed ? error : null);
  }

  private void endChat(Role role, @Nullable String error) {
    Chat chat = chats.remove(role);
    if (chat != null) {
      said(chat.observation, Names.OUTPUT_MESSAGES, "assistant", chat.text.toString());
      current.leave(chat.observation);
      end(chat.observation, error);
    }
  }

  private void endPlan(String error) {
    if (plan != null) {
      end(plan, error);
      plan = null;
    }
  }

  private void endTool(int call, @Nullable String error) {
    Observation tool = running.remove(call);
    if (tool != null) {
      end(tool, error);
    }
  }

  private static void end(Observation observation, @Nullable String error) {
    if (error != null) {
      observation.highCardinalityKeyValue(Names.ERROR_TYPE, error);
      observation.error(new FailedOperation(error));
    }
    observation.stop();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
