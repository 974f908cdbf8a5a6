package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.github.alphaumi.core.Observation;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Good results of one read-only tool, by arguments, for as long as its policy has it. */
final class ResultCache {
  private static final int MOST_RESULTS = 1_000;

  private final Cache<ObjectNode, Observation> results;

  ResultCache(Duration time, LongSupplier ticker) {
    results =
        CacheBuilder.newBuilder()
            .maximumSize(time.isZero() ? 0 : MOST_RESULTS)
            .expireAfterWrite(time)
            .ticker(
                new com.google.common.base.Ticker() {
                  @Override
                  public long read() {
                    return ticker.getAsLong();
                  }
                })
            .build();
  }

  Optional<Observation> find(ObjectNode arguments) {
    return Optional.ofNullable(results.getIfPresent(arguments));
  }

  void keep(ObjectNode arguments, Observation observation) {
    if (observation.status() == Observation.Status.OK) {
      results.put(arguments, observation);
    }
  }
}
