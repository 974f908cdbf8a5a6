package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Journals of earlier versions of the format, which every later version has to read. A file is made
 * by {@link #write} with the version that it has in its name, and never again.
 */
class GoldenJournalTest {
  @TempDir Path folder;

  private Agent agent(Shop shop, Path folder) {
    return Agent.builder()
        .roles(shop.tree())
        .tools(shop)
        .journal(Journal.files(folder, Journal.Sync.EFFECTS))
        .search(Search.depthFirst().width(3))
        .approver(Approver.suspend())
        .runIds(() -> "r")
        .build();
  }

  private static Shop shop() {
    Shop shop = new Shop();
    shop.approval = true;
    return shop;
  }

  /** A tree that waited for three refunds: one was allowed with another amount, two were denied. */
  void write(Path folder) {
    agent(shop(), folder).run("Refund order A-1");
    agent(shop(), folder).resume("r", Approver.Answer.edit(Map.of("order", "A-1", "amount", 5)));
    agent(shop(), folder).resume("r", Approver.Answer.no("once is enough"));
    agent(shop(), folder).resume("r", Approver.Answer.no("no more"));
  }

  private void copy(List<String> lines) throws IOException {
    Files.write(folder.resolve("r.journal"), lines);
  }

  private static List<String> golden() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/journal-1.txt"));
  }

  @Test
  void format_1_is_replayed() throws IOException {
    copy(golden());
    AgentResult result = agent(shop(), folder).replay("r");
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(result.tree().toString())
        .startsWith(
            """
            Refund order A-1
              1 branch 0 Next: caller. | look {"order": "branch 0"} | {"look": "done"} [ABANDONED]
                2 deeper Next: caller. | refund {"order": "A-1", "amount": 5} | {"refund": "done"} [ABANDONED]
                  3 not here Next: give up. [GAVE_UP]
                4 not here Next: give up. [GAVE_UP]
              5 branch 1 Next: caller. | look {"order": "branch 1"} | {"look": "done"} [ABANDONED]
                6 deeper Next: caller. | refund {"order": "A-1", "amount": 20} | {"error": "refused: once is enough"} [ABANDONED]
                  7 not here Next: give up. [GAVE_UP]
                8 not here Next: give up. [GAVE_UP]
              9 branch 2 Next: caller. | look {"order": "branch 2"} | {"look": "done"} [OPEN]
                10 deeper Next: caller. | refund {"order": "A-1", "amount": 20} | {"error": "refused: no more"} [OPEN]
                  11 that is it Next: conclusion. | Answer:""");
  }

  @Test
  void format_1_may_be_without_what_a_report_takes() throws IOException {
    copy(golden());
    Journal journal = Journal.files(folder, Journal.Sync.NEVER);
    assertThatThrownBy(() -> RunReport.of(journal, "r"))
        .isInstanceOf(Journal.Failure.class)
        .hasMessage(
            "run r: its log is of a version that did not note the search; replay it with the agent"
                + " that began it");
  }

  @Test
  void format_1_goes_on_from_any_line() throws IOException {
    List<String> lines = golden();
    for (int length = 2; length <= lines.size(); length++) {
      copy(lines.subList(0, length));
      AgentResult result = agent(shop(), folder).resume("r");
      assertThat(result.stopReason()).isIn(StopReason.ANSWERED, StopReason.SUSPENDED);
    }
  }
}
