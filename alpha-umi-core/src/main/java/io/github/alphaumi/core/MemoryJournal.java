package io.github.alphaumi.core;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Logs in the memory of this process. */
final class MemoryJournal implements Journal {
  private static final String WHERE = "this process's memory";

  private final ConcurrentMap<String, Stored> runs = new ConcurrentHashMap<>();
  private final Clock clock;

  MemoryJournal(Clock clock) {
    this.clock = clock;
  }

  /** One run; its monitor guards everything in it. */
  private static final class Stored {
    private final List<Entry> entries = new ArrayList<>(4);
    private @Nullable String holder;
    private boolean deleted;

    synchronized List<Entry> entries() {
      return List.copyOf(entries);
    }

    synchronized Entry newest() {
      return entries.get(entries.size() - 1);
    }

    synchronized boolean isEmpty() {
      return entries.isEmpty();
    }
  }

  @Override
  public Log create(String runId) {
    JournalChecks.runId(runId);
    Stored run = runs.computeIfAbsent(runId, id -> new Stored());
    Log log = lease(runId, run);
    if (!log.entries().isEmpty()) {
      log.close();
      throw JournalChecks.exists(runId, WHERE);
    }
    return log;
  }

  @Override
  public Log open(String runId) {
    return lease(runId, find(runId));
  }

  private Stored find(String runId) {
    Stored run = runs.get(runId);
    if (run == null || run.isEmpty()) {
      throw JournalChecks.noSuchRun(runId, WHERE);
    }
    return run;
  }

  private Log lease(String runId, Stored run) {
    synchronized (run) {
      if (run.deleted) {
        throw JournalChecks.noSuchRun(runId, WHERE);
      }
      if (run.holder != null) {
        throw JournalChecks.inUse(runId, run.holder, "when it is closed there");
      }
      String holder = JournalChecks.holder();
      run.holder = holder;
      return new MemoryLog(runId, run);
    }
  }

  @Override
  public List<Entry> read(String runId) {
    return find(runId).entries();
  }

  @Override
  public List<Summary> runs(State state) {
    List<Summary> found = new ArrayList<>();
    runs.forEach(
        (runId, run) -> {
          if (!run.isEmpty()) {
            Entry newest = run.newest();
            if (State.after(newest.kind()) == state) {
              found.add(new Summary(runId, state, newest.at()));
            }
          }
        });
    found.sort(Comparator.comparing(Summary::changed).thenComparing(Summary::runId));
    return found;
  }

  @Override
  public void delete(String runId) {
    Stored run = find(runId);
    Log log = lease(runId, run);
    synchronized (run) {
      run.deleted = true;
    }
    runs.remove(runId, run);
    log.close();
  }

  private final class MemoryLog extends OpenLog {
    private final Stored run;

    MemoryLog(String runId, Stored run) {
      super(runId, run.entries());
      this.run = run;
    }

    @Override
    void write(Kind kind, String data) {
      synchronized (run) {
        run.entries.add(new Entry(kind, clock.instant(), data));
      }
    }

    @Override
    void release() {
      synchronized (run) {
        run.holder = null;
        if (run.entries.isEmpty()) {
          run.deleted = true;
          runs.remove(runId(), run);
        }
      }
    }
  }
}
