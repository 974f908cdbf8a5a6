package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a benchmark beside those of peers, as a Markdown table. */
final class BenchTable {
  private BenchTable() {}

  /**
   * Figures of peers: one JSON object a line, as {@code bench --json} writes them. What an engine
   * was measured at several times becomes one figure.
   */
  static List<BenchRow> read(List<Path> files) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Map<List<String>, BenchRow> rows = new LinkedHashMap<>();
    for (Path file : files) {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          JsonNode json = mapper.readTree(line);
          BenchRow row = BenchRow.fromJson(json);
          rows.merge(List.of(row.engine(), row.metric()), row, BenchRow::with);
        } catch (IOException | IllegalArgumentException e) {
          throw new IOException(
              file + ":" + number + ": not a figure of a benchmark: " + e.getMessage(), e);
        }
      }
    }
    return List.copyOf(rows.values());
  }

  static void print(List<BenchRow> rows, List<BenchRow> peers, PrintWriter out) {
    out.println("| what | unit | median | best | against peers (medians) | |");
    out.println("| --- | --- | ---: | ---: | --- | --- |");
    for (BenchRow row : rows) {
      List<String> ratios = new ArrayList<>();
      for (BenchRow peer : peers) {
        if (peer.metric().equals(row.metric())) {
          ratios.add(
              String.format(
                  Locale.ROOT,
                  "**%.2fx** %s (%s)",
                  row.timesBetterThan(peer),
                  peer.engine(),
                  number(peer.median())));
        }
      }
      out.printf(
          "| %s | %s | %s | %s | %s | %s |%n",
          row.metric(),
          row.unit(),
          number(row.median()),
          number(row.best()),
          String.join(", ", ratios),
          row.note());
    }
    out.flush();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }
}
