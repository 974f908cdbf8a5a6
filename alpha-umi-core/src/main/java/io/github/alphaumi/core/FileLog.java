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
final class FileLog extends OpenLog {
  private final RandomAccessFile file;
  private final FileLease lease;
  private final Sync sync;
  private final Clock clock;

  FileLog(
      String runId,
      RandomAccessFile file,
      FileLease lease,
      List<Entry> entries,
      Sync sync,
      Clock clock) {
    super(runId, entries);
    this.file = file;
    this.lease = lease;
    this.sync = sync;
    this.clock = clock;
  }

  @Override
  void write(Kind kind, String data) {
    byte[] line = JournalLines.line(kind, clock.instant(), data);
    try {
      file.write(line);
      if (sync.applies(kind)) {
        file.getFD().sync();
      }
    } catch (IOException e) {
      throw new Journal.Failure(
          Reason.STORAGE,
          String.format("run %s: %s could not be written: %s", runId(), kind, e.getMessage()),
          e);
    }
  }

  @Override
  void release() {
    try (lease) {
      file.close();
    } catch (IOException e) {
      throw new Journal.Failure(Reason.STORAGE, "run " + runId() + ": cannot be closed", e);
    }
  }
}
