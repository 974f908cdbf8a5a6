package io.github.alphaumi.core.telemetry;

import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunListener;
import io.micrometer.observation.ObservationRegistry;
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
 *         .roles(Roles.prompted(chatModel))
 *         .tools(toolbox)
 *         .listener(telemetry)
 *         .build();
 * }</pre>
 *
 * <p>What an HTTP client or a tool observes while it works for a run is part of the run's
 * observations, and a run is part of what was current where it was started. What was said is left
 * out unless asked for by {@link #withContent}; messages of exceptions, which quote it, too.
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

  @Override
  public <T> T during(RunContext context, Supplier<T> work) {
    RunSpans run = runs.get(context.runId());
    return run == null ? work.get() : current.during(run.innermost(context.call()), work);
  }
}
