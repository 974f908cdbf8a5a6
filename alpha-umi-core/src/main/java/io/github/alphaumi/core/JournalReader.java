package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.JournalException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The entries of a log, read from the first to the last. */
final class JournalReader {
  private final String runId;
  private final List<Entry> entries;
  private int next;

  private JournalReader(String runId, List<Entry> entries, int next) {
    this.runId = runId;
    this.entries = entries;
    this.next = next;
  }

  /** A log that has only been made. */
  static JournalReader empty(String runId) {
    return new JournalReader(runId, List.of(), 0);
  }

  /** A log that was begun; its start is read. */
  static JournalReader of(String runId, List<Entry> entries) {
    if (entries.get(0).kind() != Kind.STARTED) {
      throw new JournalException(
          Reason.DAMAGED,
          "run " + runId + ": it begins with " + entries.get(0).kind() + ", not " + Kind.STARTED);
    }
    return new JournalReader(runId, entries, 1);
  }

  String runId() {
    return runId;
  }

  int size() {
    return entries.size();
  }

  /** The same log with one entry more. */
  JournalReader and(Entry entry) {
    List<Entry> longer = new ArrayList<>(entries);
    longer.add(entry);
    return new JournalReader(runId, longer, next);
  }

  Entry newest() {
    return entries.get(entries.size() - 1);
  }

  JournalData newestData() {
    return data(entries.size() - 1);
  }

  JournalStart start() {
    return JournalStart.read(data(0));
  }

  boolean hasNext() {
    return next < entries.size();
  }

  boolean isFinished() {
    return !entries.isEmpty() && entries.get(entries.size() - 1).kind() == Kind.FINISHED;
  }

  /** Whether nothing follows the next one. */
  boolean isLast() {
    return next == entries.size() - 1;
  }

  Kind kind() {
    return entries.get(next).kind();
  }

  JournalData next() {
    return data(next++);
  }

  private JournalData data(int number) {
    Entry entry = entries.get(number);
    return JournalData.read(
        String.format("run %s, entry %d (%s)", runId, number, entry.kind()), entry.data());
  }

  /** The call that the run waits for a decision on. */
  Optional<ToolCall> undecided() {
    for (int i = entries.size() - 1; i > 0; i--) {
      switch (entries.get(i).kind()) {
        case ASKED, SUSPENDED -> {
          return Optional.of(JournalValues.call(data(i)));
        }
        case RESUMED, PAUSED -> {}
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** At the next entry the loop does something else. */
  JournalException diverged(String how) {
    return diverged(next, how);
  }

  /** At the entry that was read last the loop did something else. */
  JournalException divergedBefore(String how) {
    return diverged(next - 1, how);
  }

  private JournalException diverged(int number, String how) {
    return new JournalException(
        Reason.DIVERGED,
        String.format(
            "run %s, entry %d: %s; resume it with the agent and the version that began it",
            runId, number, how));
  }
}
