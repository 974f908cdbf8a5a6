package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Failure.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Two tables: a row for each run, with its lease, and a row for each entry.
 *
 * <p>Taking a lease raises the run's fence. Every write names the fence it was opened with and does
 * nothing if that is no longer the run's, so that a process that slept through its lease cannot
 * write behind the back of the one that took over. Leases are measured by the database's clock: the
 * clocks of the machines need not agree.
 */
final class JdbcJournal implements Journal {
  private static final String UNIQUE_VIOLATION = "23505";

  private final JdbcDatabase database;
  private final Duration lease;
  private final JdbcLeases leases;
  private final String where;

  /**
   * @param time null for the database's own
   */
  JdbcJournal(DataSource source, Duration lease, @Nullable Supplier<Instant> time) {
    if (lease.isNegative() || lease.isZero()) {
      throw new IllegalArgumentException("lease: " + lease + " is not positive");
    }
    database = new JdbcDatabase(source, time);
    this.lease = lease;
    leases = new JdbcLeases(this, lease);
    where = database.transaction("the tables cannot be made", JdbcSchema::prepare);
  }

  static Journal create(DataSource database, Duration lease) {
    return new JdbcJournal(database, lease, null);
  }

  @Override
  public Log create(String runId) {
    JournalChecks.runId(runId);
    return leases.add(
        database.transaction(
            "run " + runId + " cannot be made", connection -> create(connection, runId)));
  }

  private JdbcLog create(Connection connection, String runId) throws SQLException {
    String holder = JournalChecks.holder();
    Instant now = database.now(connection);
    try {
      JdbcDatabase.update(
          connection,
          "INSERT INTO alpha_umi_run (run_id, format, state, changed_at, entries, fence, holder,"
              + " lease_end) VALUES (?, ?, ?, ?, 0, 1, ?, ?)",
          runId,
          JournalChecks.FORMAT,
          State.UNFINISHED.name(),
          now,
          holder,
          now.plus(lease));
      return new JdbcLog(this, runId, 1, List.of());
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback();
      if (row(connection, runId).filter(row -> row.entries > 0).isPresent()) {
        throw JournalChecks.exists(runId, where);
      }
      // The process that made the row was killed before it wrote an entry.
      return take(connection, runId);
    }
  }

  @Override
  public Log open(String runId) {
    JournalChecks.runId(runId);
    return leases.add(
        database.transaction(
            "run " + runId + " cannot be opened",
            connection -> {
              if (row(connection, runId).filter(row -> row.entries > 0).isEmpty()) {
                throw JournalChecks.noSuchRun(runId, where);
              }
              return take(connection, runId);
            }));
  }

  /** The row is read after it was taken: others that try the same wait for this transaction. */
  private JdbcLog take(Connection connection, String runId) throws SQLException {
    Instant now = database.now(connection);
    int taken =
        JdbcDatabase.update(
            connection,
            "UPDATE alpha_umi_run SET fence = fence + 1, holder = ?, lease_end = ?"
                + " WHERE run_id = ? AND (holder IS NULL OR lease_end < ?)",
            JournalChecks.holder(),
            now.plus(lease),
            runId,
            now);
    Row row = row(connection, runId).orElseThrow(() -> JournalChecks.noSuchRun(runId, where));
    if (taken == 0) {
      throw JournalChecks.inUse(runId, String.valueOf(row.holder), "at " + row.leaseEnd);
    }
    return new JdbcLog(this, runId, row.fence, entries(connection, runId, row));
  }

  private record Row(
      int format, int entries, long fence, @Nullable String holder, Instant leaseEnd) {}

