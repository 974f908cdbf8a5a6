package io.github.alphaumi.core.telemetry;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunListener;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Observes runs: {@code invoke_agent} for a run, in it {@code plan} for each visit of the planner
 * with {@code chat} for its model calls, {@code chat} for those of other roles and {@code
 * execute_tool} for tools. Thread-safe; one for a whole application.
 *
 * <pre>{@code
 * RunObservations telemetry = RunObservations.of(observationRegistry);
 * Agent agent =
 *     Agent.builder()
 *         .name("clerk")
 *         .roles(telemetry.around(Roles.prompted(chatModel)))
 *         .tools(telemetry.around(toolbox))
 *         .listener(telemetry)
 *         .build();
 * }</pre>
 *
 * <p>As a listener alone it observes everything; around roles and tools it also makes its
 * observations current there, so that what an HTTP client or a tool observes is part of them. A run
 * is part of what was current where it was started. What was said is left out unless asked for by
 * {@link #withContent}; messages of exceptions, which quote it, too.
 */
public final class RunObservations implements RunListener {
  private final ObservationRegistry registry;
  private final boolean content;
  private final Map<String, RunSpans> runs = new ConcurrentHashMap<>();
  private final Current current = new Current();

  private RunObservations(ObservationRegistry registry, boolean content) {
    this.registry = registry;
    this.content = content;
  }

  /** Without tasks, prompts, arguments, results and answers. */
  public static RunObservations of(ObservationRegistry registry) {
    return new RunObservations(registry, false);
  }

  /** With all that was said, which may be large and may be personal. */
  public RunObservations withContent() {
    return new RunObservations(registry, true);
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.Started started) {
      RunSpans outer = started.caller().map(origin -> runs.get(origin.runId())).orElse(null);
      runs.put(event.runId(), new RunSpans(registry, content, current, started, outer));
      return;
    }
    RunSpans run = runs.get(event.runId());
    if (run != null) {
      run.on(event);
      if (event instanceof RunEvent.Stopped) {
        runs.remove(event.runId());
      }
    }
  }

  /** The same roles, with this observation of theirs current while they work. */
  public Roles around(Roles roles) {
    return new Roles(
        (trajectory, tools, context) ->
            during(context, Role.PLANNER, () -> roles.planner().plan(trajectory, tools, context)),
        (trajectory, plan, tools, context) ->
            during(
                context, Role.CALLER, () -> roles.caller().call(trajectory, plan, tools, context)),
        (trajectory, plan, tools, context) ->
            during(
                context,
                Role.SUMMARIZER,
                () -> roles.summarizer().summarize(trajectory, plan, tools, context)));
  }

  /** The same tools, with their observation current while they run. */
  public Toolbox around(Toolbox tools) {
    return new Toolbox() {
      @Override
      public List<ToolSpecification> specifications() {
        return tools.specifications();
      }

      @Override
      public Effect effect(String tool) {
        return tools.effect(tool);
      }

      @Override
      public Observation execute(ToolCall call, RunContext context) {
        RunSpans run = runs.get(context.runId());
        Supplier<Observation> work = () -> tools.execute(call, context);
        return run == null ? work.get() : current.during(run.tool(), work);
      }
    };
  }

  private <T> T during(RunContext context, Role role, Supplier<T> work) {
    RunSpans run = runs.get(context.runId());
    return run == null ? work.get() : current.during(run.of(role), work);
  }
}
