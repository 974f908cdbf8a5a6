package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Failure.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder with one file for each run. */
final class FileJournal implements Journal {
  private static final String LOG = ".journal";
  private static final String LEASE = ".lease";

  private final Path folder;
  private final Sync sync;
  private final Clock clock;

  FileJournal(Path folder, Sync sync, Clock clock) {
    this.sync = sync;
    this.clock = clock;
    try {
      this.folder = Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw new Journal.Failure(Reason.STORAGE, folder + ": the folder cannot be made", e);
    }
  }

  private interface Storage<T> {
    T run() throws IOException;
  }

  private static <T> T storage(String runId, String what, Storage<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new Journal.Failure(
          Reason.STORAGE, String.format("run %s: %s: %s", runId, what, e.getMessage()), e);
    }
  }

  @Override
  public Log create(String runId) {
    JournalChecks.runId(runId);
    FileLease lease = lease(runId);
    try {
      return storage(runId, "its file cannot be made", () -> create(runId, lease));
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** A file without entries is what is left of a process that was killed before it began. */
  private Log create(String runId, FileLease lease) throws IOException {
    Path file = file(runId, LOG);
    if (Files.exists(file) && !lines(runId, file).entries().isEmpty()) {
      throw JournalChecks.exists(runId, folder.toString());
    }
    RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
    try {
      open.setLength(0);
      open.write(JournalLines.header(runId, JournalChecks.FORMAT));
      if (sync != Sync.NEVER) {
        open.getFD().sync();
        syncFolder();
      }
      return new FileLog(runId, open, lease, List.of(), sync, clock);
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
  }

  /** So that the file's name is durable as well; not every system lets a folder be opened. */
  private void syncFolder() {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      assert !System.getProperty("os.name").startsWith("Linux") : e;
    }
  }

  @Override
  public Log open(String runId) {
    JournalChecks.runId(runId);
    Path file = file(runId, LOG);
    if (!Files.exists(file)) {
      throw JournalChecks.noSuchRun(runId, folder.toString());
    }
    FileLease lease = lease(runId);
    try {
      return storage(runId, "its file cannot be opened", () -> open(runId, file, lease));
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private Log open(String runId, Path file, FileLease lease) throws IOException {
    JournalLines lines = lines(runId, file);
    if (lines.entries().isEmpty()) {
      throw JournalChecks.noSuchRun(runId, folder.toString());
    }
    RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
    try {
      if (open.length() > lines.end()) {
        open.setLength(lines.end());
        open.getFD().sync();
      }
      open.seek(lines.end());
      return new FileLog(runId, open, lease, lines.entries(), sync, clock);
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
  }

  private FileLease lease(String runId) {
    return storage(
        runId, "its lock cannot be taken", () -> FileLease.take(runId, file(runId, LEASE)));
  }

  @Override
  public List<Entry> read(String runId) {
    JournalChecks.runId(runId);
    List<Entry> entries =
        storage(runId, "its file cannot be read", () -> lines(runId, file(runId, LOG)).entries());
    if (entries.isEmpty()) {
      throw JournalChecks.noSuchRun(runId, folder.toString());
    }
    return entries;
  }

  private JournalLines lines(String runId, Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw JournalChecks.noSuchRun(runId, folder.toString());
    }
    JournalLines lines = new JournalLines(file.toString(), bytes);
    if (lines.runId().isPresent() && !lines.runId().get().equals(runId)) {
      throw new Journal.Failure(
          Reason.DAMAGED,
          String.format(
              "%s: has run %s, not %s; give the file its own name back",
              file, lines.runId().get(), runId));
    }
    return lines;
  }

  @Override
  public List<Summary> runs(State state) {
    List<Summary> found = new ArrayList<>();
    for (Path file : storage("of any id", "the folder cannot be read", this::files)) {
      summary(file).filter(run -> run.state() == state).ifPresent(found::add);
    }
    found.sort(Comparator.comparing(Summary::changed).thenComparing(Summary::runId));
    return found;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().endsWith(LOG)).toList();
    }
  }

  /** Nothing for a run that is deleted meanwhile or has not begun. */
  private static Optional<Summary> summary(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Journal.Failure(Reason.STORAGE, file + ": cannot be read", e);
    }
    JournalLines lines = new JournalLines(file.toString(), bytes);
    if (lines.entries().isEmpty()) {
      return Optional.empty();
    }
    Entry newest = lines.entries().get(lines.entries().size() - 1);
    return lines.runId().map(runId -> new Summary(runId, State.after(newest.kind()), newest.at()));
  }

  @Override
  public void delete(String runId) {
    JournalChecks.runId(runId);
    Path file = file(runId, LOG);
    if (!Files.exists(file)) {
      throw JournalChecks.noSuchRun(runId, folder.toString());
    }
    FileLease lease = lease(runId);
    try {
      if (!storage(runId, "its file cannot be deleted", () -> Files.deleteIfExists(file))) {
        throw JournalChecks.noSuchRun(runId, folder.toString());
      }
    } finally {
      lease.close();
    }
  }

  /** Ids are what users choose: what could mean something in a path is written as %xx. */
  private Path file(String runId, String end) {
    StringBuilder name = new StringBuilder();
    for (byte b : runId.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_';
      name.append(plain ? Character.toString(b) : String.format("%%%02x", b));
    }
    return folder.resolve(name + end);
  }
}
