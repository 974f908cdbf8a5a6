package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told how much time passed. Thread-safe. */
public final class ManualTicker implements Ticker {
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public long nanos() {
    return nanos.get();
  }

  /** Lets time pass. */
  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
