package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Failure.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of a journal in a database, in SQL that H2 and PostgreSQL understand alike. */
final class JdbcSchema {
  /** Version of the tables; raised when an older library could not write into them. */
  static final int VERSION = 1;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE IF NOT EXISTS alpha_umi_journal (version INT PRIMARY KEY)",
          "CREATE TABLE IF NOT EXISTS alpha_umi_run ("
              + "run_id VARCHAR(80) PRIMARY KEY, "
              + "format INT NOT NULL, "
              + "state VARCHAR(16) NOT NULL, "
              + "changed_at TIMESTAMP WITH TIME ZONE NOT NULL, "
              + "entries INT NOT NULL, "
              + "fence BIGINT NOT NULL, "
              + "holder VARCHAR(400), "
              + "lease_end TIMESTAMP WITH TIME ZONE NOT NULL)",
          "CREATE INDEX IF NOT EXISTS alpha_umi_run_state ON alpha_umi_run (state, changed_at)",
          "CREATE TABLE IF NOT EXISTS alpha_umi_entry ("
              + "run_id VARCHAR(80) NOT NULL REFERENCES alpha_umi_run (run_id), "
              + "number INT NOT NULL, "
              + "kind VARCHAR(16) NOT NULL, "
              + "written_at TIMESTAMP WITH TIME ZONE NOT NULL, "
              + "data TEXT NOT NULL, "
              + "PRIMARY KEY (run_id, number))",
          "INSERT INTO alpha_umi_journal (version) VALUES (" + VERSION + ")");

  private JdbcSchema() {}

  /**
   * Creates the tables, or checks those that are there.
   *
   * @return names the database in errors, without what may be a password
   */
  static String prepare(Connection connection) throws SQLException {
    boolean there;
    try {
      there = isThere(connection);
    } catch (SQLException e) {
      connection.rollback();
      there = false;
    }
    if (!there) {
      create(connection);
    }
    return connection.getMetaData().getURL().replaceFirst("[?;].*", "");
  }

  /** Somebody may have been killed between making the tables and writing the version. */
  private static boolean isThere(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM alpha_umi_journal")) {
      rows.next();
      int version = rows.getInt(1);
      if (version > VERSION) {
        throw JournalChecks.newer("table alpha_umi_journal", version, VERSION);
      }
      return version == VERSION;
    }
  }

  /** Another process may do the same at the same time: what counts is that the tables are there. */
  private static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : TABLES) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      connection.rollback();
      if (!isThereNow(connection, e)) {
        throw new Journal.Failure(
            Reason.STORAGE,
            "the journal's tables are not there and cannot be made ("
                + e.getMessage()
                + "); somebody who may has to run: "
                + String.join("; ", TABLES),
            e);
      }
    }
  }

  private static boolean isThereNow(Connection connection, SQLException why) throws SQLException {
    try {
      return isThere(connection);
    } catch (SQLException e) {
      why.addSuppressed(e);
      connection.rollback();
      return false;
    }
  }
}
