package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What langchain4j makes of a case and what this library makes of it, line by line. The table is
 * written to {@code target/} and has to be the one in {@code PARITY.md}: a verdict that changes is
 * a change of the document.
 */
final class ParityTable {
  private final List<String> lines = new ArrayList<>();
  private int same;
  private int differing;

  ParityTable(String... columns) {
    lines.add("| " + String.join(" | ", columns) + " | verdict |");
    lines.add("|---".repeat(columns.length + 1) + "|");
  }

  /**
   * @param why why it may differ; empty where it must not
   */
  void add(boolean alike, String why, String... cells) {
    String verdict = alike ? "same" : "differs: " + why;
    assertThat(alike).as(String.join(" | ", cells)).isEqualTo(why.isEmpty());
    if (alike) {
      same++;
    } else {
      differing++;
    }
    List<String> shown = new ArrayList<>();
    for (String cell : cells) {
      shown.add(cell.isEmpty() ? "" : "`" + cell.replace("|", "\\|") + "`");
    }
    lines.add("| " + String.join(" | ", shown) + " | " + verdict + " |");
  }

  void check(String name) throws Exception {
    lines.add("");
    lines.add(same + " same, " + differing + " different.");
    String table = String.join("\n", lines);
    Files.writeString(Path.of("target", name + ".md"), table + "\n");
    assertThat(Files.readString(Path.of("PARITY.md")))
        .as("PARITY.md; the table of this run is in target/" + name + ".md")
        .contains(table);
  }
}
