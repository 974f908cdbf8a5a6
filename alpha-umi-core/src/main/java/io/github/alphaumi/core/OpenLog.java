package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import java.util.List;

/** What all stores make of the contract of {@link Journal.Log}. */
abstract class OpenLog implements Journal.Log {
  private final String runId;
  private final List<Entry> entries;
  private boolean broken;
  private boolean closed;

  /**
   * @param entries what it held when it was opened
   */
  OpenLog(String runId, List<Entry> entries) {
    this.runId = runId;
    this.entries = List.copyOf(entries);
  }

  /** Stores a checked entry. */
  abstract void write(Kind kind, String data);

  /** Gives the lease back; called once. */
  abstract void release();

  @Override
  public final String runId() {
    return runId;
  }

  @Override
  public final List<Entry> entries() {
    return entries;
  }

  @Override
  public final void append(Kind kind, String data) {
    if (closed) {
      throw new IllegalStateException("run " + runId + ": its log has been closed");
    }
    if (broken) {
      throw new Journal.Failure(
          Journal.Failure.Reason.STORAGE,
          "run " + runId + ": an entry could not be written before; open the run again");
    }
    JournalChecks.data(data);
    try {
      write(kind, data);
    } catch (Journal.Failure e) {
      broken = true;
      throw e;
    }
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      release();
    }
  }
}
