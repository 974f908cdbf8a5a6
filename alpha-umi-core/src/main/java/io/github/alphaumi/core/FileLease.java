package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Failure.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock on a small file beside the log, with the holder's name in it. The operating system gives
 * it back when the process ends, however it ends.
 */
final class FileLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileLease.class);

  /** Where the lock lies: behind the text, because some systems keep others from reading it. */
  private static final long POSITION = Long.MAX_VALUE - 1;

  /**
   * Files that this process has locked. A lock belongs to the process, and closing any channel on
   * the file drops it: a second attempt must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final RandomAccessFile open;
  private boolean closed;

  private FileLease(Path file, RandomAccessFile open) {
    this.file = file;
    this.open = open;
  }

  /**
   * @param file absolute and normalised
   * @throws Journal.Failure if somebody else has it
   */
  static FileLease take(String runId, Path file) throws IOException {
    if (!HELD.add(file)) {
      throw inUse(runId, file);
    }
    FileLease lease = null;
    try {
      String holder = JournalChecks.holder();
      do {
        lease = attempt(file, holder);
        if (lease == null) {
          throw inUse(runId, file);
        }
      } while (lease.isLost(holder));
      return lease;
    } catch (IOException | RuntimeException e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static @Nullable FileLease attempt(Path file, String holder) throws IOException {
    RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
    try {
      FileLock lock = open.getChannel().tryLock(POSITION, 1, false);
      if (lock == null) {
        open.close();
        return null;
      }
      open.setLength(0);
      open.write(holder.getBytes(StandardCharsets.UTF_8));
      return new FileLease(file, open);
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
  }

  /** Whether the former holder deleted the file after it was opened here, before it was locked. */
  private boolean isLost(String holder) throws IOException {
    if (holder.equals(text(file))) {
      return false;
    }
    open.close();
    return true;
  }

  private static Journal.Failure inUse(String runId, Path file) {
    return JournalChecks.inUse(runId, text(file), "when that process closes the run or ends");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "another process (" + file.getFileName() + " is gone)";
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{}: left behind, as some systems keep an open file", file, e);
    }
    try {
      open.close();
    } catch (IOException e) {
      throw new Journal.Failure(Reason.STORAGE, file + ": the lock cannot be given back", e);
    } finally {
      HELD.remove(file);
    }
  }
}
