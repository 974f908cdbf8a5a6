package io.github.alphaumi.tools;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one toolbox: as many as calls at a time, gone when idle, no hindrance to exit. */
final class ToolThreads {
  private static final long IDLE_SECONDS = 10;

  private ToolThreads() {}

  static Executor create() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        work -> {
          Thread thread = new Thread(work, "alpha-umi-tool-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
