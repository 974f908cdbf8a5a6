package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWeightsTest {
  private static final String QUERIES = "model.layers.1.self_attn.q_proj.weight";

  @TempDir Path folder;

  @Test
  void a_folder_and_a_gguf_file_of_one_model_are_read_alike() throws Exception {
    TinyModel model = new TinyModel();
    Path gguf = folder.resolve("tiny.gguf");
    Files.write(gguf, model.gguf().bytes());

    try (ModelWeights ofFolder = ModelWeights.open(model.write(folder.resolve("model")));
        ModelWeights ofGguf = ModelWeights.open(gguf)) {
      assertThat(ofGguf.shape()).isEqualTo(ofFolder.shape());
      model.tensors.forEach(
          (name, tensor) -> {
            int columns = tensor.shape()[tensor.shape().length - 1];
            float[] values = new float[tensor.values().length];
            ofFolder.readRows(name, 0, columns, values);
            assertThat(values).containsExactly(tensor.values());
            float[] same = new float[values.length];
            ofGguf.readRows(name, 0, columns, same);
            assertThat(same).as(name).containsExactly(values);
          });
      assertThat(ofGguf.hash()).hasSize(64).isNotEqualTo(ofFolder.hash());
      assertThat(ofGguf.rotation(0, 3, true)).startsWith(0).hasSize(3 * TinyModel.HEAD_SIZE / 2);
    }
  }

  @Test
  void rows_from_the_middle_are_read() {
    TinyModel model = new TinyModel();
    float[] two = new float[2 * TinyModel.HIDDEN];

    try (ModelWeights weights = ModelWeights.open(model.write(folder))) {
      weights.readRows(QUERIES, 3, TinyModel.HIDDEN, two);
    }

    float[] all = model.tensors.get(QUERIES).values();
    assertThat(two)
        .containsExactly(Arrays.copyOfRange(all, 3 * TinyModel.HIDDEN, 5 * TinyModel.HIDDEN));
  }

  @Test
  void what_is_not_there_is_refused() {
    Path path = new TinyModel().write(folder);
    try (ModelWeights weights = ModelWeights.open(path)) {
      assertThatThrownBy(() -> weights.readRows("nothing", 0, 8, new float[8]))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("nothing");
      assertThatThrownBy(() -> weights.readRows(QUERIES, 0, 7, new float[7]))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("needed are rows of 7 elements");
      assertThatThrownBy(
              () ->
                  weights.readRows(QUERIES, 1 << 20, TinyModel.HIDDEN, new float[TinyModel.HIDDEN]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> ModelWeights.open(folder.resolve("no")))
        .hasMessageContaining("does not exist");
  }

  @Test
  void an_adapter_has_its_tensors() {
    Path adapter = TinyModel.writeAdapter(folder.resolve("adapter"), 3);

    assertThat(ModelWeights.adapter(adapter)).hasSize(2 * 7 * TinyModel.LAYERS);
    assertThat(
            ModelWeights.adapter(adapter)
                .get("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight")
                .shape())
        .containsExactly(4, TinyModel.HIDDEN);
  }
}
