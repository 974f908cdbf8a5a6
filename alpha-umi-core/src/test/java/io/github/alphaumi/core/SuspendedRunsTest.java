package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What runs cost that wait: nothing but their journal. */
class SuspendedRunsTest {
  private static final int RUNS = 10_000;
  private static final long LIMIT = 200_000_000;

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void ten_thousand_suspended_runs_take_less_than_200_mb() {
    Journal journal = Journal.inMemory();
    AtomicInteger ids = new AtomicInteger();
    Shop shop = new Shop();
    shop.approval = true;
    Agent agent =
        Agent.builder()
            .roles(shop.chain())
            .tools(shop)
            .journal(journal)
            .approver(Approver.suspend())
            .runIds(() -> "run-" + ids.incrementAndGet())
            .build();
    agent.run("Warm up");
    long before = used();
    for (int i = 0; i < RUNS; i++) {
      assertThat(agent.run("Refund order A-" + i).stopReason()).isEqualTo(StopReason.SUSPENDED);
    }
    shop.done.clear();
    shop.keys.clear();
    long bytes = used() - before;
    System.out.printf(
        "%,d suspended runs in memory: %.1f MB, %,d bytes each%n", RUNS, bytes / 1e6, bytes / RUNS);
    assertThat(bytes).isLessThan(LIMIT);
    assertThat(journal.runs(Journal.State.SUSPENDED)).hasSize(RUNS + 1);
    assertThat(agent.resume("run-77", Approver.Answer.yes()).stopReason())
        .isEqualTo(StopReason.ANSWERED);
  }
}
