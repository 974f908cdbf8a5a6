package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one run, which is read until it ends and written from there. The run's time goes on
 * from the time that the log has come to.
 *
 * <p>Read on the run's thread; written by any, one entry at a time.
 */
final class RunLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  private final Agent agent;
  private final LiveOutside live;
  private final Logbook logbook;
  private final Runnable wentOn;
  private final SealedCalls seals;
  private volatile Duration offset = Duration.ZERO;
  private volatile boolean replaying;
  private JournalReader entries;
  private Journal.@Nullable Log log;
  private boolean begun;
  private @Nullable NodeContext asking;

  /**
   * @param live the world that is asked when the log has ended
   * @param wentOn is told when that is so
   */
  RunLog(Agent agent, LiveOutside live, Logbook logbook, Runnable wentOn) {
    this.agent = agent;
    this.live = live;
    this.logbook = logbook;
    this.wentOn = wentOn;
    seals = new SealedCalls(logbook.runId(), agent.journalKey, this::redactedLive);
    replaying = logbook.use() != Logbook.Use.BEGIN;
    entries = JournalReader.empty(logbook.runId());
  }

  private ToolCall redactedLive(ToolCall call) {
    return isReadOnly() ? call : live.redacted(call);
  }

  /**
   * Takes the run's lease and reads what there is.
   *
   * @throws Journal.Failure if the log cannot be opened, or a decision does not fit it
   */
  void open() {
    Journal journal = logbook.journal();
    String runId = logbook.runId();
    uninterrupted(
        () -> {
          switch (logbook.use()) {
            case BEGIN -> log = journal.create(runId);
            case RESUME -> {
              log = journal.open(runId);
              entries = JournalReader.of(runId, log.entries());
            }
            case REPLAY -> entries = JournalReader.of(runId, journal.read(runId));
          }
        });
    begun = entries.size() > 0;
    logbook.decision().ifPresent(this::decide);
  }

  /** At the time at which the run was suspended: the time until then is not the run's. */
  private void decide(Approver.Answer decision) {
    JournalReader.Undecided undecided =
        entries
            .undecided()
            .orElseThrow(
                () ->
                    new Journal.Failure(
                        Journal.Failure.Reason.DECISION,
                        "run "
                            + logbook.runId()
                            + ": it does not wait for a decision, its newest entry is "
                            + entries.newest().kind()
                            + "; resume it without one"));
    Map<String, @Nullable Object> members =
        seals.sealed(JournalValues.answer(undecided.call().name(), decision));
    if (undecided.number() > 0) {
      members.put("call", undecided.number());
    }
    members.put("at", entries.newestData().number("at"));
    String data = JournalData.write(members);
    append(Kind.DECIDED, data);
    entries = entries.and(new Journal.Entry(Kind.DECIDED, Instant.EPOCH, data));
  }

  /** Whether it is never written, so that the run ends where it ends. */
  boolean isReadOnly() {
    return log == null;
  }

  /** Whether it has not ended. */
  boolean isReplaying() {
    return replaying;
  }

  JournalReader entries() {
    return entries;
  }

  SealedCalls seals() {
    return seals;
  }

  /** Time since the run began, without that between its lives. */
  Duration elapsed() {
    return replaying ? offset : live.elapsed().plus(offset);
  }

  /** The next entry, which becomes the last that was read. */
  JournalData take() {
    JournalData data = seals.opened(entries.next());
    // Never back: what is told of calls that ran side by side is read call by call.
    offset = Duration.ofNanos(Math.max(offset.toNanos(), data.number("at")));
    return data;
  }

  /**
   * Whether the log has the next answer; where it ends, the world is asked from here on.
   *
   * @throws RunStoppedException if the log says that the run ended here
   */
  boolean hasAnswer(NodeContext context) {
    if (replaying) {
      if (findAnswer(context)) {
        return true;
      }
      goOn();
    }
    asking = context;
    return false;
  }

  /** Past entries that answer nothing. */
  boolean findAnswer(NodeContext context) {
    while (entries.hasNext()) {
      switch (entries.kind()) {
        case RESUMED -> take();
        case PAUSED -> Booked.restore(take(), context);
        case FINISHED -> {
          JournalData data = take();
          Booked.restore(data, context);
          throw new RunStoppedException(
              data.constant(StopReason.class, "reason"), data.text("detail"));
        }
        default -> {
          return true;
        }
      }
    }
    return false;
  }

  private void goOn() {
    if (isReadOnly()) {
      throw entries
          .undecided()
          .map(undecided -> suspended(undecided.call()))
          .orElseGet(
              () ->
                  new RunStoppedException(
                      StopReason.CANCELLED,
                      "the journal ends here, after " + entries.size() + " entries"));
    }
    offset = offset.minus(live.elapsed());
    replaying = false;
    write(Kind.RESUMED, JournalData.member("by", JournalChecks.holder()));
    wentOn.run();
  }

  /** What a run ends with that waits for a decision. */
  RunStoppedException suspended(ToolCall call) {
    return new RunStoppedException(
        StopReason.SUSPENDED, "waits for a decision on " + seals.redacted(call));
  }

  /** Writes an entry with what was booked for a node since the last one. */
  JournalData write(
      Kind kind, Map<String, @Nullable Object> members, @Nullable NodeContext context) {
    if (context != null) {
      context.booked().moveTo(members);
    }
    return write(kind, members);
  }

  /**
   * @return what was written, as it will be read
   */
  JournalData write(Kind kind, Map<String, @Nullable Object> members) {
    members.put("at", elapsed().toNanos());
    boolean sealing = agent.tools.redacts();
    String data = JournalData.write(sealing ? seals.sealed(members) : members);
    append(kind, data);
    JournalData written = JournalData.read(kind.name(), data);
    return sealing ? seals.opened(written) : written;
  }

  private synchronized void append(Kind kind, String data) {
    Journal.Log open = Objects.requireNonNull(log, "a log that is only read");
    uninterrupted(() -> open.append(kind, data));
    begun = true;
  }

  /**
   * Writes how the run ended. What cannot be written shows again when the run is resumed, and
   * should not take the result from the user.
   *
   * @throws Journal.Failure if the log goes on where the loop has ended
   */
  void end(AgentResult result) {
    if (replaying) {
      checkEnd(result);
    }
    if (isReadOnly() || entries.isFinished() || !begun) {
      return;
    }
    Map<String, @Nullable Object> members = JournalData.members();
    members.put("reason", result.stopReason().name());
    members.put("detail", result.detail());
    try {
      if (!result.stopReason().isResumable()) {
        write(Kind.FINISHED, members, asking);
      } else if (!replaying && result.stopReason() != StopReason.SUSPENDED) {
        write(Kind.PAUSED, members, asking);
      }
    } catch (Journal.Failure e) {
      LOG.warn("{}", e.getMessage(), e);
    }
  }

  private void checkEnd(AgentResult result) {
    while (entries.hasNext() && entries.kind() != Kind.FINISHED) {
      Kind kind = entries.kind();
      if (kind == Kind.RESUMED || kind == Kind.PAUSED) {
        take();
      } else if (result.stopReason().isResumable()) {
        return;
      } else {
        throw entries.diverged(
            String.format(
                "the log has %s, the loop ends with %s (%s) under another budget than %s",
                kind, result.stopReason(), result.detail(), entries.start().budget()));
      }
    }
    if (entries.hasNext()) {
      StopReason written = take().constant(StopReason.class, "reason");
      if (written != result.stopReason()) {
        throw entries.divergedBefore(
            "the log ends with " + written + ", the loop with " + result.stopReason());
      }
    }
  }

  /** An interrupt is meant for the run; files and connections would be closed by it. */
  private static void uninterrupted(Runnable storage) {
    boolean interrupted = Thread.interrupted();
    try {
      storage.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives the lease back; one that cannot be given back ends by itself. */
  @Override
  public void close() {
    Journal.Log open = log;
    if (open != null) {
      try {
        uninterrupted(open::close);
      } catch (Journal.Failure e) {
        LOG.warn("{}", e.getMessage(), e);
      }
    }
  }
}
