package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many requests at once: who waits for whom, and for how long. */
@Timeout(120)
class SchedulingTest {
  @TempDir static Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeAll
  static void write() {
    new TinyModel().write(folder);
    TinyModel.writeAdapter(folder.resolve("a"), 1);
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static OnnxModel.Builder builder() {
    return TinyModels.builder(folder, folder.resolve("cache")).adapter("a", folder.resolve("a"));
  }

  private static TextModel.Request.Builder request(String run) {
    return TinyModels.drawn("Where is " + run, run.hashCode(), run).maxTokens(900);
  }

  /** A request that has its slot and waits in its listener until it is let go. */
  private final class Held {
    final CountDownLatch writing = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);
    final Future<TextModel.Response> response;

    Held(OnnxModel model, String run) throws InterruptedException {
      response =
          threads.submit(
              () ->
                  model.complete(
                      request(run)
                          .maxTokens(3)
                          .onText(
                              text -> {
                                writing.countDown();
                                awaitUninterrupted(letGo);
                              })
                          .build()));
      writing.await();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void should_refuse_what_is_more_than_may_wait_and_say_what_to_do() throws Exception {
    try (OnnxModel model = builder().slots(1).queue(0).build()) {
      Held held = new Held(model, "held");
      assertThatThrownBy(() -> model.complete(request("refused").build()))
          .isInstanceOf(ModelBusyException.class)
          .hasMessage(
              "1 requests are being served and 0 are waiting: try again later, or load the model"
                  + " with more slots or a longer queue");
      held.letGo.countDown();
      assertThat(held.response.get().finish()).isEqualTo(Finish.LENGTH);
      assertThat(model.complete(request("later").maxTokens(3).build()).finish())
          .isEqualTo(Finish.LENGTH);
    }
  }

  @Test
  void should_serve_who_waits_in_the_order_of_their_coming() throws Exception {
    try (OnnxModel model = builder().slots(1).queue(3).build()) {
      Held held = new Held(model, "held");
      List<String> served = new ArrayList<>();
      List<Future<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String run = "waiting " + i;
        AtomicBoolean asked = new AtomicBoolean();
        Cancellation cancellation = Cancellation.create();
        waiting.add(
            threads.submit(
                () -> {
                  asked.set(true);
                  model.complete(
                      request(run)
                          .maxTokens(2)
                          .cancellation(cancellation)
                          .onText(
                              text -> {
                                synchronized (served) {
                                  if (!served.contains(run)) {
                                    served.add(run);
                                  }
                                }
                              })
                          .build());
                }));
        // It is in the queue when one more than are in it would be refused.
        while (model.waiting() <= i) {
          Thread.onSpinWait();
        }
      }
      assertThatThrownBy(() -> model.complete(request("refused").build()))
          .isInstanceOf(ModelBusyException.class);
      held.letGo.countDown();
      for (Future<?> each : waiting) {
        each.get();
      }
      assertThat(served).containsExactly("waiting 0", "waiting 1", "waiting 2");
    }
  }

  @Test
  void should_go_on_writing_while_another_reads_a_long_prompt() throws Exception {
    try (OnnxModel model = builder().slots(2).build()) {
      CountDownLatch writing = new CountDownLatch(1);
      AtomicInteger pieces = new AtomicInteger();
      Cancellation enough = Cancellation.create();
      Future<TextModel.Response> writer =
          threads.submit(
              () ->
                  model.complete(
                      request("writer")
                          .maxTokens(1000)
                          .cancellation(enough)
                          .onText(
                              text -> {
                                pieces.incrementAndGet();
                                writing.countDown();
                              })
                          .build()));
      writing.await();
      int before = pieces.get();
      TextModel.Response read =
          model.complete(TinyModels.drawn("b".repeat(900), 1, "reader").maxTokens(1).build());
      int meanwhile = pieces.get() - before;
      enough.cancel();
      writer.get();
      assertThat(read.use().inputTokens()).isEqualTo(900);
      assertThat(meanwhile).as("pieces of text while 15 pieces of a prompt were read").isPositive();
    }
  }

  @Test
  void should_read_once_what_requests_that_come_together_have_in_common() throws Exception {
    int runs = 6;
    String documents = "Tools and documents: " + "0123456789".repeat(60);
    try (OnnxModel model = builder().slots(runs).build()) {
      CyclicBarrier start = new CyclicBarrier(runs);
      List<Future<TextModel.Response>> responses = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        String run = "run " + i;
        TextModel.Request request = TinyModels.drawn(documents + run, i, run).maxTokens(5).build();
        responses.add(
            threads.submit(
                () -> {
                  start.await();
                  return model.complete(request);
                }));
      }
      int read = 0;
      int length = 0;
      for (Future<TextModel.Response> response : responses) {
        read += response.get().use().inputTokens() - response.get().use().cachedTokens();
        length = response.get().use().inputTokens();
      }
      assertThat(read).as("tokens read by %d runs", runs).isLessThan(2 * length);
    }
  }

  @Test
  void should_write_the_same_in_company_of_any_kind_as_alone() throws Exception {
    int runs = 6;
    List<TextModel.Request> requests = new ArrayList<>();
    List<String> alone = new ArrayList<>();
    try (OnnxModel model = builder().format(WeightFormat.INT8).slots(1).build()) {
      for (int i = 0; i < 5 * runs; i++) {
        // None begins as another does: what is kept of a text has passed through other kernels.
        String prompt = (char) ('A' + i) + " asks where its order is";
        requests.add(TinyModels.drawn(prompt, i, "run " + i).build());
        TextModel.Response response = model.complete(requests.get(i));
        assertThat(response.use().cachedTokens()).isZero();
        alone.add(response.text());
      }
    }
    try (OnnxModel model = builder().format(WeightFormat.INT8).slots(runs).build()) {
      List<Future<?>> all = new ArrayList<>();
      for (int run = 0; run < runs; run++) {
        int first = run;
        all.add(
            threads.submit(
                () -> {
                  for (int i = first; i < requests.size(); i += runs) {
                    model.adapter("a").complete(request("other " + i).maxTokens(3).build());
                    assertThat(model.complete(requests.get(i)).text()).isEqualTo(alone.get(i));
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  @Test
  void should_end_at_once_when_cancelled_while_others_are_served() throws Exception {
    try (OnnxModel model = builder().slots(4).build()) {
      AtomicBoolean enough = new AtomicBoolean();
      CountDownLatch writing = new CountDownLatch(3);
      List<Future<?>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String run = "other " + i;
        others.add(
            threads.submit(
                () -> {
                  while (!enough.get()) {
                    model.complete(request(run).onText(text -> writing.countDown()).build());
                  }
                }));
      }
      writing.await();
      for (int i = 0; i < 20; i++) {
        Cancellation cancellation = Cancellation.create();
        int most = i;
        AtomicInteger heard = new AtomicInteger();
        TextModel.Response response =
            model.complete(
                request("cancelled " + i)
                    .cancellation(cancellation)
                    .onText(
                        text -> {
                          if (heard.incrementAndGet() > most) {
                            cancellation.cancel();
                          }
                        })
                    .build());
        assertThat(response.finish()).isIn(Finish.CANCELLED, Finish.STOP);
        assertThat(heard.get()).isLessThanOrEqualTo(most + 2);
      }
      enough.set(true);
      for (Future<?> other : others) {
        other.get();
      }
    }
  }
}