  private static Optional<Row> row(Connection connection, String runId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT format, entries, fence, holder, lease_end FROM alpha_umi_run"
                + " WHERE run_id = ?")) {
      statement.setString(1, runId);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Row(
                    rows.getInt(1),
                    rows.getInt(2),
                    rows.getLong(3),
                    rows.getString(4),
                    JdbcDatabase.instant(rows, 5)))
            : Optional.empty();
      }
    }
  }

  private static List<Entry> entries(Connection connection, String runId, Row row)
      throws SQLException {
    if (row.format > JournalChecks.FORMAT) {
      throw JournalChecks.newer("run " + runId, row.format, JournalChecks.FORMAT);
    }
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT number, kind, written_at, data FROM alpha_umi_entry WHERE run_id = ?"
                + " AND number < ? ORDER BY number")) {
      statement.setString(1, runId);
      statement.setInt(2, row.entries);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next() && rows.getInt(1) == entries.size()) {
          entries.add(
              new Entry(
                  Kind.valueOf(rows.getString(2)),
                  JdbcDatabase.instant(rows, 3),
                  rows.getString(4)));
        }
      }
    }
    if (entries.size() < row.entries) {
      throw new Journal.Failure(
          Reason.DAMAGED,
          String.format(
              "run %s: entry %d of %d is not in alpha_umi_entry; restore it from a copy, or delete"
                  + " the run",
              runId, entries.size(), row.entries));
    }
    return entries;
  }

  void append(String runId, long fence, int number, Kind kind, String data) {
    database.transaction(
        String.format("run %s: %s could not be written", runId, kind),
        connection -> {
          Instant now = database.now(connection);
          int written =
              JdbcDatabase.update(
                  connection,
                  "UPDATE alpha_umi_run SET entries = entries + 1, state = ?, changed_at = ?,"
                      + " lease_end = ? WHERE run_id = ? AND fence = ? AND entries = ?",
                  State.after(kind).name(),
                  now,
                  now.plus(lease),
                  runId,
                  fence,
                  number);
          if (written == 0) {
            throw leaseLost(connection, runId);
          }
          return JdbcDatabase.update(
              connection,
              "INSERT INTO alpha_umi_entry (run_id, number, kind, written_at, data)"
                  + " VALUES (?, ?, ?, ?, ?)",
              runId,
              number,
              kind.name(),
              now,
              data);
        });
  }

  private static Journal.Failure leaseLost(Connection connection, String runId)
      throws SQLException {
    String by =
        row(connection, runId)
            .map(row -> row.holder == null ? "another process, which has closed it" : row.holder)
            .orElse("another process, which has deleted it");
    return new Journal.Failure(
        Reason.LEASE_LOST,
        "run " + runId + ": its lease ended here and it was taken over by " + by);
  }

  /** Does nothing to a run that others have taken over. */
  void renew(String runId, long fence) {
    database.transaction(
        "run " + runId + ": its lease cannot be renewed",
        connection ->
            JdbcDatabase.update(
                connection,
                "UPDATE alpha_umi_run SET lease_end = ? WHERE run_id = ? AND fence = ?"
                    + " AND holder IS NOT NULL",
                database.now(connection).plus(lease),
                runId,
                fence));
  }

  void release(JdbcLog log, long fence) {
    leases.remove(log);
    database.transaction(
        "run " + log.runId() + ": its lease cannot be given back",
        connection -> {
          JdbcDatabase.update(
              connection,
              "DELETE FROM alpha_umi_run WHERE run_id = ? AND fence = ? AND entries = 0",
              log.runId(),
              fence);
          return JdbcDatabase.update(
              connection,
              "UPDATE alpha_umi_run SET holder = NULL WHERE run_id = ? AND fence = ?",
              log.runId(),
              fence);
        });
  }

  @Override
  public List<Entry> read(String runId) {
    JournalChecks.runId(runId);
    return database.transaction(
        "run " + runId + " cannot be read",
        connection -> {
          Row row =
              row(connection, runId)
                  .filter(found -> found.entries > 0)
                  .orElseThrow(() -> JournalChecks.noSuchRun(runId, where));
          return List.copyOf(entries(connection, runId, row));
        });
  }

  @Override
  public List<Summary> runs(State state) {
    return database.transaction(
        "the runs cannot be listed",
        connection -> {
          List<Summary> found = new ArrayList<>();
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT run_id, changed_at FROM alpha_umi_run WHERE state = ? AND entries > 0"
                      + " ORDER BY changed_at, run_id")) {
            statement.setString(1, state.name());
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(new Summary(rows.getString(1), state, JdbcDatabase.instant(rows, 2)));
              }
            }
          }
          return List.copyOf(found);
        });
  }

  @Override
  public void delete(String runId) {
    JournalChecks.runId(runId);
    database.transaction(
        "run " + runId + " cannot be deleted",
        connection -> {
          take(connection, runId);
          JdbcDatabase.update(connection, "DELETE FROM alpha_umi_entry WHERE run_id = ?", runId);
          return JdbcDatabase.update(
              connection, "DELETE FROM alpha_umi_run WHERE run_id = ?", runId);
        });
  }
}
