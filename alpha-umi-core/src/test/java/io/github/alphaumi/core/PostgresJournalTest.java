package io.github.alphaumi.core;

import com.zaxxer.hikari.HikariDataSource;

class PostgresJournalTest extends JdbcJournalContract {
  @Override
  HikariDataSource database() {
    return Databases.postgres();
  }
}
