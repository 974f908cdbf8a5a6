package io.github.alphaumi.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Failure.Reason;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.Journal.State;
import io.github.alphaumi.core.Journal.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Journal} keeps to. Extend it and say how a journal is opened; JUnit and AssertJ
 * have to be on the class path.
 */
public abstract class JournalContract {
  private Journal journal;

  /** An empty store. */
  protected abstract Journal create();

  /** Another handle on the store that {@link #create} made last, as another process has it. */
  protected abstract Journal again();

  @BeforeEach
  void open() {
    journal = create();
  }

  private static void refused(Reason reason, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Journal.Failure.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(words);
  }

  private void write(String runId, Kind... kinds) {
    try (Journal.Log log = journal.create(runId)) {
      for (Kind kind : kinds) {
        log.append(kind, "{}");
      }
    }
  }

  @Test
  void entries_come_back_in_order_and_as_they_were() {
    Instant before = Instant.now().minusSeconds(60);
    List<String> data = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      data.add("{\"n\": " + i + ", \"text\": \"ä 漢 🙂 ' \\u0000 % " + random.nextLong() + "\"}");
    }
    data.add("{\"long\": \"" + "x".repeat(1_000_000) + "\"}");
    try (Journal.Log log = journal.create("r")) {
      for (int i = 0; i < data.size(); i++) {
        log.append(Kind.values()[i % Kind.values().length], data.get(i));
      }
      assertThat(log.entries()).as("what was there when it was opened").isEmpty();
    }
    for (List<Entry> read : List.of(journal.read("r"), again().read("r"))) {
      assertThat(read).extracting(Entry::data).containsExactlyElementsOf(data);
      assertThat(read).extracting(Entry::at).isSorted().allMatch(before::isBefore);
      for (int i = 0; i < data.size(); i++) {
        assertThat(read.get(i).kind()).isEqualTo(Kind.values()[i % Kind.values().length]);
      }
    }
  }

  @Test
  void an_opened_log_has_what_was_written_before_and_goes_on_behind_it() {
    write("r", Kind.STARTED, Kind.PLANNED);
    try (Journal.Log log = again().open("r")) {
      assertThat(log.runId()).isEqualTo("r");
      assertThat(log.entries()).extracting(Entry::kind).containsExactly(Kind.STARTED, Kind.PLANNED);
      log.append(Kind.CALLED, "{}");
    }
    assertThat(journal.read("r"))
        .extracting(Entry::kind)
        .containsExactly(Kind.STARTED, Kind.PLANNED, Kind.CALLED);
  }

  @Test
  void entries_are_seen_by_readers_while_the_log_is_open() {
    try (Journal.Log log = journal.create("r")) {
      log.append(Kind.STARTED, "{}");
      assertThat(again().read("r")).hasSize(1);
      log.append(Kind.PLANNED, "{}");
      assertThat(again().read("r")).hasSize(2);
    }
  }

  @Test
  void a_run_is_open_once_and_the_error_names_the_holder() {
    try (Journal.Log log = journal.create("r")) {
      log.append(Kind.STARTED, "{}");
      String holder = "process " + ProcessHandle.current().pid();
      refused(Reason.IN_USE, holder, () -> journal.open("r"));
      refused(Reason.IN_USE, "run r: ", () -> again().open("r"));
      refused(Reason.IN_USE, "its lease ends ", () -> again().delete("r"));
      log.append(Kind.PLANNED, "{}");
    }
    assertThatCode(() -> again().open("r").close()).doesNotThrowAnyException();
  }

  @Test
  void of_many_that_open_a_run_at_once_one_gets_it() throws Exception {
    write("r", Kind.STARTED);
    Journal other = again();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Journal.Log>> attempts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          Journal mine = i % 2 == 0 ? journal : other;
          attempts.add(
              threads.submit(
                  () -> {
                    start.await();
                    try {
                      return mine.open("r");
                    } catch (Journal.Failure e) {
                      assertThat(e.reason()).isEqualTo(Reason.IN_USE);
                      return null;
                    }
                  }));
        }
        start.countDown();
        List<Journal.Log> opened = new ArrayList<>();
        for (Future<Journal.Log> attempt : attempts) {
          if (attempt.get() != null) {
            opened.add(attempt.get());
          }
        }
        assertThat(opened).as("round " + round).hasSize(1);
        opened.get(0).close();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void different_runs_are_open_at_once() {
    try (Journal.Log first = journal.create("first");
        Journal.Log second = again().create("second")) {
      first.append(Kind.STARTED, "{\"run\": 1}");
      second.append(Kind.STARTED, "{\"run\": 2}");
    }
    assertThat(journal.read("first")).extracting(Entry::data).containsExactly("{\"run\": 1}");
    assertThat(journal.read("second")).extracting(Entry::data).containsExactly("{\"run\": 2}");
  }

  @Test
  void a_closed_log_takes_nothing_and_is_closed_again_for_nothing() {
    Journal.Log log = journal.create("r");
    log.append(Kind.STARTED, "{}");
    log.close();
    assertThatIllegalStateException().isThrownBy(() -> log.append(Kind.PLANNED, "{}"));
    try (Journal.Log next = again().open("r")) {
      log.close();
      next.append(Kind.PLANNED, "{}");
      refused(Reason.IN_USE, "run r: ", () -> journal.open("r"));
    }
  }

  @Test
  void an_id_is_used_once() {
    write("r", Kind.STARTED);
    refused(Reason.EXISTS, "run r: ", () -> journal.create("r"));
    refused(Reason.EXISTS, "resume it", () -> again().create("r"));
    assertThatCode(() -> journal.open("r").close()).doesNotThrowAnyException();
  }

  @Test
  void a_run_that_ended_before_its_first_entry_never_was() {
    journal.create("r").close();
    refused(Reason.NO_SUCH_RUN, "run r: ", () -> journal.open("r"));
    assertThat(journal.runs(State.UNFINISHED)).isEmpty();
    write("r", Kind.STARTED);
    assertThat(journal.read("r")).hasSize(1);
  }

  @Test
  void a_run_that_is_not_there_is_named() {
    refused(Reason.NO_SUCH_RUN, "run nobody: ", () -> journal.open("nobody"));
    refused(Reason.NO_SUCH_RUN, "run nobody: ", () -> journal.read("nobody"));
    refused(Reason.NO_SUCH_RUN, "run nobody: ", () -> journal.delete("nobody"));
  }

  @Test
  void ids_are_kept_apart_whatever_is_in_them() {
    List<String> ids =
        List.of("a", "A", "../a", "a/b", "a%2fb", "..", "con", "*", "'; --", "Z".repeat(80));
    List<String> good = ids.stream().filter(id -> !id.contains(" ")).toList();
    for (String id : good) {
      try (Journal.Log log = journal.create(id)) {
        log.append(Kind.STARTED, "{\"id\": " + good.indexOf(id) + "}");
      }
    }
    for (String id : good) {
      assertThat(journal.read(id))
          .extracting(Entry::data)
          .containsExactly("{\"id\": " + good.indexOf(id) + "}");
    }
    assertThat(journal.runs(State.UNFINISHED))
        .extracting(Summary::runId)
        .containsExactlyInAnyOrderElementsOf(good);
    for (String bad : List.of("", "a b", "ä", "a\n", "x".repeat(81))) {
      assertThatIllegalArgumentException().isThrownBy(() -> journal.create(bad));
    }
  }

  @Test
  void data_that_a_line_cannot_hold_is_refused_and_the_log_goes_on() {
    try (Journal.Log log = journal.create("r")) {
      log.append(Kind.STARTED, "{}");
      for (String bad : List.of("a\nb", "a\u0000b", "\ud83d", "x\udc00y")) {
        assertThatIllegalArgumentException().isThrownBy(() -> log.append(Kind.PLANNED, bad));
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> log.append(Kind.PLANNED, "x".repeat(Journal.MAX_DATA + 1)))
          .withMessageContaining("4,194,304");
      log.append(Kind.CALLED, "{}");
    }
    assertThat(again().read("r"))
        .extracting(Entry::kind)
        .containsExactly(Kind.STARTED, Kind.CALLED);
  }

  @Test
  void an_interrupted_thread_still_writes_and_stays_interrupted() {
    try (Journal.Log log = journal.create("r")) {
      log.append(Kind.STARTED, "{}");
      Thread.currentThread().interrupt();
      log.append(Kind.OUTCOME, "{}");
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(again().read("r")).hasSize(2);
  }

  @Test
  void runs_are_listed_by_state() {
    write("new", Kind.STARTED);
    write("asked", Kind.STARTED, Kind.INTENT, Kind.ASKED, Kind.SUSPENDED);
    write("decided", Kind.STARTED, Kind.SUSPENDED, Kind.DECIDED);
    write("over", Kind.STARTED, Kind.FINISHED);
    assertThat(again().runs(State.UNFINISHED))
        .extracting(Summary::runId, Summary::state)
        .containsExactlyInAnyOrder(
            tuple("new", State.UNFINISHED), tuple("decided", State.UNFINISHED));
    assertThat(again().runs(State.SUSPENDED)).extracting(Summary::runId).containsExactly("asked");
    assertThat(again().runs(State.FINISHED)).extracting(Summary::runId).containsExactly("over");
    assertThat(journal.runs(State.FINISHED).get(0).changed())
        .isEqualTo(journal.read("over").get(1).at());
  }

  @Test
  void finished_runs_are_deleted_when_they_are_old_enough_and_closed() {
    write("over", Kind.STARTED, Kind.FINISHED);
    write("read", Kind.STARTED, Kind.FINISHED);
    write("new", Kind.STARTED);
    Instant later = Instant.now().plusSeconds(3600);
    assertThat(journal.deleteFinished(Instant.EPOCH)).isZero();
    try (Journal.Log log = again().open("read")) {
      assertThat(journal.deleteFinished(later)).isEqualTo(1);
      assertThat(log.entries()).hasSize(2);
    }
    refused(Reason.NO_SUCH_RUN, "run over: ", () -> again().read("over"));
    assertThat(journal.read("read")).hasSize(2);
    assertThat(journal.read("new")).hasSize(1);
    journal.delete("new");
    write("new", Kind.STARTED, Kind.PLANNED);
    assertThat(journal.read("new")).hasSize(2);
  }
}
