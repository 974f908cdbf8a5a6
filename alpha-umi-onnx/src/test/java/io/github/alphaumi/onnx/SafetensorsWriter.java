package io.github.alphaumi.onnx;

import java.nio.charset.StandardCharsets;

/** Writes small safetensors files, also invalid ones. */
final class SafetensorsWriter {

  private final StringBuilder members = new StringBuilder();
  private final ByteWriter data = new ByteWriter();

  /** A file with this header, whatever it says. */
  static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return new ByteWriter().u64(json.length).raw(json).raw(new byte[dataBytes]).bytes();
  }

  static String member(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  SafetensorsWriter tensor(String name, String dtype, String shape, byte[] bytes) {
    int begin = data.size();
    data.raw(bytes);
    members.append(members.isEmpty() ? "" : ",");
    members.append(member(name, dtype, shape, begin, data.size()));
    return this;
  }

  /** The header filled up with spaces to whole 8 bytes, as Hugging Face's library does it. */
  byte[] bytes() {
    return bytes(0);
  }

  /** With tensors that many bytes further on than they would be. */
  byte[] bytes(int shift) {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"}" + (members.isEmpty() ? "" : ",") + members + "}";
    int unaligned = header.getBytes(StandardCharsets.UTF_8).length % 8;
    byte[] json =
        (header + " ".repeat((8 - unaligned) % 8 + shift)).getBytes(StandardCharsets.UTF_8);
    return new ByteWriter().u64(json.length).raw(json).raw(data.bytes()).bytes();
  }
}
