package io.github.alphaumi.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.onnx.ModelWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // A scope is there to be closed.
class SafetensorsWriterTest {
  @TempDir private Path folder;

  @BeforeAll
  static void load() {
    Natives.load(1);
  }

  @Test
  void should_write_what_the_engine_reads_in_32_and_in_16_bits() throws IOException {
    float[] values = {9, 1, -1 / 3f, 65504, 0x1p-24f, 2049};
    Path file = folder.resolve(LoraAdapter.TENSORS);
    try (PointerScope scope = new PointerScope()) {
      Tensor row = Tensors.of(values, values.length);
      List<SafetensorsWriter.Entry> entries =
          List.of(
              new SafetensorsWriter.Entry("b", new long[] {2, 2}, row, 1),
              new SafetensorsWriter.Entry("a", new long[] {1}, row, 5));

      SafetensorsWriter.write(file, entries);
      long whole = Files.size(file);
      check(-1 / 3f, 2049);

      SafetensorsWriter.writeHalves(file, entries);
      assertThat(Files.size(file)).isEqualTo(whole - 5 * Short.BYTES);
      check(-0.33325195f, 2048);
    }
  }

  private void check(float third, float odd) {
    Map<String, ModelWeights.Tensor> read = ModelWeights.adapter(folder);
    assertThat(read).containsOnlyKeys("a", "b");
    assertThat(read.get("b").shape()).containsExactly(2, 2);
    assertThat(read.get("b").values()).containsExactly(1, third, 65504, 0x1p-24f);
    assertThat(read.get("a").values()).containsExactly(odd);
  }
}
