package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not a usable GGUF file, and the message that says so. */
class GgufRefusalTest {

  @TempDir Path folder;

  @Test
  void should_fail_if_there_is_no_such_file() {
    assertThatThrownBy(() -> GgufFile.open(folder.resolve("absent.gguf")))
        .isInstanceOf(ModelFileException.class)
        .hasMessageEndingWith("absent.gguf: does not exist");
    assertThatThrownBy(() -> GgufFile.open(folder))
        .isInstanceOf(ModelFileException.class)
        .hasMessageEndingWith("is not a regular file");
  }

  @Test
  void should_fail_if_the_file_is_of_another_kind() {
    refused(new byte[0], "header: ends early, with only the last 0 bytes of the file left");
    refused("GGML....".getBytes(StandardCharsets.US_ASCII), "bytes 47474d4c, not with 'GGUF'");
    refused(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0"
            .getBytes(StandardCharsets.US_ASCII),
        "this is a Git LFS pointer, get the file itself with 'git lfs pull'");
  }

  @Test
  void should_fail_if_version_or_byte_order_is_not_supported() {
    refused(new GgufWriter().version(1), "GGUF version 1; 2 and 3 are supported");
    refused(new GgufWriter().version(4), "GGUF version 4");
    refused(new GgufWriter().version(Integer.reverseBytes(3)), "the file is big-endian");
  }

  @Test
  void should_fail_if_counts_exceed_what_the_file_can_hold() {
    refused(new GgufWriter().tensorsAnnounced(-1), "18446744073709551615 tensors announced");
    refused(new GgufWriter().tensorsAnnounced(1000), "1000 tensors announced, more than the last");
    refused(new GgufWriter().pairsAnnounced(1L << 40), "metadata pairs announced; at most 65536");
    refused(new GgufWriter().pairsAnnounced(3), "3 metadata pairs announced, more than");
    refused(
        new GgufWriter().pair("k", GgufWriter.STRING, out -> out.u64(1 << 30)),
        "key 'k': 1073741824 bytes of text announced, more than");
    refused(
        new GgufWriter().array("k", GgufWriter.STRING, 1 << 20, out -> {}),
        "key 'k': 1048576 array elements announced, more than");
    refused(
        new GgufWriter().array("k", GgufWriter.UINT8, Long.MAX_VALUE, out -> {}),
        "array elements announced; at most 16777216 are supported");
  }

  @Test
  void should_fail_if_metadata_is_malformed() {
    refused(new GgufWriter().pair("k", 13, out -> out.u64(0)), "key 'k': value type 13 is unknown");
    refused(new GgufWriter().pair("k", GgufWriter.BOOL, out -> out.u8(2)), "is the byte 2");
    refused(new GgufWriter().string("k", "a").string("k", "b"), "key 'k': occurs twice");
    refused(
        new GgufWriter().pair("k", GgufWriter.STRING, out -> out.u64(1).u8(0xff)),
        "key 'k': text is not valid UTF-8");
    refused(
        new GgufWriter()
            .array(
                "k",
                GgufWriter.ARRAY,
                1,
                out -> {
                  for (int i = 0; i < 100; i++) {
                    out.u32(GgufWriter.ARRAY).u64(1);
                  }
                }),
        "key 'k': arrays are nested deeper than the supported 4");
    refused(
        new GgufWriter().pair("general.alignment", GgufWriter.UINT32, out -> out.u32(0)),
        "key 'general.alignment': is Long 0; it must be a multiple of 8");
    refused(
        new GgufWriter().string("general.alignment", "32"),
        "key 'general.alignment': is String 32");
    refused(
        new GgufWriter().pair("split.count", GgufWriter.UINT16, out -> out.u16(3)),
        "the file is one of 3 parts; merge them");
  }

  @Test
  void should_fail_if_a_tensor_has_an_impossible_shape_or_type() {
    refused(new GgufWriter().entry("t", 0, 0, 1, 1, 1, 1, 1), "tensor 't': 5 dimensions");
    refused(new GgufWriter().entry("t", 0, 0, 1, -1), "tensor 't': shape [-1, 1] has a negative");
    refused(
        new GgufWriter().entry("t", 0, 0, 1L << 32, 1L << 32), "tensor 't': shape [4294967296, ");
    refused(new GgufWriter().entry("t", 0, 0, 1L << 62), "has too many elements");
    refused(
        new GgufWriter().tensor("t", 2, new byte[18], 16, 2),
        "tensor 't': rows of 16 elements are not whole Q4_0 blocks of 32");
    refused(
        new GgufWriter().tensor("t", 16, new byte[66], 256),
        "tensor 't': ggml type 16 (IQ2_XXS) is not supported; supported are F32, F16, BF16, Q4_0");
    refused(new GgufWriter().tensor("t", -1, new byte[66], 256), "ggml type 4294967295 (unknown)");
  }

  @Test
  void should_fail_if_a_tensor_lies_where_it_cannot() {
    refused(new GgufWriter().entry("t", 0, 0, 8), "needs 32 bytes at offset");
    refused(
        new GgufWriter().tensor("t", 0, new byte[28], 8),
        "it is truncated or corrupt, get it again");
    refused(new GgufWriter().entry("t", 0, 4, 1), "offset 4 is not a multiple of the alignment 32");
    refused(new GgufWriter().entry("t", 0, -32, 1), "offset 18446744073709551584 is not");
    refused(
        new GgufWriter().entry("t", 0, Long.MAX_VALUE - 31, 1), "needs 4 bytes at offset 92233");
    refused(
        new GgufWriter().tensor("t", 0, new byte[256], 64).entry("u", 0, 32, 8),
        "tensor 'u': its bytes overlap those of 't'");
    refused(
        new GgufWriter().tensor("t", 0, new byte[4], 1).tensor("t", 0, new byte[4], 1),
        "tensor 't': there are two tensors of this name");
  }

  @Test
  void should_refuse_to_read_a_tensor_of_integers() throws IOException {
    byte[] bytes = new GgufWriter().tensor("ids", 27, new byte[16], 2).bytes();
    TensorData ids = GgufFile.open(Files.write(folder.resolve("m.gguf"), bytes)).tensor("ids");
    assertThatThrownBy(() -> ids.readFloats(0, new float[2], 0, 2))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("tensor 'ids': type I64 cannot be read as floats; supported are F32");
  }

  @Test
  void should_fail_if_only_the_last_byte_is_missing() {
    byte[] bytes = new GgufWriter().tensor("t", 0, new byte[32], 8).bytes();
    refused(ByteBuffer.allocate(bytes.length - 1).put(bytes, 0, bytes.length - 1).array(), "needs");
  }

  private void refused(GgufWriter writer, String message) {
    refused(writer.bytes(), message);
  }

  private void refused(byte[] bytes, String message) {
    Path file = folder.resolve("model.gguf");
    assertThatThrownBy(() -> GgufFile.open(Files.write(file, bytes)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }
}
