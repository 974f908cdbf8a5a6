package io.github.alphaumi.core.telemetry;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.time.Duration;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Counts what {@link RunObservations} observe: tokens of each model call, the time to its first
 * token, model and tool calls of each run. Thread-safe.
 *
 * <pre>{@code
 * observationRegistry
 *     .observationConfig()
 *     .observationHandler(new DefaultMeterObservationHandler(meterRegistry))
 *     .observationHandler(new RunMeters(meterRegistry));
 * }</pre>
 *
 * <p>Durations are Micrometer's own affair: its {@code DefaultMeterObservationHandler}, which
 * Spring Boot registers, times every observation under the name that the conventions give its
 * histogram.
 */
public final class RunMeters implements ObservationHandler<Observation.Context> {
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

  public RunMeters(MeterRegistry registry) {
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
