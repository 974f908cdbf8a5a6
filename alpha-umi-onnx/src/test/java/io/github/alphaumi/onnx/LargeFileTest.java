package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A sparse file stands for a large checkpoint: it takes no space where the system knows them. */
@EnabledOnOs(OS.LINUX)
class LargeFileTest {

  private static final long ELEMENTS = 5L << 28; // 5 GiB of float32
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @Test
  void should_read_on_both_sides_of_every_gibibyte_of_a_tensor_beyond_2_gib() throws IOException {
    try (SafetensorsFiles files = SafetensorsFiles.open(sparseFile())) {
      TensorData tensor = files.tensor("w");
      assertThat(tensor.byteLength()).isEqualTo(5 * GIB);
      float[] two = new float[2];
      for (long gib = 1; gib <= 4; gib++) {
        tensor.readFloats(gib * GIB / 4 - 1, two, 0, 2);
        assertThat(two).containsExactly(-gib, gib);
      }
      tensor.readFloats(ELEMENTS - 2, two, 0, 2);
      assertThat(two).containsExactly(0, 42);
    }
  }

  @Test
  void should_give_a_slice_of_almost_2_gib_wherever_it_begins() throws IOException {
    try (SafetensorsFiles files = SafetensorsFiles.open(sparseFile())) {
      ByteBuffer slice = files.tensor("w").bytes(2 * GIB - 64, (int) (2 * GIB - 64));
      assertThat(slice.getFloat(64)).isEqualTo(2);
      assertThat(slice.getFloat((int) GIB + 64)).isEqualTo(3);
      assertThat(slice.isReadOnly()).isTrue();
    }
  }

  private Path sparseFile() throws IOException {
    Path path = folder.resolve("model.safetensors");
    byte[] header =
        ("{" + SafetensorsWriter.member("w", "F32", "[5," + GIB / 4 + "]", 0, 5 * GIB) + "}")
            .getBytes(StandardCharsets.UTF_8);
    long data = 8 + header.length;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(new ByteWriter().u64(header.length).raw(header).bytes());
      file.setLength(data + 5 * GIB);
      for (long gib = 1; gib <= 4; gib++) {
        file.seek(data + gib * GIB - 4);
        file.write(new ByteWriter().f32(-gib).f32(gib).bytes());
      }
      file.seek(data + 5 * GIB - 4);
      file.write(new ByteWriter().f32(42).bytes());
    }
    return path;
  }
}
