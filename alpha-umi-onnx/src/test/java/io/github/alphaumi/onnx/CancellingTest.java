package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A request ends early when its switch is thrown or its thread is interrupted. */
@Timeout(60)
class CancellingTest {
  @TempDir static Path folder;
  private static OnnxModel model;

  @BeforeAll
  static void load() {
    model =
        TinyModels.builder(new TinyModel().write(folder), folder.resolve("cache")).slots(1).build();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static TextModel.Request.Builder endless() {
    return TinyModels.drawn("Where", 7, "run").maxTokens(1000);
  }

  @Test
  void should_not_begin_when_cancelled_before() {
    Cancellation cancellation = Cancellation.create();
    cancellation.cancel();
    TextModel.Response response = model.complete(endless().cancellation(cancellation).build());
    assertThat(response.finish()).isEqualTo(Finish.CANCELLED);
    assertThat(response.text()).isEmpty();
    assertThat(response.use().outputTokens()).isZero();
  }

  @Test
  void should_not_begin_when_interrupted_before_and_keep_the_flag() {
    Thread.currentThread().interrupt();
    TextModel.Response response = model.complete(endless().build());
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(response.finish()).isEqualTo(Finish.CANCELLED);
    assertThat(response.text()).isEmpty();
  }

  @Test
  void should_end_with_the_text_so_far_when_cancelled_by_its_listener() {
    Cancellation cancellation = Cancellation.create();
    StringBuilder heard = new StringBuilder();
    AtomicInteger pieces = new AtomicInteger();
    TextModel.Response response =
        model.complete(
            endless()
                .cancellation(cancellation)
                .onText(
                    text -> {
                      heard.append(text);
                      if (pieces.incrementAndGet() == 5) {
                        cancellation.cancel();
                      }
                    })
                .build());
    assertThat(response.finish()).isEqualTo(Finish.CANCELLED);
    assertThat(response.text()).isEqualTo(heard.toString()).isNotEmpty();
    assertThat(response.use().outputTokens()).isLessThan(1000);
  }

  @Test
  void should_end_when_interrupted_meanwhile_and_keep_the_flag() {
    TextModel.Response response =
        model.complete(endless().onText(text -> Thread.currentThread().interrupt()).build());
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(response.finish()).isEqualTo(Finish.CANCELLED);
    assertThat(response.text()).isNotEmpty();
  }

  @Test
  void should_end_when_cancelled_by_another_thread_and_then_serve_others() throws Exception {
    Cancellation cancellation = Cancellation.create();
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    TextModel.Request request =
        endless()
            .cancellation(cancellation)
            .onText(
                text -> {
                  writing.countDown();
                  await(cancelled);
                })
            .build();
    CompletableFuture<TextModel.Response> response =
        CompletableFuture.supplyAsync(() -> model.complete(request));
    writing.await();
    cancellation.cancel();
    cancelled.countDown();
    assertThat(response.get().finish()).isEqualTo(Finish.CANCELLED);
    assertThat(model.complete(endless().maxTokens(3).build()).finish()).isEqualTo(Finish.LENGTH);
  }

  @Test
  void should_end_while_it_waits_for_a_slot() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    TextModel.Request first =
        endless()
            .maxTokens(5)
            .onText(
                text -> {
                  writing.countDown();
                  await(goOn);
                })
            .build();
    CompletableFuture<TextModel.Response> holder =
        CompletableFuture.supplyAsync(() -> model.complete(first));
    writing.await();
    Cancellation cancellation = Cancellation.create();
    TextModel.Request second = endless().cancellation(cancellation).build();
    CompletableFuture<TextModel.Response> waiting =
        CompletableFuture.supplyAsync(() -> model.complete(second));
    cancellation.cancel();
    assertThat(waiting.get().finish()).isEqualTo(Finish.CANCELLED);
    goOn.countDown();
    assertThat(holder.get().finish()).isEqualTo(Finish.LENGTH);
  }

  @Test
  void should_keep_what_was_read_of_a_long_prompt_for_the_next_request() {
    Cancellation cancellation = Cancellation.create();
    String prompt = "b".repeat(600);
    TextModel.Request.Builder request = TextModel.Request.builder(Prompt.of(prompt)).maxTokens(2);
    model.complete(
        request.cancellation(cancellation).onText(text -> cancellation.cancel()).build());
    TextModel.Response again =
        model.complete(TextModel.Request.builder(Prompt.of(prompt + "c")).maxTokens(2).build());
    assertThat(again.use().cachedTokens()).isEqualTo(600);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
