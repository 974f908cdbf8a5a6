package io.github.alphaumi.onnx;

import static io.github.alphaumi.onnx.SafetensorsWriter.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFilesTest {

  private static final byte[] ONE_TO_SIX =
      new ByteWriter().f32(1).f32(2).f32(3).f32(4).f32(5).f32(6).bytes();

  @TempDir Path folder;

  @Test
  void should_read_tensors_of_one_file() throws IOException {
    write(
        "model.safetensors",
        new SafetensorsWriter()
            .tensor("w", "F32", "[2,3]", ONE_TO_SIX)
            .tensor("b", "BF16", "[2]", new ByteWriter().u16(0x3f80).u16(0xc000).bytes())
            .tensor("ids", "I64", "[1]", new byte[8])
            .tensor("none", "F32", "[0,4]", new byte[0])
            .tensor("scalar", "F16", "[]", new ByteWriter().u16(0x3c00).bytes())
            .bytes());
    try (SafetensorsFiles files = SafetensorsFiles.open(folder)) {
      assertThat(files.names()).containsExactly("w", "b", "ids", "none", "scalar");
      assertThat(files.tensor("w").shape()).containsExactly(2, 3);
      assertThat(floats(files.tensor("w"))).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(floats(files.tensor("b"))).containsExactly(1, -2);
      assertThat(floats(files.tensor("none"))).isEmpty();
      assertThat(floats(files.tensor("scalar"))).containsExactly(1);
      assertThat(files.tensor("ids").type()).isEqualTo(TensorType.I64);
      assertThat(files.tensor("ids").bytes(0, 8).getLong()).isZero();
    }
  }

  @Test
  void should_read_the_shards_of_an_index() throws IOException {
    write("a.safetensors", new SafetensorsWriter().tensor("w", "F32", "[6]", ONE_TO_SIX).bytes());
    write("b.safetensors", new SafetensorsWriter().tensor("v", "F32", "[6]", ONE_TO_SIX).bytes());
    writeIndex(
        "{'metadata':{'total_size':48},'weight_map':{'v':'b.safetensors','w':'a.safetensors'}}");
    SafetensorsFiles files = SafetensorsFiles.open(folder);
    assertThat(files.names()).containsExactly("v", "w");
    assertThat(files.tensor("v").file()).isEqualTo(folder.resolve("b.safetensors"));
    TensorData w = files.tensor("w");
    assertThat(floats(w)).endsWith(6);
    files.close();
    assertThatThrownBy(() -> floats(w)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(files::names).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> files.has("w")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void should_open_an_adapter_and_a_file_of_any_name() throws IOException {
    byte[] bytes = new SafetensorsWriter().tensor("lora_A", "F32", "[6]", ONE_TO_SIX).bytes();
    Path other = write("other.safetensors", bytes);
    assertThat(SafetensorsFiles.open(other).has("lora_A")).isTrue();
    write("adapter_model.safetensors", bytes);
    assertThat(SafetensorsFiles.open(folder).has("lora_A")).isTrue();
  }

  @Test
  void should_say_what_a_folder_lacks() {
    assertThatThrownBy(() -> SafetensorsFiles.open(folder))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("has no model.safetensors, model.safetensors.index.json or adapter_");
  }

  @Test
  void should_fail_if_an_index_does_not_fit_its_shards() throws IOException {
    write("a.safetensors", new SafetensorsWriter().tensor("w", "F32", "[6]", ONE_TO_SIX).bytes());
    refusedIndex("{'weight_map':{'v':'a.safetensors'}}", "a.safetensors: tensor 'v' is missing");
    refusedIndex("{'weight_map':{'w':'b.safetensors'}}", "b.safetensors: does not exist");
    refusedIndex("{'weight_map':{'w':'../a.safetensors'}}", "is not the plain name of a");
    refusedIndex("{'weight_map':{'w':'/etc/passwd'}}", "is not the plain name of a");
    refusedIndex("{'weight_map':{'w':1}}", "tensor 'w': its shard is not a string");
    refusedIndex("{'weight_map':[]}", "weight_map is not an object");
    refusedIndex("{}", "has no weight_map");
    refusedIndex("", "its JSON is not an object");
  }

  @Test
  void should_fail_if_the_header_does_not_fit_the_file() {
    refused(new byte[7], "has only 7 bytes");
    refused(new ByteWriter().u64(-1).bytes(), "header of 18446744073709551615 bytes");
    refused(new ByteWriter().u64(1 << 20).u64(0).bytes(), "header of 1048576 bytes");
    refused(
        "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.US_ASCII),
        "this is a Git LFS pointer");
  }

  @Test
  void should_fail_if_the_header_is_not_the_json_it_has_to_be() {
    refusedHeader("[]", 0, "its JSON is not an object");
    refusedHeader("{\"w\":", 0, "its JSON is not valid");
    refusedHeader("{} {}", 0, "has text after its JSON object");
    refusedHeader("{\"w\":1}", 0, "tensor 'w': is not described by a JSON object");
    refusedHeader("{\"w\":{\"dtype\":\"F32\"}}", 0, "needs a dtype, a shape and two data_offsets");
    refusedHeader("{\"w\":{\"dtype\":7}}", 0, "dtype is not a string");
    refusedHeader("{\"w\":{\"shape\":7}}", 0, "'shape' is not an array");
    refusedHeader("{\"w\":{\"shape\":[1.5]}}", 0, "must be at most 16 integers");
    refusedHeader("{\"w\":{\"shape\":[99999999999999999999]}}", 0, "its JSON is not valid");
    refusedHeader("{\"w\":{\"x\":" + "[".repeat(10_000), 0, "nesting depth");
    refusedHeader("{\"" + "n".repeat(10_000) + "\":1}", 0, "its JSON is not valid");
    String twice = member("w", "F32", "[1]", 0, 4);
    refusedHeader("{" + twice + "," + twice + "}", 4, "Duplicate");
  }

  @Test
  void should_fail_if_a_tensor_is_impossible() {
    refusedHeader("{" + member("w", "F7", "[1]", 0, 4) + "}", 4, "dtype 'F7' is not supported");
    refusedHeader("{" + member("w", "F32", "[1]", 0, 8) + "}", 8, "takes 4 bytes, but");
    refusedHeader("{" + member("w", "F32", "[-1]", 0, 4) + "}", 4, "has a negative dimension");
    refusedHeader(
        "{" + member("w", "F32", "[4294967296,4294967296]", 0, 4) + "}", 4, "too many elements");
  }

  @Test
  void should_fail_if_tensors_do_not_fill_the_data_exactly() {
    refusedHeader("{" + member("w", "F32", "[1]", 0, 4) + "}", 3, "are not within the 3 bytes");
    refusedHeader("{" + member("w", "F32", "[1]", 4, 0) + "}", 4, "data_offsets [4, 0] are not");
    refusedHeader("{" + member("w", "F32", "[1]", -4, 0) + "}", 4, "data_offsets [-4, 0] are not");
    refusedHeader("{" + member("w", "F32", "[1]", 0, 4) + "}", 5, "1 bytes after its last tensor");
    refusedHeader("{" + member("w", "F32", "[1]", 4, 8) + "}", 8, "4 bytes after the header");
    refusedHeader(
        "{" + member("v", "F32", "[2]", 0, 8) + "," + member("w", "F32", "[2]", 4, 12) + "}",
        12,
        "tensor 'w': its bytes overlap those of 'v'");
    refusedHeader(
        "{" + member("v", "F32", "[1]", 0, 4) + "," + member("w", "F32", "[1]", 8, 12) + "}",
        12,
        "tensor 'w': begins 4 bytes after the end of 'v'");
  }

  private void refusedHeader(String json, int dataBytes, String message) {
    refused(SafetensorsWriter.file(json, dataBytes), message);
  }

  private void refused(byte[] bytes, String message) {
    assertThatThrownBy(() -> SafetensorsFiles.open(write("model.safetensors", bytes)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(folder.resolve("model.safetensors") + ": ")
        .hasMessageContaining(message);
  }

  private void refusedIndex(String json, String message) throws IOException {
    writeIndex(json);
    assertThatThrownBy(() -> SafetensorsFiles.open(folder))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  private void writeIndex(String json) throws IOException {
    write("model.safetensors.index.json", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static float[] floats(TensorData tensor) {
    float[] values = new float[(int) tensor.elements()];
    tensor.readFloats(0, values, 0, values.length);
    return values;
  }
}
