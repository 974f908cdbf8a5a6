package io.github.alphaumi.core;

import com.zaxxer.hikari.HikariDataSource;

class H2JournalTest extends JdbcJournalContract {
  @Override
  HikariDataSource database() {
    return Databases.h2();
  }
}
