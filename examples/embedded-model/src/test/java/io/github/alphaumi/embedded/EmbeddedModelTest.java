package io.github.alphaumi.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.OnnxRoles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads the model of the jar, 98 MB, three times. */
class EmbeddedModelTest {
  private static final Prompt PROMPT =
      Prompt.of(
          """
          <|im_start|>system
          Tools:
          - Status and delivery date of an order: orderStatus {"orderId": string}
          - Pieces of an article in stock: stockOf {"sku": string}<|im_end|>
          <|im_start|>user
          Where is my order A-4711?<|im_end|>
          <|im_start|>planner
          """);

  @TempDir Path cache;

  @Test
  void should_load_from_the_jar_once_and_from_the_cache_folder_later() throws IOException {
    long openBefore = OnnxModel.openNatives();
    assertThat(plan()).contains("orderStatus").contains("Next: caller.");
    List<Path> files = files();
    assertThat(plan()).contains("orderStatus");
    assertThat(files()).isEqualTo(files);
    assertThat(OnnxModel.openNatives()).as("closed with the model").isEqualTo(openBefore);
  }

  @Test
  void should_load_an_adapter_for_each_role() {
    try (OnnxRoles trio = EmbeddedModel.loadTrio(cache)) {
      assertThat(trio.base().adapters())
          .containsExactlyInAnyOrder("planner", "caller", "summarizer");
      assertThat(plan(trio, "planner")).contains("orderStatus").contains("Next: caller.");
    }
  }

  private String plan() {
    try (OnnxRoles model = EmbeddedModel.load(cache)) {
      assertThat(model.roles()).isNotNull();
      return plan(model, "adapter");
    }
  }

  private static String plan(OnnxRoles model, String adapter) {
    TextModel.Request request = TextModel.Request.builder(PROMPT).maxTokens(40).build();
    return model.base().adapter(adapter).complete(request).text();
  }

  /** Without what is remembered of files once they are old enough. */
  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files
          .filter(file -> !file.startsWith(cache.resolve("hashes")))
          .filter(file -> !file.toString().endsWith(".verified"))
          .sorted()
          .toList();
    }
  }
}
