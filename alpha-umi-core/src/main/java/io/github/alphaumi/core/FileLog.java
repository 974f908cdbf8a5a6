package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Failure.Reason;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.Journal.Sync;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Clock;
import java.util.List;

/**
 * An open file of a run. It is written with plain file operations, not through a channel: a channel
 * is closed when its thread is interrupted, and an interrupted run still has an outcome to write.
 */
final class FileLog implements Journal.Log {
  private final String runId;
  private final RandomAccessFile file;
  private final FileLease lease;
  private final List<Entry> entries;
  private final Sync sync;
  private final Clock clock;
  private boolean broken;
  private boolean closed;

  FileLog(
      String runId,
      RandomAccessFile file,
      FileLease lease,
      List<Entry> entries,
      Sync sync,
      Clock clock) {
    this.runId = runId;
    this.file = file;
    this.lease = lease;
    this.entries = entries;
    this.sync = sync;
    this.clock = clock;
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
    byte[] line = JournalLines.line(kind, clock.instant(), data);
    try {
      file.write(line);
      if (sync.applies(kind)) {
        file.getFD().sync();
      }
    } catch (IOException e) {
      broken = true;
      throw new Journal.Failure(
          Reason.STORAGE,
          String.format("run %s: %s could not be written: %s", runId, kind, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lease) {
      file.close();
    } catch (IOException e) {
      throw new Journal.Failure(Reason.STORAGE, "run " + runId + ": cannot be closed", e);
    }
  }
}
