package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Failure.Reason;
import io.github.alphaumi.core.Journal.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of a log, read from the first to the last. */
final class JournalReader {
  private final String runId;
  private List<Entry> entries;
  private int next;
  private @Nullable JournalData ahead;

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
      throw new Journal.Failure(
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

  Kind kind() {
    return entries.get(next).kind();
  }

  JournalData next() {
    JournalData data = peek();
    ahead = null;
    next++;
    return data;
  }

  private JournalData peek() {
    JournalData data = ahead == null ? data(next) : ahead;
    ahead = data;
    return data;
  }

  /** Whether the next entry tells of this call of the step. */
  boolean isOf(int call) {
    return call(peek()) == call;
  }

  private static int call(JournalData data) {
    return data.has("call") ? (int) data.number("call") : 0;
  }

  private static boolean isOfACall(Kind kind) {
    return switch (kind) {
      case INTENT, ASKED, DECIDED, SUSPENDED, OUTCOME, OBSERVED -> true;
      default -> false;
    };
  }

  private static boolean answersNothing(Kind kind) {
    return kind == Kind.RESUMED || kind == Kind.PAUSED;
  }

  /** Whether something is told of this call of the step after the next entry. */
  boolean goesOnWith(int call) {
    for (int i = next + 1; i < entries.size(); i++) {
      Kind kind = entries.get(i).kind();
      if (!answersNothing(kind)) {
        return isOfACall(kind) && call(data(i)) == call;
      }
    }
    return false;
  }

  /**
   * Of a step whose calls ran side by side: brings forward what is told of one of them, behind what
   * answers nothing.
   */
  void bring(int call) {
    int end = next;
    for (int i = next;
        i < entries.size()
            && (isOfACall(entries.get(i).kind()) || answersNothing(entries.get(i).kind()));
        i++) {
      end = isOfACall(entries.get(i).kind()) ? i + 1 : end;
    }
    List<Entry> own = new ArrayList<>();
    List<Entry> others = new ArrayList<>();
    List<Entry> brought = new ArrayList<>(entries.subList(0, next));
    for (int i = next; i < end; i++) {
      Entry entry = entries.get(i);
      (answersNothing(entry.kind()) ? brought : call(data(i)) == call ? own : others).add(entry);
    }
    brought.addAll(own);
    brought.addAll(others);
    brought.addAll(entries.subList(end, entries.size()));
    entries = brought;
    ahead = null;
  }

  private JournalData data(int number) {
    Entry entry = entries.get(number);
    return JournalData.read(
        String.format("run %s, entry %d (%s)", runId, number, entry.kind()), entry.data());
  }

  /** A call that somebody has to decide on. */
  record Undecided(ToolCall call, int number) {}

  /** The call that the run waits for a decision on, whatever was told of others of its step. */
  Optional<Undecided> undecided() {
    Set<Integer> wentOn = new HashSet<>();
    for (int i = entries.size() - 1; i > 0; i--) {
      Kind kind = entries.get(i).kind();
      if (answersNothing(kind)) {
        continue;
      }
      if (!isOfACall(kind)) {
        return Optional.empty();
      }
      JournalData data = data(i);
      boolean waits = kind == Kind.ASKED || kind == Kind.SUSPENDED;
      if (wentOn.add(call(data)) && waits) {
        return Optional.of(new Undecided(JournalValues.call(data), call(data)));
      }
    }
    return Optional.empty();
  }

  /** At the next entry the loop does something else. */
  Journal.Failure diverged(String how) {
    return diverged(next, how);
  }

  /** At the entry that was read last the loop did something else. */
  Journal.Failure divergedBefore(String how) {
    return diverged(next - 1, how);
  }

  private Journal.Failure diverged(int number, String how) {
    return new Journal.Failure(
        Reason.DIVERGED,
        String.format(
            "run %s, entry %d: %s; resume it with the agent and the version that began it",
            runId, number, how));
  }
}
