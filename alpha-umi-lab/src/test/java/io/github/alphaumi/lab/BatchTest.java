package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTest {
  private static final int RECORDS = 100;

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private Path in = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void writeInput() throws IOException {
    in = folder.resolve("in.json");
    out = folder.resolve("out.json");
    Files.writeString(
        in,
        IntStream.range(0, RECORDS)
            .mapToObj(i -> "{\"n\": " + i + "}")
            .collect(Collectors.joining(",\n", "[", "]")));
  }

  @Test
  void should_write_what_the_step_gives_and_a_manifest_beside_it() throws IOException {
    batch(List.of(in), out).run(new Copy(Integer.MAX_VALUE));

    assertThat(Files.readString(out)).startsWith("[\n  {\n    \"n\": 0\n  },\n").endsWith("\n]");
    assertThat(Files.readString(folder.resolve("out.json.manifest.json")))
        .contains("\"records\": 100", "\"sha256\": \"" + new HashedFile(out).sha256() + "\"")
        .contains(new HashedFile(in).sha256());
    assertThat(files()).containsExactly("in.json", "out.json", "out.json.manifest.json");
  }

  @Test
  void should_leave_no_half_file_and_go_on_when_killed() throws IOException {
    batch(List.of(in), folder.resolve("whole.json")).run(new Copy(Integer.MAX_VALUE));
    Copy killed = new Copy(60);
    assertThatThrownBy(() -> batch(List.of(in), out).run(killed))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(out).doesNotExist();

    Copy second = new Copy(Integer.MAX_VALUE);
    Tally tally = batch(List.of(in), out).run(second);

    assertThat(second.seen).hasSizeLessThan(RECORDS).hasSizeGreaterThan(RECORDS - 60);
    assertThat(tally.counts).containsEntry("copied", (long) RECORDS);
    assertThat(out).hasSameBinaryContentAs(folder.resolve("whole.json"));
    assertThat(err.toString()).contains("going on at");
    assertThat(files()).noneMatch(name -> name.contains("part") || name.contains("checkpoint"));
  }

  @Test
  void should_start_again_when_the_input_is_another_than_before_the_kill() throws IOException {
    assertThatThrownBy(() -> batch(List.of(in), out).run(new Copy(60)))
        .isInstanceOf(UncheckedIOException.class);
    Files.writeString(in, "[{\"n\": 7}]");

    batch(List.of(in), out).run(new Copy(Integer.MAX_VALUE));

    assertThat(Files.readString(out)).isEqualTo("[\n  {\n    \"n\": 7\n  }\n]");
  }

  @Test
  void should_report_and_skip_bad_records() throws IOException {
    Files.writeString(in, "[{\"n\": 1}, {\"n\": }, 5, {\"m\": 2}, {\"n\": 3}, {\"n\": [");

    Tally tally = batch(List.of(in), out).run(new Copy(Integer.MAX_VALUE));

    assertThat(tally.skipped).isEqualTo(4);
    assertThat(tally.counts).containsEntry("copied", 2L);
    assertThat(err.toString())
        .contains("skipped " + in + ", record 1: no JSON")
        .contains("record 2: the record is not an object")
        .contains("record 3: 'n' is missing; there are [m]")
        .contains("record 5: no JSON");
    assertThat(Files.readString(folder.resolve("out.json.manifest.json")))
        .contains("\"skipped\": 4");
  }

  @Test
  void should_go_on_with_the_next_file_when_one_cannot_be_unpacked() throws IOException {
    Path broken = folder.resolve("broken.json.gz");
    Files.write(broken, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3});

    Tally tally = batch(List.of(broken, in), out).run(new Copy(Integer.MAX_VALUE));

    assertThat(tally.counts).containsEntry("copied", (long) RECORDS);
    assertThat(err.toString()).contains("cannot be unpacked");
  }

  @Test
  void should_refuse_to_overwrite() throws IOException {
    Files.writeString(out, "mine");

    assertThatThrownBy(() -> batch(List.of(in), out).run(new Copy(Integer.MAX_VALUE)))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("exists; delete it");
    assertThat(out).hasContent("mine");
  }

  @Test
  void should_fail_when_an_input_changes_while_it_is_read() {
    Copy changing =
        new Copy(Integer.MAX_VALUE) {
          @Override
          public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
              throws BadRecordException {
            super.apply(source, record, sink);
            try {
              Files.writeString(in, " ", java.nio.file.StandardOpenOption.APPEND);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };

    assertThatThrownBy(() -> batch(List.of(in), out).run(changing))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("changed while it was read");
    assertThat(out).doesNotExist();
  }

  @Test
  void should_write_lines_where_the_name_says_so() throws IOException {
    Path lines = folder.resolve("out.jsonl");
    Files.writeString(in, "[{\"n\": 1}, {\"n\": \"\\u00e9\\n\"}]");

    batch(List.of(in), lines).run(new Copy(Integer.MAX_VALUE));

    assertThat(Files.readString(lines)).isEqualTo("{\"n\": 1}\n{\"n\": \"é\\n\"}\n");
  }

  private Batch batch(List<Path> inputs, Path output) {
    Console console = new Console(new PrintWriter(err, true), new PrintWriter(err, true), false);
    BatchFiles files = new BatchFiles("copy", Map.of(), inputs, List.of(output));
    return new Batch(console, files, 2, 100);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Copies records, and dies at one of them. */
  private static class Copy implements RecordStep {
    private final int deadly;
    private final List<Object> seen = new ArrayList<>();

    Copy(int deadly) {
      this.deadly = deadly;
    }

    @Override
    public void apply(Path source, Map<String, @Nullable Object> record, Sink sink)
        throws BadRecordException {
      if (!record.containsKey("n")) {
        Fields.text(record, "n");
      }
      if (record.get("n") instanceof Integer n && n >= deadly) {
        throw new UncheckedIOException(new IOException("killed"));
      }
      seen.add(record);
      sink.write(0, record);
      sink.count("copied");
    }
  }
}
