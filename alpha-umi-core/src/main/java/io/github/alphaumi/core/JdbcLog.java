package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import java.util.List;

/** An open run of a database. */
final class JdbcLog implements Journal.Log {
  private final JdbcJournal journal;
  private final String runId;
  private final long fence;
  private final List<Entry> entries;
  private int number;
  private boolean broken;
  private boolean closed;

  JdbcLog(JdbcJournal journal, String runId, long fence, List<Entry> entries) {
    this.journal = journal;
    this.runId = runId;
    this.fence = fence;
    this.entries = List.copyOf(entries);
    number = entries.size();
  }

  @Override
  public String runId() {
    return runId;
  }

  @Override
  public List<Entry> entries() {
    return entries;
  }

  @Override
  public void append(Kind kind, String data) {
    if (closed) {
      throw JournalChecks.closed(runId);
    }
    if (broken) {
      throw JournalChecks.broken(runId);
    }
    JournalChecks.data(data);
    try {
      journal.append(runId, fence, number, kind, data);
      number++;
    } catch (Journal.Failure e) {
      broken = true;
      throw e;
    }
  }

  void renew() {
    journal.renew(runId, fence);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      journal.release(this, fence);
    }
  }
}
