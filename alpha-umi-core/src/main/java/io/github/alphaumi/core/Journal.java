package io.github.alphaumi.core;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/**
 * Where runs are written down as they happen, so that a run outlives its process: one append-only
 * log for each run. Thread-safe.
 *
 * <pre>{@code
 * Journal journal = Journal.files(Path.of("runs"), Journal.Sync.EFFECTS);
 * Agent agent = Agent.builder().roles(roles).tools(tools).journal(journal).build();
 * for (Journal.Summary run : journal.runs(Journal.State.UNFINISHED)) {
 *   agent.resume(run.runId());
 * }
 * }</pre>
 *
 * <p>A log is opened by one process at a time, which holds its lease until it closes the log or
 * ends. What the entries mean is the business of {@link Agent}: a store keeps them as they are.
 * Whoever writes a store checks it with {@code JournalContract} of the test kit.
 */
public interface Journal {

  /** Characters of an entry's data at most. */
  int MAX_DATA = 4 << 20;

  /** Characters of a run's id at most, each a printable one of ASCII other than the space. */
  int MAX_RUN_ID = 80;

  /** What an entry tells. */
  enum Kind {
    /** The run began: task, tools, roles and settings. */
    STARTED(false),
    /** The log had ended and the run went on. */
    RESUMED(false),
    /** The planner decided. */
    PLANNED(false),
    /** The caller wrote its turn. */
    CALLED(false),
    /** The judge compared two ways. */
    JUDGED(false),
    /** A tool that has an effect is about to run. */
    INTENT(true),
    /** Somebody is asked whether the call may run. */
    ASKED(false),
    /** What was decided on the call. */
    DECIDED(true),
    /** The run was left where it can go on: it was cancelled, or a model failed. */
    PAUSED(false),
    /** The run waits for a decision. */
    SUSPENDED(true),
    /** What came back from a tool that has an effect. */
    OUTCOME(true),
    /** What came back from a tool without effect. */
    OBSERVED(false),
    /** The summarizer answered. */
    SUMMARIZED(false),
    /** The run ended. */
    FINISHED(true);

    private final boolean critical;

    Kind(boolean critical) {
      this.critical = critical;
    }

    /** Whether losing the entry could lose an effect or make it happen twice. */
    public boolean isCritical() {
      return critical;
    }
  }

  /** How far a run has come. */
  enum State {
    /** At work, or cut off by the end of its process or of a model. */
    UNFINISHED,
    /** Waiting for a decision on a call. */
    SUSPENDED,
    /** Over. */
    FINISHED;

    /** The state of a run whose newest entry is of this kind. */
    static State after(Kind newest) {
      return switch (newest) {
        case SUSPENDED -> SUSPENDED;
        case FINISHED -> FINISHED;
        default -> UNFINISHED;
      };
    }
  }

  /** When entries of a file journal are forced to the disk before the run goes on. */
  enum Sync {
    /** After each entry. */
    ALWAYS,
    /** Before and after a tool that has an effect, when a run is suspended and when it ends. */
    EFFECTS,
    /** By the operating system: safe when the process dies, not when the machine does. */
    NEVER;

    boolean applies(Kind kind) {
      return this == ALWAYS || this == EFFECTS && kind.isCritical();
    }
  }

  /**
   * One line of a log. Immutable.
   *
   * @param at when it was written
   * @param data one JSON object, in one line
   */
  record Entry(Kind kind, Instant at, String data) {}

  /**
   * One run in a list.
   *
   * @param changed when its newest entry was written
   */
  record Summary(String runId, State state, Instant changed) {}

  /**
   * The log of one run, with its lease. For one thread at a time.
   *
   * <p>After an {@link #append} that threw, nothing more can be appended: whether the entry is in
   * the log shows when the run is opened again.
   */
  interface Log extends AutoCloseable {

    String runId();

    /** What the log held when it was opened, oldest first. */
    List<Entry> entries();

    /**
     * Adds an entry; when this returns it is as durable as the store makes entries of its kind.
     *
     * @throws IllegalArgumentException if the data has a line end, a lone surrogate or more than
     *     {@link #MAX_DATA} characters; the log can still be used
     * @throws Failure if it cannot be written, or another process has taken the lease
     * @throws IllegalStateException after {@link #close}
     */
    void append(Kind kind, String data);

