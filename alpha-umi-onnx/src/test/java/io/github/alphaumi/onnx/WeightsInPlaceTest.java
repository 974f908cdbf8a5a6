package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights that a checkpoint has as they are needed: no copy, and the numbers of a copy. */
class WeightsInPlaceTest {
  private static final int[] TEXT = {5, 17, 3, 60, 9, 22, 41};

  @TempDir Path folder;

  private Path cache() {
    return folder.resolve("cache");
  }

  private long cached() throws IOException {
    if (!Files.exists(cache())) {
      return 0;
    }
    try (Stream<Path> files = Files.list(cache())) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private Path write(TinyModel tiny, ElementType type, int shift) throws IOException {
    Path model = tiny.write(folder.resolve("model"));
    Files.write(
        model.resolve("model.safetensors"), TinyModel.safetensors(tiny.tensors, type).bytes(shift));
    return model;
  }

  private float[][] copied(Path model, WeightFormat format) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      WeightLayout layout =
          new WeightLayout(
              checkpoint.config(), format, ElementType.FLOAT, parts -> WeightLayout.BLOCK);
      assertThat(layout.matrices()).allMatch(layout::isCopied);
      try (Engine engine = Engine.open(checkpoint, layout, folder.resolve("copies"), false, null)) {
        return engine.logits(TEXT);
      }
    }
  }

  private float[][] inPlace(Path model, WeightFormat format) {
    try (Engine engine = Engine.open(model, format, cache())) {
      return engine.logits(TEXT);
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT, FP32", "FLOAT16, FP16"})
  void should_give_the_logits_of_copied_weights(ElementType type, WeightFormat format)
      throws IOException {
    Path model = write(new TinyModel(), type, 0);
    assertThat(inPlace(model, format)).isDeepEqualTo(copied(model, format));
    assertThat(cached()).isZero();
    assertThat(OnnxModel.quantize(model, format, cache())).isEmpty();
  }

  @Test
  void should_serve_a_head_of_its_own_and_packed_tensors() throws IOException {
    TinyModel tiny = new TinyModel();
    tiny.config.put("model_type", "phi3").put("tie_word_embeddings", false);
    tiny.tensors.put(
        Checkpoint.HEAD, new TinyModel(TinyTokenizer.SIZE, 5).tensors.get(Checkpoint.EMBEDDING));
    for (int layer = 0; layer < TinyModel.LAYERS; layer++) {
      String at = "model.layers." + layer + ".";
      pack(tiny.tensors, at + "self_attn.qkv_proj", "q_proj", "k_proj", "v_proj");
      pack(tiny.tensors, at + "mlp.gate_up_proj", "gate_proj", "up_proj");
    }
    Path model = write(tiny, ElementType.FLOAT, 0);
    assertThat(inPlace(model, WeightFormat.FP32)).isDeepEqualTo(copied(model, WeightFormat.FP32));
    assertThat(cached()).isZero();
  }

  private static void pack(Map<String, TinyModel.Tensor> tensors, String packed, String... parts) {
    String at = packed.substring(0, packed.lastIndexOf('.') + 1);
    int columns = tensors.get(at + parts[0] + ".weight").shape()[1];
    float[] values = new float[0];
    for (String part : parts) {
      float[] added = tensors.remove(at + part + ".weight").values();
      float[] both = Arrays.copyOf(values, values.length + added.length);
      System.arraycopy(added, 0, both, values.length, added.length);
      values = both;
    }
    tensors.put(packed + ".weight", new TinyModel.Tensor(values, values.length / columns, columns));
  }

  @Test
  void should_work_under_an_adapter() throws IOException {
    Path model = write(new TinyModel(), ElementType.FLOAT, 0);
    Path adapter = TinyModel.writeAdapter(folder.resolve("adapter"), 3);
    float[][] inPlace;
    try (Engine engine = Engine.withAdapter(model, WeightFormat.FP32, cache(), adapter)) {
      inPlace = engine.logits(TEXT);
    }
    Path shifted = write(new TinyModel(), ElementType.FLOAT, 1);
    try (Engine engine = Engine.withAdapter(shifted, WeightFormat.FP32, cache(), adapter)) {
      assertThat(inPlace).isDeepEqualTo(engine.logits(TEXT));
    }
  }

  @Test
  void should_be_copied_when_they_are_not_aligned_or_of_another_type() throws IOException {
    Path model = write(new TinyModel(), ElementType.FLOAT, 2);
    float[][] logits = inPlace(model, WeightFormat.FP32);
    long all = cached();
    assertThat(all).isPositive();
    write(new TinyModel(), ElementType.FLOAT, 0);
    assertThat(logits).isDeepEqualTo(inPlace(model, WeightFormat.FP32));
    assertThat(cached()).isEqualTo(all);
    inPlace(model, WeightFormat.FP16);
    assertThat(cached()).isGreaterThan(all);
  }

  @Test
  void should_be_copied_for_what_a_gguf_file_has_in_another_order_only() throws IOException {
    Path file = Files.write(folder.resolve("tiny.gguf"), new TinyModel().gguf().bytes());
    Path model = write(new TinyModel(), ElementType.FLOAT, 0);
    assertThat(inPlace(file, WeightFormat.FP32)).isDeepEqualTo(inPlace(model, WeightFormat.FP32));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      WeightLayout layout =
          WeightLayout.of(checkpoint, WeightFormat.FP32, ElementType.FLOAT, cache());
      assertThat(layout.matrices().stream().filter(layout::isCopied))
          .extracting(WeightLayout.Matrix::name)
          .containsExactly("layers.0.qkv", "layers.1.qkv");
      assertThat(cached()).isEqualTo(layout.size());
    }
  }

  @Test
  void should_be_found_in_shards_behind_links() throws IOException {
    TinyModel tiny = new TinyModel();
    Path model = write(tiny, ElementType.FLOAT, 0);
    float[][] expected = inPlace(model, WeightFormat.FP32);
    Files.delete(model.resolve("model.safetensors"));
    Path blobs = Files.createDirectories(folder.resolve("blobs/a"));
    ObjectNode index = new ObjectMapper().createObjectNode();
    Map<String, Map<String, TinyModel.Tensor>> shards = new HashMap<>();
    tiny.tensors.forEach(
        (name, tensor) -> {
          String shard = name.contains(".k_proj") ? "keys.safetensors" : "rest.safetensors";
          shards.computeIfAbsent(shard, none -> new LinkedHashMap<>()).put(name, tensor);
          index.withObject("weight_map").put(name, shard);
        });
    new ObjectMapper().writeValue(model.resolve("model.safetensors.index.json").toFile(), index);
    for (String shard : List.of("keys.safetensors", "rest.safetensors")) {
      Path blob = Files.write(blobs.resolve(shard), TinyModel.safetensors(shards.get(shard)));
      Files.createSymbolicLink(model.resolve(shard), blob);
    }
    assertThat(inPlace(model, WeightFormat.FP32)).isDeepEqualTo(expected);
    assertThat(cached()).isZero();
  }

  @Test
  void should_be_used_until_closed_when_their_file_is_deleted_or_replaced() throws IOException {
    assumeFalse(File.separatorChar == '\\', "Windows keeps mapped files");
    Path model = write(new TinyModel(), ElementType.FLOAT, 0);
    Path file = model.resolve("model.safetensors");
    try (Engine engine = Engine.open(model, WeightFormat.FP32, cache())) {
      float[][] logits = engine.logits(TEXT);
      Files.delete(file);
      assertThat(engine.logits(TEXT)).isDeepEqualTo(logits);
      write(new TinyModel(TinyTokenizer.SIZE, 18), ElementType.FLOAT, 0);
      assertThat(engine.logits(TEXT)).isDeepEqualTo(logits);
      assertThat(inPlace(model, WeightFormat.FP32)).isNotEqualTo(logits);
    }
  }

  @Test
  void should_be_refused_when_their_file_is_changed_while_it_is_loaded() throws IOException {
    Path model = write(new TinyModel(), ElementType.FLOAT, 0);
    Path file = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      checkpoint.requireUnchanged();
      Path other = Files.write(folder.resolve("other"), bytes);
      Files.setLastModifiedTime(other, FileTime.fromMillis(1));
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(checkpoint::requireUnchanged)
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("changed while it was loaded");
      Files.delete(file);
      assertThatThrownBy(checkpoint::requireUnchanged)
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("taken away while it was loaded");
    }
  }

  @Test
  void should_name_the_tensor_when_its_shape_is_wrong() throws IOException {
    TinyModel tiny = new TinyModel();
    String name = "model.layers.1.mlp.up_proj.weight";
    tiny.tensors.put(name, new TinyModel.Tensor(new float[64], 2, 32));
    Path model = write(tiny, ElementType.FLOAT, 0);
    assertThatThrownBy(() -> inPlace(model, WeightFormat.FP32))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("[2, 32]")
        .hasMessageContaining("[64, 32]");
  }
}
