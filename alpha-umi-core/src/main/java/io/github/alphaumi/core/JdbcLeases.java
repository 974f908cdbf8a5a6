package io.github.alphaumi.core;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of open runs three times within their length, on one daemon thread that ends
 * when no run is open. Thread-safe.
 */
final class JdbcLeases {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcLeases.class);

  private final JdbcJournal journal;
  private final long every;
  private final ScheduledThreadPoolExecutor executor;
  private final Set<JdbcLog> logs = new HashSet<>();
  private @Nullable Future<?> beat;

  JdbcLeases(JdbcJournal journal, Duration lease) {
    this.journal = journal;
    every = Math.max(1, lease.toMillis() / 3);
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "alpha-umi-journal-leases");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  synchronized JdbcLog add(JdbcLog log) {
    logs.add(log);
    if (beat == null) {
      beat = executor.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
    }
    return log;
  }

  synchronized void remove(JdbcLog log) {
    logs.remove(log);
    if (logs.isEmpty() && beat != null) {
      beat.cancel(false);
      beat = null;
    }
  }

  private synchronized List<JdbcLog> open() {
    return List.copyOf(logs);
  }

  /**
   * What cannot be renewed is tried again next time; a run that was lost notices when it writes.
   */
  void renew() {
    for (JdbcLog log : open()) {
      try {
        log.renew();
      } catch (RuntimeException e) {
        LOG.warn("{}", e.getMessage(), e);
      }
    }
  }
}