    /** Gives the lease back. Does nothing the second time. */
    @Override
    void close();
  }

  /** Thrown when a run cannot be written down, read or resumed. */
  final class Failure extends AlphaUmiException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
      /** Another process or thread has the run open; the message says who, and until when. */
      IN_USE,
      /** This process took too long and another one has taken the run over. */
      LEASE_LOST,
      /** There is no run of this id. */
      NO_SUCH_RUN,
      /** There is a run of this id already. */
      EXISTS,
      /** The log cannot be read; the message says where it is damaged. */
      DAMAGED,
      /** The log or its tables were written by a newer version of this library. */
      NEWER,
      /** The agent is not the one that began the run: task, tools, roles or search differ. */
      CHANGED,
      /** The loop asked for something else than the log has. */
      DIVERGED,
      /** The run is not waiting for a decision, or is waiting for one. */
      DECISION,
      /** The disk or the database refused. */
      STORAGE
    }

    private final Reason reason;

    public Failure(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }

    public Failure(Reason reason, String message, Throwable cause) {
      super(message, cause);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }

  /**
   * Begins the log of a run and takes its lease.
   *
   * @throws IllegalArgumentException if the id is empty, longer than {@link #MAX_RUN_ID} or has
   *     other characters
   * @throws Failure if there is a run of this id already
   */
  Log create(String runId);

  /**
   * Opens the log of a run and takes its lease.
   *
   * @throws Failure if there is no such run, it is open elsewhere, or damaged
   */
  Log open(String runId);

  /**
   * Reads the log of a run without its lease: what has been written so far.
   *
   * @throws Failure if there is no such run, or it is damaged
   */
  List<Entry> read(String runId);

  /** The runs in this state, those that changed longest ago first. */
  List<Summary> runs(State state);

  /**
   * Deletes a run, whatever its state.
   *
   * @throws Failure if there is no such run, or it is open
   */
  void delete(String runId);

  /**
   * Deletes the finished runs that have not changed since then, except those that are open.
   *
   * @return how many were deleted
   */
  default int deleteFinished(Instant before) {
    int deleted = 0;
    for (Summary run : runs(State.FINISHED)) {
      if (run.changed().isBefore(before)) {
        try {
          delete(run.runId());
          deleted++;
        } catch (Failure e) {
          if (e.reason() != Failure.Reason.IN_USE && e.reason() != Failure.Reason.NO_SUCH_RUN) {
            throw e;
          }
        }
      }
    }
    return deleted;
  }

  /** In the memory of this process: for tests, and for runs that are suspended for a short time. */
  static Journal inMemory() {
    return new MemoryJournal(Clock.systemUTC());
  }

  /**
   * One file for each run, readable with any editor: a line for each entry, with its length and
   * checksum. Its name is the run's id, in which all but {@code a-z 0-9 - _} is written as {@code
   * %xx}, and {@code .journal}. A last line that was cut off is dropped; damage before it is an
   * error. The lease is a file lock, so the folder has to lie on a file system that has them.
   *
   * @throws Failure if the folder cannot be made
   */
  static Journal files(Path folder, Sync sync) {
    return new FileJournal(folder, sync, Clock.systemUTC());
  }

  /** {@link #jdbc(DataSource, Duration)} with leases of 30 seconds. */
  static Journal jdbc(DataSource database) {
    return jdbc(database, Duration.ofSeconds(30));
  }

  /**
   * Tables of a database: H2 and PostgreSQL. They are created if they are not there, else their
   * version is checked. An entry is as durable as a commit is (H2 needs {@code WRITE_DELAY=0} for
   * that). Leases are renewed by a daemon thread, which is there while a run is open; a process
   * that dies leaves its runs to others when their lease ends. One that lost its lease without
   * noticing cannot write any more.
   *
   * @throws Failure if the database cannot be reached or the tables are of a newer version
   */
  static Journal jdbc(DataSource database, Duration lease) {
    return JdbcJournal.create(database, lease);
  }
}
