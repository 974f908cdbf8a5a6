package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Failure.Reason;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.Journal.State;
import io.github.alphaumi.core.testkit.JournalContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest extends JournalContract {
  @TempDir Path folder;

  @Override
  protected Journal create() {
    return again();
  }

  @Override
  protected Journal again() {
    return Journal.files(folder.resolve("runs"), Journal.Sync.EFFECTS);
  }

  /** A small run; returns where each line ends. */
  private List<Integer> write(Path file) throws IOException {
    List<Integer> ends = new ArrayList<>();
    try (Journal.Log log = create().create("r")) {
      ends.add((int) Files.size(file));
      for (Kind kind : List.of(Kind.STARTED, Kind.INTENT, Kind.OUTCOME, Kind.FINISHED)) {
        log.append(kind, "{\"text\": \"für " + kind + "\"}");
        ends.add((int) Files.size(file));
      }
    }
    return ends;
  }

  private Path file() {
    return folder.resolve("runs").resolve("r.journal");
  }

  @Test
  void a_file_that_was_cut_off_at_any_byte_is_read_up_to_its_last_whole_line() throws IOException {
    List<Integer> ends = write(file());
    byte[] whole = Files.readAllBytes(file());
    List<Entry> entries = create().read("r");
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      int cut = length;
      int expected = (int) ends.stream().filter(end -> end <= cut).count() - 1;
      if (expected <= 0) {
        assertThatThrownBy(() -> again().open("r"))
            .isInstanceOfSatisfying(
                Journal.Failure.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_RUN));
        continue;
      }
      assertThat(again().read("r")).isEqualTo(entries.subList(0, expected));
      try (Journal.Log log = again().open("r")) {
        assertThat(log.entries()).isEqualTo(entries.subList(0, expected));
        log.append(Kind.PLANNED, "{\"after\": " + length + "}");
      }
      assertThat(again().read("r"))
          .hasSize(expected + 1)
          .last()
          .extracting(Entry::data)
          .isEqualTo("{\"after\": " + length + "}");
    }
  }

  @Test
  void zero_bytes_of_a_machine_that_lost_power_are_dropped() throws IOException {
    List<Integer> ends = write(file());
    byte[] whole = Files.readAllBytes(file());
    for (int from = ends.get(3); from < whole.length; from++) {
      byte[] torn = whole.clone();
      Arrays.fill(torn, from, whole.length - 1, (byte) 0);
      Files.write(file(), torn);
      assertThat(again().read("r")).hasSize(from == whole.length - 1 ? 4 : 3);
      Files.write(file(), Arrays.copyOf(torn, whole.length + 4096));
      if (from < whole.length - 1) {
        assertThat(again().read("r")).hasSize(3);
      }
    }
  }

  /** The line end of the last line is the one byte whose damage looks like a cut. */
  @Test
  void a_byte_that_changed_anywhere_is_found_and_its_line_is_named() throws IOException {
    List<Integer> ends = write(file());
    byte[] whole = Files.readAllBytes(file());
    for (int at = 0; at < whole.length - 1; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x15;
      Files.write(file(), damaged);
      int position = at;
      int line = (int) ends.stream().filter(end -> end <= position).count();
      int start = line == 0 ? 0 : ends.get(line - 1);
      assertThatThrownBy(() -> again().open("r"))
          .as("byte %d", at)
          .isInstanceOfSatisfying(
              Journal.Failure.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
          .hasMessageContaining("damaged at byte " + start + " of " + whole.length);
      assertThat(Files.readAllBytes(file())).as("the file is left as it is").isEqualTo(damaged);
    }
  }

  @Test
  void a_file_of_a_newer_format_is_refused_in_words() throws IOException {
    write(file());
    Files.write(file(), JournalLines.header("r", JournalChecks.FORMAT + 1));
    assertThatThrownBy(() -> create().open("r"))
        .isInstanceOfSatisfying(
            Journal.Failure.class, e -> assertThat(e.reason()).isEqualTo(Reason.NEWER))
        .hasMessageContaining("version " + (JournalChecks.FORMAT + 1))
        .hasMessageContaining("use a newer one");
  }

  @Test
  void a_file_under_another_name_is_not_taken_for_that_run() throws IOException {
    write(file());
    Files.move(file(), file().resolveSibling("other.journal"));
    assertThatThrownBy(() -> create().open("other")).hasMessageContaining("has run r, not other");
  }

  @Test
  void the_file_is_one_line_for_each_entry_and_no_lock_stays_behind() throws IOException {
    write(file());
    List<String> lines = Files.readAllLines(file());
    assertThat(lines.get(0)).matches("[0-9a-f]{8} [0-9a-f]{8} JOURNAL 1 r");
    assertThat(lines.get(2))
        .matches("[0-9a-f]{8} [0-9a-f]{8} INTENT 2\\S+Z \\{\"text\": \"für INTENT\"}");
    assertThat(lines).hasSize(5);
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertThat(files).containsExactly(file().toRealPath());
    }
  }

  @Test
  void a_lock_file_that_a_killed_process_left_is_no_lock() throws IOException {
    write(file());
    Files.writeString(file().resolveSibling("r.lease"), "process 1 on nowhere");
    create().open("r").close();
    assertThat(create().runs(State.FINISHED)).hasSize(1);
  }
}
