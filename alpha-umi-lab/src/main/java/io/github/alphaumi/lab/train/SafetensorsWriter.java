package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Writes tensors as a file of the safetensors format, float32 or float16. */
@SuppressWarnings("try") // A scope is there to be closed.
final class SafetensorsWriter {

  /** Data begin at a multiple of this, so that readers can map them. */
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * @param row where the tensor's values are
   * @param offset of the first one in the row
   */
  record Entry(String name, long[] shape, Tensor row, long offset) {
    long size() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  /** Writes a file and waits until it is on the disk. */
  static void write(Path file, List<Entry> entries) throws IOException {
    try (FileChannel out = open(file)) {
      writeFully(out, header(entries, "F32", Float.BYTES));
      for (Entry entry : entries) {
        write(out, entry.row(), entry.offset(), entry.size());
      }
      out.force(true);
    }
  }

  /** The same with values rounded to 16 bits. */
  static void writeHalves(Path file, List<Entry> entries) throws IOException {
    try (FileChannel out = open(file)) {
      writeFully(out, header(entries, "F16", Short.BYTES));
      for (Entry entry : entries) {
        try (PointerScope scope = new PointerScope()) {
          writeFully(out, Tensors.halves(entry.row().narrow(0, entry.offset(), entry.size())));
        }
      }
      out.force(true);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  private static ByteBuffer header(List<Entry> entries, String type, int bytesOfOne)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode header = json.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Entry entry : entries) {
      ObjectNode tensor = header.putObject(entry.name()).put("dtype", type);
      Arrays.stream(entry.shape()).forEach(tensor.putArray("shape")::add);
      long end = offset + bytesOfOne * entry.size();
      tensor.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] text = json.writeValueAsBytes(header);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] spaces = " ".repeat(padded - text.length).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(padded)
        .put(text)
        .put(spaces)
        .flip();
  }

  /** Writes values of a row, little-endian. */
  static void write(FileChannel out, Tensor row, long offset, long size) throws IOException {
    for (long done = 0; done < size; done += Tensors.PIECE) {
      float[] piece = new float[(int) Math.min(Tensors.PIECE, size - done)];
      try (PointerScope scope = new PointerScope()) {
        Tensors.get(row, offset + done, piece);
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(Float.BYTES * piece.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(piece);
      writeFully(out, bytes);
    }
  }

  static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
