package io.github.alphaumi.core;

/**
 * Hears every event of a run, on the thread where it happens, in order. Thread-safe if its agent is
 * used by several threads. What it throws is logged and does not disturb the run.
 */
@FunctionalInterface
public interface RunListener {

  void on(RunEvent event);
}
