package io.github.alphaumi.core;

/** A source of elapsed time, so that tests need not wait. */
@FunctionalInterface
public interface Ticker {

  /** Nanoseconds since some fixed moment; never goes back. */
  long nanos();

  /** {@link System#nanoTime()}. */
  static Ticker system() {
    return System::nanoTime;
  }
}
