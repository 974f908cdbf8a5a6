package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import java.util.List;

/** An open run of a database. */
final class JdbcLog extends OpenLog {
  private final JdbcJournal journal;
  private final long fence;
  private int number;

  JdbcLog(JdbcJournal journal, String runId, long fence, List<Entry> entries) {
    super(runId, entries);
    this.journal = journal;
    this.fence = fence;
    number = entries.size();
  }

  @Override
  void write(Kind kind, String data) {
    journal.append(runId(), fence, number, kind, data);
    number++;
  }

  void renew() {
    journal.renew(runId(), fence);
  }

  @Override
  void release() {
    journal.release(this, fence);
  }
}
