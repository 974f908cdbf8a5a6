package io.github.alphaumi.core.telemetry;

import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunListener;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

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

  /**
   * Counts what the observations tell: tokens of each model call, the time to its first token,
   * model and tool calls of each run. Thread-safe.
   *
   * <pre>{@code
   * observationRegistry
   *     .observationConfig()
   *     .observationHandler(new DefaultMeterObservationHandler(meterRegistry))
   *     .observationHandler(new RunObservations.Meters(meterRegistry));
   * }</pre>
   *
   * <p>Durations are Micrometer's own affair: its {@code DefaultMeterObservationHandler}, which
   * Spring Boot registers, times every observation under the name that the conventions give its
   * histogram.
   */
  public static final class Meters implements ObservationHandler<Observation.Context> {
    /** The conventions' buckets for tokens: powers of four. */
    private static final double[] TOKENS =
        DoubleStream.iterate(1, tokens -> tokens * 4).limit(14).toArray();

    /** The conventions' buckets for times to the first token, in milliseconds. */
    private static final Duration[] CHUNKS =
        DoubleStream.of(1, 5, 10, 20, 40, 60, 80, 100, 250, 500, 750, 1_000, 2_500, 5_000, 10_000)
            .mapToObj(millis -> Duration.ofMillis((long) millis))
            .toArray(Duration[]::new);

    private static final Set<String> COUNTED = Set.of(Names.CHAT, Names.INVOKE_AGENT);

    private final MeterRegistry registry;

    public Meters(MeterRegistry registry) {
      this.registry = registry;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return COUNTED.contains(context.getName());
    }

    @Override
    public void onStop(Observation.Context context) {
      Tags tags = Tags.empty();
      for (KeyValue value : context.getLowCardinalityKeyValues()) {
        tags = tags.and(Tag.of(value.getKey(), value.getValue()));
      }
      if (Names.CHAT.equals(context.getName())) {
        tokens(context, Names.INPUT_TOKENS, tags.and(Names.TOKEN_TYPE, "input"));
        tokens(context, Names.OUTPUT_TOKENS, tags.and(Names.TOKEN_TYPE, "output"));
        firstChunk(context, tags);
      } else {
        calls(context, Names.MODEL_CALLS, Names.INFERENCE_CALLS, tags);
        calls(context, Names.TOOL_CALLS, Names.AGENT_TOOL_CALLS, tags);
      }
    }

    private void tokens(Observation.Context context, String key, Tags tags) {
      KeyValue tokens = context.getHighCardinalityKeyValue(key);
      if (tokens != null) {
        DistributionSummary.builder(Names.TOKEN_USAGE)
            .baseUnit("token")
            .serviceLevelObjectives(TOKENS)
            .tags(tags)
            .register(registry)
            .record(Double.parseDouble(tokens.getValue()));
      }
    }

    private void firstChunk(Observation.Context context, Tags tags) {
      KeyValue seconds = context.getHighCardinalityKeyValue(Names.FIRST_CHUNK);
      if (seconds != null) {
        Timer.builder(Names.TIME_TO_FIRST_CHUNK)
            .serviceLevelObjectives(CHUNKS)
            .tags(tags)
            .register(registry)
            .record(Duration.ofNanos((long) (Double.parseDouble(seconds.getValue()) * 1e9)));
      }
    }

    private void calls(Observation.Context context, String key, String meter, Tags tags) {
      KeyValue calls = context.getHighCardinalityKeyValue(key);
      if (calls != null) {
        DistributionSummary.builder(meter)
            .tags(tags)
            .register(registry)
            .record(Double.parseDouble(calls.getValue()));
      }
    }
  }
}
