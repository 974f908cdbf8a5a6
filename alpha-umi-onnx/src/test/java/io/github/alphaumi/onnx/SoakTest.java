package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Eight threads that generate, cancel, switch adapters, and close models that others use. The
 * profile {@code soak} does it 10,000 times and looks at the memory, too: {@code mvn -Psoak -pl
 * alpha-umi-onnx -am test}.
 */
class SoakTest {
  private static final Logger LOG = LoggerFactory.getLogger(SoakTest.class);
  private static final int GENERATIONS = Integer.getInteger("alpha.umi.soak", 400);
  private static final int LONG_ENOUGH_FOR_MEMORY = 5000;
  private static final int THREADS = 8;
  private static final int SEED = 23;

  @TempDir Path folder;
  private final AtomicReference<OnnxModel> model = new AtomicReference<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger closings = new AtomicInteger();
  private final Map<Finish, AtomicInteger> finishes = new EnumMap<>(Finish.class);
  private final List<Long> resident = new ArrayList<>();

  private OnnxModel load() {
    return TinyModels.builder(folder, folder.resolve("cache"))
        .format(WeightFormat.INT8)
        .threads(2)
        .slots(3)
        .speculation(2)
        .adapter("a", folder.resolve("a"))
        .adapter("b", folder.resolve("b"))
        .build();
  }

  @Test
  void should_leave_nothing_behind_after_many_generations() throws Exception {
    long openBefore = OnnxModel.openNatives();
    new TinyModel().write(folder);
    TinyModel.writeAdapter(folder.resolve("a"), 1);
    TinyModel.writeAdapter(folder.resolve("b"), 2);
    for (Finish finish : Finish.values()) {
      finishes.put(finish, new AtomicInteger());
    }
    model.set(load());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int seed = SEED + i;
        workers.add(threads.submit(() -> work(new Random(seed))));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } finally {
      threads.shutdownNow();
    }
    model.get().close();
    LOG.info(
        "seed {}: {} generations ended {}, {} models were closed amid use, resident MB {}",
        SEED,
        GENERATIONS,
        finishes,
        closings,
        resident);
    assertThat(OnnxModel.openNatives()).isEqualTo(openBefore);
    assertThat(finishes.get(Finish.CANCELLED).get()).isPositive();
    assertThat(finishes.get(Finish.LENGTH).get()).isPositive();
    assertThat(closings.get()).isPositive();
    if (resident.size() > 2) {
      double early = resident.get(resident.size() / 3);
      double late = resident.get(resident.size() - 1);
      assertThat(late / early).as("resident memory, %s MB", resident).isCloseTo(1, within(0.05));
    }
  }

  private Void work(Random random) throws IOException {
    for (int i = begun.getAndIncrement(); i < GENERATIONS; i = begun.getAndIncrement()) {
      if (i % 100 == 99) {
        OnnxModel old = model.getAndSet(load());
        old.close();
        closings.incrementAndGet();
      }
      if (GENERATIONS >= LONG_ENOUGH_FOR_MEMORY && i % (GENERATIONS / 30) == 0) {
        note();
      }
      generate(random);
    }
    return null;
  }

  private void generate(Random random) {
    OnnxModel asked = model.get();
    Cancellation cancellation = Cancellation.create();
    int cancelAfter = random.nextInt(40);
    AtomicInteger pieces = new AtomicInteger();
    String run = "run " + random.nextInt(5);
    TextModel.Request request =
        TinyModels.drawn(
                "Tools: orderStatus. ".repeat(random.nextInt(8)) + run, random.nextInt(), run)
            .maxTokens(1 + random.nextInt(30))
            .cancellation(cancellation)
            .onText(
                text -> {
                  if (pieces.incrementAndGet() == cancelAfter) {
                    cancellation.cancel();
                  }
                })
            .build();
    if (random.nextInt(20) == 0) {
      cancellation.cancel();
    }
    try {
      int adapter = random.nextInt(3);
      TextModel chosen = adapter == 0 ? asked : asked.adapter(adapter == 1 ? "a" : "b");
      finishes.get(chosen.complete(request).finish()).incrementAndGet();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("closed");
    }
  }

  /** Notes the memory that the process has, where the system tells. */
  private void note() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      System.gc();
      long kilobytes =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum();
      synchronized (resident) {
        resident.add(kilobytes >> 10);
      }
    }
  }
}
