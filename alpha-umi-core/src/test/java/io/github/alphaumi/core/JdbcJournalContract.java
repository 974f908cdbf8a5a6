package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Failure.Reason;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.testkit.JournalContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a journal in a database keeps to besides, whichever database it is. */
abstract class JdbcJournalContract extends JournalContract {
  private static final Duration LEASE = Duration.ofHours(1);

  private HikariDataSource database;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");

  abstract HikariDataSource database();

  @BeforeEach
  void connect() {
    if (database == null) {
      database = database();
    }
  }

  @AfterEach
  void disconnect() {
    database.close();
  }

  @Override
  protected Journal create() {
    connect();
    return again();
  }

  @Override
  protected Journal again() {
    return Journal.jdbc(database);
  }

  /** With a clock that stands still, so that no lease is renewed or ends by itself. */
  private JdbcJournal still() {
    return new JdbcJournal(database, LEASE, () -> now);
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static Journal.Failure thrown(Reason reason, Callable<?> work) {
    List<Journal.Failure> thrown = new ArrayList<>();
    assertThatThrownBy(work::call)
        .isInstanceOfSatisfying(
            Journal.Failure.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              thrown.add(e);
            });
    return thrown.get(0);
  }

  @Test
  void a_lease_that_ended_is_taken_over_and_its_former_holder_can_write_no_more() {
    Journal.Log slow = still().create("r");
    slow.append(Kind.STARTED, "{}");
    assertThat(thrown(Reason.IN_USE, () -> still().open("r")))
        .hasMessageContaining("its lease ends at 2026-11-21T13:00:00Z");
    now = now.plus(LEASE);
    thrown(Reason.IN_USE, () -> still().open("r"));
    now = now.plusMillis(1);
    try (Journal.Log next = still().open("r")) {
      assertThat(next.entries()).hasSize(1);
      assertThat(
              thrown(
                  Reason.LEASE_LOST,
                  () -> {
                    slow.append(Kind.INTENT, "{\"stale\": 1}");
                    return "";
                  }))
          .hasMessageContaining("taken over by process");
      slow.close();
      next.append(Kind.PLANNED, "{}");
      thrown(Reason.IN_USE, () -> still().open("r"));
    }
    assertThat(still().read("r"))
        .extracting(Entry::kind)
        .containsExactly(Kind.STARTED, Kind.PLANNED);
  }

  @Test
  void a_stale_holder_cannot_write_after_the_next_one_has_closed_or_deleted_the_run() {
    Journal.Log slow = still().create("r");
    slow.append(Kind.STARTED, "{}");
    Journal.Log slower = still().create("s");
    slower.append(Kind.STARTED, "{}");
    now = now.plus(LEASE).plusMillis(1);
    still().open("r").close();
    still().delete("s");
    for (Journal.Log log : List.of(slow, slower)) {
      thrown(
          Reason.LEASE_LOST,
          () -> {
            log.append(Kind.INTENT, "{}");
            return "";
          });
      log.close();
    }
    assertThat(still().read("r")).hasSize(1);
  }

  @Test
  void an_open_run_is_renewed_and_a_closed_one_is_not() {
    JdbcJournal journal = still();
    JdbcLog log = (JdbcLog) journal.create("r");
    log.append(Kind.STARTED, "{}");
    for (int hour = 0; hour < 5; hour++) {
      now = now.plus(LEASE.minusMinutes(1));
      log.renew();
      thrown(Reason.IN_USE, () -> still().open("r"));
    }
    now = now.plus(LEASE).plusMillis(1);
    Journal.Log next = still().open("r");
    log.renew();
    next.close();
    log.renew();
    still().open("r").close();
  }

  @Test
  void a_lease_is_renewed_by_itself_while_a_run_is_open() throws Exception {
    Journal journal = Journal.jdbc(database, Duration.ofMillis(600));
    try (Journal.Log log = journal.create("r")) {
      log.append(Kind.STARTED, "{}");
      String first = thrown(Reason.IN_USE, () -> again().open("r")).getMessage();
      Instant giveUp = Instant.now().plusSeconds(60);
      while (first.equals(thrown(Reason.IN_USE, () -> again().open("r")).getMessage())) {
        assertThat(Instant.now()).isBefore(giveUp);
      }
    }
  }

  @Test
  void a_process_that_died_before_the_first_entry_left_nothing_in_the_way() {
    assertThat(still().create("r").entries()).isEmpty();
    thrown(Reason.IN_USE, () -> still().create("r"));
    now = now.plus(LEASE).plusMillis(1);
    try (Journal.Log log = still().create("r")) {
      log.append(Kind.STARTED, "{}");
    }
    assertThat(still().read("r")).hasSize(1);
  }

  @Test
  void entries_that_are_missing_are_noticed() throws SQLException {
    try (Journal.Log log = still().create("r")) {
      for (int i = 0; i < 4; i++) {
        log.append(Kind.STARTED, "{}");
      }
    }
    sql("DELETE FROM alpha_umi_entry WHERE number = 2");
    assertThat(thrown(Reason.DAMAGED, () -> still().open("r")))
        .hasMessageContaining("entry 2 of 4");
  }

  @Test
  void tables_and_runs_of_a_newer_version_are_refused_in_words() throws SQLException {
    try (Journal.Log log = still().create("r")) {
      log.append(Kind.STARTED, "{}");
    }
    sql("UPDATE alpha_umi_run SET format = 9");
    assertThat(thrown(Reason.NEWER, () -> still().open("r")))
        .hasMessageContaining("run r: written in version 9");
    sql("UPDATE alpha_umi_run SET format = 1", "INSERT INTO alpha_umi_journal VALUES (2)");
    assertThat(thrown(Reason.NEWER, this::again))
        .hasMessageContaining("table alpha_umi_journal: written in version 2")
        .hasMessageContaining("use a newer one");
  }

  @Test
  void tables_are_made_once_however_many_begin_at_the_same_time() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Journal>> journals = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        journals.add(
            threads.submit(
                () -> {
                  start.await();
                  return Journal.jdbc(database);
                }));
      }
      start.countDown();
      for (Future<Journal> journal : journals) {
        assertThat(journal.get().runs(Journal.State.FINISHED)).isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_table_without_its_version_is_what_a_killed_process_left() throws SQLException {
    again();
    sql("DELETE FROM alpha_umi_journal");
    again().create("r").close();
    assertThat(again().runs(Journal.State.FINISHED)).isEmpty();
  }

  @Test
  void a_database_that_is_gone_is_named_and_the_log_takes_nothing_more() {
    Journal journal = again();
    Journal.Log log = journal.create("r");
    log.append(Kind.STARTED, "{}");
    database.close();
    for (int i = 0; i < 2; i++) {
      thrown(
          Reason.STORAGE,
          () -> {
            log.append(Kind.PLANNED, "{}");
            return "";
          });
    }
    thrown(Reason.STORAGE, () -> Journal.jdbc(database));
    thrown(
        Reason.STORAGE,
        () -> {
          log.close();
          return "";
        });
  }
}
