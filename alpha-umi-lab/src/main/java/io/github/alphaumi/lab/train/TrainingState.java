package io.github.alphaumi.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A training at a moment, in a file that is either the one before or the one after: a length, a
 * JSON object of this length, then values as float32, all little-endian.
 *
 * @param origin what the training was made from, which has to be the same to go on
 * @param step updates so far
 * @param tokens that went through the network
 * @param nextPack index of the pack that comes next
 * @param smoothedLoss moving mean, or NaN before the first update
 * @param logLength bytes of the log that belong to it
 * @param finished whether there is nothing left to train
 */
@SuppressWarnings("try") // A scope is there to be closed.
record TrainingState(
    ObjectNode origin,
    long step,
    long tokens,
    long nextPack,
    double smoothedLoss,
    long logLength,
    boolean finished) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_HEADER = 1 << 24;

  /**
   * Writes it and the rows, waits until they are on the disk, and puts them in the file's place.
   */
  void write(Path file, List<Tensor> rows) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    byte[] header = JSON.writeValueAsBytes(this);
    try (FileChannel out =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      SafetensorsWriter.writeFully(out, length.putInt(header.length).flip());
      SafetensorsWriter.writeFully(out, ByteBuffer.wrap(header));
      for (Tensor row : rows) {
        SafetensorsWriter.write(out, row, 0, row.numel());
      }
      out.force(true);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(file.toAbsolutePath().getParent());
  }

  /** Makes a folder's entries lasting, where the system can. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folders; its moves last without it.
    }
  }

  /**
   * Reads a file and fills the rows.
   *
   * @param origin what the training is made from this time
   * @throws IllegalArgumentException if that is something else, or the file is none of these
   */
  static TrainingState read(Path file, ObjectNode origin, List<Tensor> rows) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      int length = read(in, Integer.BYTES).getInt();
      if (length <= 0 || length > LARGEST_HEADER) {
        throw new IllegalArgumentException(file + " is no checkpoint; delete it to start anew");
      }
      TrainingState state = JSON.readValue(read(in, length).array(), TrainingState.class);
      compare(state.origin(), origin, file);
      for (Tensor row : rows) {
        fill(in, row);
      }
      return state;
    } catch (EOFException e) {
      throw new IllegalArgumentException(
          file + " is shorter than it was written; delete it to start anew", e);
    }
  }

  private static ByteBuffer read(FileChannel in, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (in.read(bytes) < 0) {
        throw new EOFException();
      }
    }
    return bytes.flip();
  }

  private static void fill(FileChannel in, Tensor row) throws IOException {
    for (long done = 0; done < row.numel(); done += Tensors.PIECE) {
      float[] piece = new float[(int) Math.min(Tensors.PIECE, row.numel() - done)];
      read(in, Float.BYTES * piece.length).asFloatBuffer().get(piece);
      try (PointerScope scope = new PointerScope()) {
        Tensors.put(row, done, piece);
      }
    }
  }

  private static void compare(ObjectNode before, ObjectNode now, Path file) {
    TreeSet<String> names = new TreeSet<>();
    for (ObjectNode origin : List.of(before, now)) {
      for (Map.Entry<String, JsonNode> member : origin.properties()) {
        names.add(member.getKey());
      }
    }
    for (String name : names) {
      JsonNode there = before.path(name);
      JsonNode here = now.path(name);
      if (!there.equals(here)) {
        throw new IllegalArgumentException(
            "the training in %s was started with %s %s, this one has %s; use another output folder, or delete %s to start anew"
                .formatted(file.getParent(), name, there, here, file));
      }
    }
  }
}
