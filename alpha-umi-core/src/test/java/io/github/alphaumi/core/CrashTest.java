package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are killed (SIGKILL) at random moments and others go on with their runs. The profile
 * {@code crash} has the full numbers.
 */
class CrashTest {
  private static final long SEED = 20261121;

  @TempDir Path folder;

  @Test
  void files_lose_nothing_and_do_nothing_twice() throws Exception {
    crash("files", folder.resolve("runs").toString(), 300);
  }

  @Test
  void a_database_loses_nothing_and_does_nothing_twice() throws Exception {
    String url = Databases.server().getJdbcUrl("postgres", "postgres");
    crash("postgres", url, 1_500);
  }

  private static int kills(String store) {
    return Integer.getInteger("alpha.umi.crash." + store, 2);
  }

  private void crash(String name, String store, int longest) throws Exception {
    Random random = new Random(SEED);
    Path witness = folder.resolve("witness");
    Files.createFile(witness);
    Journal journal = CrashingProcess.journal(store);
    long start = System.nanoTime();
    for (int i = 0; i < kills(name); i++) {
      Process process = start(store, witness, "go on");
      awaitReady(process);
      if (process.waitFor(random.nextInt(longest), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it ended by itself: " + rest(process));
      }
      process.destroyForcibly().waitFor();
    }
    Process last = start(store, witness, "finish");
    assertThat(last.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(last.exitValue()).as(() -> rest(last)).isZero();

    assertThat(journal.runs(Journal.State.UNFINISHED)).as("not resumable").isEmpty();
    Counts counts = count(journal, Files.readAllLines(witness));
    System.out.printf(
        "crash test over %s, seed %d: %d kills, %d runs of %d steps, %d cut off, %d effects,"
            + " %d reported as unknown, %d made twice, %d lost, %.1f minutes%n",
        name,
        SEED,
        kills(name),
        counts.runs,
        CrashingProcess.STEPS,
        counts.resumed,
        counts.effects,
        counts.unknown,
        counts.twice,
        counts.lost.size(),
        (System.nanoTime() - start) / 60e9);
    assertThat(counts.runs).isPositive();
    assertThat(counts.twice).as("made twice").isZero();
    assertThat(counts.lost).isEmpty();
  }

  private static final class Counts {
    int runs;
    int resumed;
    int effects;
    int unknown;
    int twice;
    final List<String> lost = new ArrayList<>();

    void add(String tool, String key, Observation.Status status, Multiset<String> done) {
      int times = done.count(key);
      done.setCount(key, 0);
      switch (tool) {
        case "pay" -> {
          effects += times;
          twice += times > 1 ? 1 : 0;
          unknown += status == Observation.Status.UNKNOWN ? 1 : 0;
          if (status != Observation.Status.UNKNOWN
              && (times == 0 || status != Observation.Status.OK)) {
            lost.add(key + ": " + status + ", done " + times + " times");
          }
        }
        case "label" -> {
          effects += Math.min(times, 1);
          if (times == 0 || status != Observation.Status.OK) {
            lost.add(key + ": " + status + ", done " + times + " times");
          }
        }
        default -> assertThat(times).isZero();
      }
    }
  }

  /** Compares what the runs know with what was done. */
  private static Counts count(Journal journal, List<String> witnessed) {
    Multiset<String> done = HashMultiset.create(witnessed);
    Counts counts = new Counts();
    Agent agent = CrashingProcess.agent(journal, null);
    for (Journal.Summary run : journal.runs(Journal.State.FINISHED)) {
      counts.runs++;
      List<Entry> entries = journal.read(run.runId());
      counts.resumed +=
          (int) entries.stream().filter(entry -> entry.kind() == Kind.RESUMED).count();
      AgentResult result = agent.replay(run.runId());
      List<Step> steps = result.trajectory().steps();
      if (result.stopReason() != StopReason.ANSWERED || steps.size() != CrashingProcess.STEPS) {
        counts.lost.add(run.runId() + ": " + result + " after " + steps.size() + " steps");
      }
      for (int i = 0; i < steps.size(); i++) {
        String key = run.runId() + "-" + (i + 1);
        List<Step.Outcome> outcomes = steps.get(i).outcomes();
        if (i == CrashingProcess.WIDE) {
          for (int call = 0; call < outcomes.size(); call++) {
            counts.add(
                CrashingProcess.WIDE_CALLS.get(call),
                call == 0 ? key : key + "." + (call + 1),
                outcomes.get(call).observation().status(),
                done);
          }
        } else {
          counts.add(CrashingProcess.tool(i), key, outcomes.get(0).observation().status(), done);
        }
      }
    }
    done.elementSet().forEach(key -> counts.lost.add(key + ": done, and no run knows"));
    return counts;
  }

  private static Process start(String store, Path witness, String how) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CrashingProcess.class.getName(),
            store,
            witness.toString(),
            how)
        .redirectErrorStream(true)
        .start();
  }

  private static void awaitReady(Process process) throws IOException {
    StringBuilder before = new StringBuilder();
    BufferedReader lines = output(process);
    for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
      if (line == null) {
        throw new AssertionError("it ended by itself: " + before);
      }
      before.append(line).append('\n');
    }
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String rest(Process process) {
    return String.join("\n", output(process).lines().toList());
  }
}
