package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.TextModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Native memory is given back, whatever happens. */
@Timeout(60)
class ModelLifecycleTest {
  @TempDir Path folder;
  private long openBefore;

  @BeforeEach
  void write() {
    openBefore = OnnxModel.openNatives();
    new TinyModel().write(folder);
    TinyModel.writeAdapter(folder.resolve("adapter"), 1);
  }

  @AfterEach
  void should_have_given_back_all_native_memory() {
    assertThat(OnnxModel.openNatives()).isEqualTo(openBefore);
  }

  private OnnxModel.Builder builder() {
    return TinyModels.builder(folder, folder.resolve("cache"))
        .adapter("a", folder.resolve("adapter"));
  }

  private static TextModel.Request.Builder request() {
    return TinyModels.drawn("Where", 1, "run").maxTokens(1000);
  }

  @Test
  void should_close_once() {
    OnnxModel model = builder().build();
    model.complete(request().maxTokens(3).build());
    model.adapter("a").complete(request().maxTokens(3).build());
    assertThat(OnnxModel.openNatives()).isGreaterThan(openBefore);
    model.close();
    assertThat(OnnxModel.openNatives()).isEqualTo(openBefore);
    model.close();
  }

  @Test
  void should_refuse_to_work_after_it_was_closed() {
    OnnxModel model = builder().build();
    TextModel adapter = model.adapter("a");
    Tokenizer tokenizer = model.tokenizer();
    model.close();
    assertThatThrownBy(() -> model.complete(request().build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> adapter.complete(request().build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> tokenizer.encode("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void should_end_what_other_threads_are_writing() throws Exception {
    int writers = 6;
    OnnxModel model = builder().slots(4).build();
    CountDownLatch writing = new CountDownLatch(4);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> texts = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        TextModel asked = i % 2 == 0 ? model : model.adapter("a");
        texts.add(
            threads.submit(
                () -> {
                  while (true) {
                    asked.complete(request().onText(text -> writing.countDown()).build());
                  }
                }));
      }
      writing.await();
      model.close();
      for (Future<?> text : texts) {
        assertThatThrownBy(text::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(IllegalStateException.class)
            .hasMessageContaining("closed");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void should_be_closed_by_a_listener_too() {
    OnnxModel model = builder().build();
    assertThatThrownBy(() -> model.complete(request().onText(text -> model.close()).build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void should_leave_nothing_behind_when_an_adapter_cannot_be_loaded() throws IOException {
    OnnxModel.Builder builder =
        builder().format(WeightFormat.FP16).adapter("b", folder.resolve("nowhere"));
    assertThatThrownBy(builder::build).isInstanceOf(ModelFileException.class);
    assertThat(OnnxModel.openNatives()).isEqualTo(openBefore);
    try (Stream<Path> files = Files.list(folder.resolve("cache")).filter(Files::isRegularFile)) {
      assertThat(files)
          .as("the weights and the other adapter are whole and stay")
          .extracting(file -> com.google.common.io.Files.getFileExtension(file.toString()))
          .containsExactlyInAnyOrder("fp16", "onnx_adapter");
    }
  }

  @Test
  void should_say_what_to_choose_smaller_when_keys_and_values_would_not_fit() {
    TinyModel wide = new TinyModel();
    wide.config.put("max_position_embeddings", 100_000);
    wide.write(folder);
    OnnxModel.Builder builder = builder().slots(256).contextWindow(100_000);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "slots: 256 slots of 100001 positions take 3125 MB a layer, more than 2,047 MB: choose"
                + " fewer slots or a smaller contextWindow");
  }

  @Test
  void should_leave_no_partial_file_when_a_tensor_is_wrong() throws IOException {
    TinyModel tiny = new TinyModel();
    tiny.tensors.put("model.layers.1.mlp.up_proj.weight", new TinyModel.Tensor(new float[6], 2, 3));
    tiny.write(folder);
    assertThatThrownBy(() -> builder().format(WeightFormat.INT8).build())
        .isInstanceOf(ModelFileException.class);
    try (Stream<Path> files = Files.list(folder.resolve("cache")).filter(Files::isRegularFile)) {
      assertThat(files)
          .as("the adapter is whole and stays")
          .allSatisfy(file -> assertThat(file.toString()).endsWith(".onnx_adapter"));
    }
  }

  @Test
  void should_name_the_adapters_there_are() {
    try (OnnxModel model = builder().build()) {
      assertThat(model.adapters()).containsExactly("a");
      assertThatThrownBy(() -> model.adapter("b"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("adapter 'b' is not loaded; loaded are [a]");
      assertThatThrownBy(() -> builder().adapter("a", folder))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("adapter 'a': added twice");
      assertThatThrownBy(() -> builder().slots(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("slots: 0");
      assertThatThrownBy(() -> builder().slots(257))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("slots: 257 is more than 256");
      assertThatThrownBy(() -> builder().queue(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("queue: -1 is less than 0");
    }
  }
}
