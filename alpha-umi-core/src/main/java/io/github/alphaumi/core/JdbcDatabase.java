package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Failure.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where a journal's tables are: work on them in transactions, and the time by its clock. */
final class JdbcDatabase {
  private final DataSource source;
  private final @Nullable Supplier<Instant> time;

  /** Work in one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * @param time a clock in place of the database's, so that tests need not wait
   */
  JdbcDatabase(DataSource source, @Nullable Supplier<Instant> time) {
    this.source = source;
    this.time = time;
  }

  /**
   * Does all of the work, or nothing of it.
   *
   * @param what could not be done, in an error's words
   * @throws Journal.Failure if the database refuses
   */
  <T> T transaction(String what, Work<T> work) {
    try (Connection connection = source.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        undo(connection, e);
        throw e;
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException e) {
      throw new Journal.Failure(Reason.STORAGE, what + ": " + e.getMessage(), e);
    }
  }

  private static void undo(Connection connection, Exception why) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  /** By the clock that all processes share. */
  Instant now(Connection connection) throws SQLException {
    if (time != null) {
      return time.get();
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT CURRENT_TIMESTAMP")) {
      rows.next();
      return instant(rows, 1);
    }
  }

  static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OffsetDateTime sql(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        Object value = values[i];
        statement.setObject(i + 1, value instanceof Instant instant ? sql(instant) : value);
      }
      return statement.executeUpdate();
    }
  }
}
