package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTableTest {
  @TempDir Path folder;

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("peers.jsonl"), List.of(lines));
  }

  @Test
  void should_join_what_an_engine_was_measured_at_several_times() throws IOException {
    Path file =
        file(
            "{'engine':'a','metric':'prefill 8','unit':'tokens/s','values':[1,2]}"
                .replace('\'', '"'),
            "",
            "{'engine':'b','metric':'prefill 8','unit':'tokens/s','values':[7]}".replace('\'', '"'),
            "{'engine':'a','metric':'prefill 8','unit':'tokens/s','values':[9]}"
                .replace('\'', '"'));
    List<BenchRow> rows = BenchTable.read(List.of(file));
    assertThat(rows).extracting(BenchRow::engine).containsExactly("a", "b");
    assertThat(rows.get(0).values()).containsExactly(1, 2, 9);
    assertThat(rows.get(0).median()).isEqualTo(2);
    assertThat(rows.get(0).best()).isEqualTo(9);
  }

  @Test
  void should_read_what_it_writes() throws IOException {
    BenchRow row = BenchRow.of("start", BenchRow.MILLISECONDS, "cached", 30, 10, 20);
    BenchRow again = BenchTable.read(List.of(file(row.toJson().toString()))).get(0);
    assertThat(again.toJson()).isEqualTo(row.toJson());
    assertThat(again.best()).isEqualTo(10);
  }

  @Test
  void should_name_the_line_that_is_no_figure() throws IOException {
    Path file = file("{\"engine\":\"a\"}");
    assertThatThrownBy(() -> BenchTable.read(List.of(file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + ":1: not a figure of a benchmark");
  }

  @Test
  void should_compare_figures_of_the_same_name_with_more_or_less_being_better() {
    BenchRow rate = BenchRow.of("decode", BenchRow.RATE, "", 30);
    BenchRow time = BenchRow.of("start", BenchRow.MILLISECONDS, "", 20);
    List<BenchRow> peers =
        List.of(
            new BenchRow("slow", "decode", BenchRow.RATE, new double[] {15}, ""),
            new BenchRow("slow", "start", BenchRow.MILLISECONDS, new double[] {50}, ""),
            new BenchRow("slow", "other", BenchRow.RATE, new double[] {1}, ""));
    StringWriter text = new StringWriter();
    BenchTable.print(List.of(rate, time), peers, new PrintWriter(text));
    assertThat(text.toString().lines().skip(2))
        .containsExactly(
            "| decode | tokens/s | 30.0 | 30.0 | **2.00x** slow (15.0) |  |",
            "| start | ms | 20.0 | 20.0 | **2.50x** slow (50.0) |  |");
  }
}
