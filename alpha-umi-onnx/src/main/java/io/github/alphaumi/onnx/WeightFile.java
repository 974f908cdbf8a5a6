package io.github.alphaumi.onnx;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of a model's matrices that ONNX Runtime maps: made once, kept in the cache folder under
 * a name that is a hash of the source's content and of how the copy is made.
 *
 * <p>It is written beside its place and moved there, so that no process ever sees half a file;
 * processes that make it at the same time make the same bytes.
 */
final class WeightFile {
  private static final Logger LOG = LoggerFactory.getLogger(WeightFile.class);

  /** Changes with every change of layout or quantiser. */
  private static final String REVISION = "1";

  private WeightFile() {}

  /** The file for this checkpoint and layout, made if it is not there. */
  static Path of(Checkpoint checkpoint, WeightLayout layout, Path cacheDirectory) {
    String name = key(checkpoint, layout.format()) + "." + extension(layout.format());
    Path file = cacheDirectory.resolve(name);
    try {
      if (Files.exists(file) && Files.size(file) == layout.size()) {
        return file;
      }
      long start = System.nanoTime();
      write(checkpoint, layout, file);
      LOG.info(
          "wrote {} ({} MB) in {} ms; later loads map it",
          file,
          layout.size() / 1_000_000,
          (System.nanoTime() - start) / 1_000_000);
      return file;
    } catch (IOException e) {
      throw new ModelFileException(
          file,
          String.format(
              "the model's weights (%,d MB) cannot be written there: %s; free disk space or choose"
                  + " another cache folder with -Dalpha.umi.cache=FOLDER",
              layout.size() / 1_000_000, e),
          e);
    }
  }

  private static String extension(WeightFormat format) {
    return format.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String key(Checkpoint checkpoint, WeightFormat format) {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(REVISION + format, StandardCharsets.UTF_8);
    for (Path file : checkpoint.weightFiles()) {
      hasher.putBytes(contentHash(file).asBytes());
    }
    return hasher.hash().toString().substring(0, 32);
  }

  private static HashCode contentHash(Path file) {
    try {
      return com.google.common.io.Files.asByteSource(file.toFile()).hash(Hashing.sha256());
    } catch (IOException e) {
      throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static void write(Checkpoint checkpoint, WeightLayout layout, Path file)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path partial = Files.createTempFile(file.toAbsolutePath().getParent(), "weights", ".partial");
    try {
      try (FileChannel out = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        for (WeightLayout.Matrix matrix : layout.matrices()) {
          if (layout.format() == WeightFormat.FP32) {
            writeFloats(checkpoint, layout, matrix, out);
          } else {
            writeQuantized(checkpoint, layout, matrix, out);
          }
        }
        if (out.size() < layout.size()) {
          out.write(ByteBuffer.allocate(1), layout.size() - 1);
        }
        out.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void writeFloats(
      Checkpoint checkpoint, WeightLayout layout, WeightLayout.Matrix matrix, FileChannel out)
      throws IOException {
    long at = layout.section(matrix.name()).offset();
    float[] row = new float[matrix.columns()];
    for (WeightLayout.Part part : matrix.parts()) {
      String name = part.tensor();
      TensorData tensor = tensor(checkpoint, part, matrix);
      int rows = part.rows();
      ByteBuffer bytes = buffer(4L * rows * matrix.columns());
      for (int i = 0; i < rows; i++) {
        tensor.readFloats(
            checkpoint.rowInFile(name, i) * matrix.columns(), row, 0, matrix.columns());
        bytes.asFloatBuffer().put(row);
        bytes.position(bytes.position() + 4 * row.length);
      }
      at = writeFully(out, bytes.flip(), at);
    }
  }

  private static void writeQuantized(
      Checkpoint checkpoint, WeightLayout layout, WeightLayout.Matrix matrix, FileChannel out)
      throws IOException {
    int blocks = matrix.blocks();
    long q = layout.section(WeightLayout.quantized(matrix.name())).offset();
    long s = layout.section(WeightLayout.scales(matrix.name())).offset();
    long z = layout.section(WeightLayout.zeroPoints(matrix.name())).offset();
    for (WeightLayout.Part part : matrix.parts()) {
      String name = part.tensor();
      TensorData tensor = tensor(checkpoint, part, matrix);
      int rows = part.rows();
      ByteBuffer values = buffer((long) rows * blocks * WeightLayout.BLOCK);
      ByteBuffer scales = buffer(4L * rows * blocks);
      ByteBuffer zeroPoints = buffer((long) rows * blocks);
      IntStream.range(0, rows)
          .parallel()
          .forEach(
              row -> {
                BlockQuantizer quantizer = new BlockQuantizer();
                RowReader reader =
                    new RowReader(tensor, checkpoint.rowInFile(name, row), matrix.columns());
                for (int block = 0; block < blocks; block++) {
                  reader.read(block, quantizer);
                  int index = row * blocks + block;
                  values.put(index * WeightLayout.BLOCK, quantizer.values());
                  scales.putFloat(4 * index, quantizer.scale());
                  zeroPoints.put(index, quantizer.zeroPoint());
                }
              });
      q = writeFully(out, values, q);
      s = writeFully(out, scales, s);
      z = writeFully(out, zeroPoints, z);
    }
  }

  /** One row of a tensor, block by block, on the shortest way to 8 bits. */
  private static final class RowReader {
    private final TensorType type;
    private final int columns;
    private final ByteBuffer raw;
    private final float[] floats;

    RowReader(TensorData tensor, long row, int columns) {
      type = tensor.type();
      this.columns = columns;
      boolean blockwise = type == TensorType.Q8_0 || type == TensorType.Q4_1;
      int rowBytes = columns / type.blockElements() * type.blockBytes();
      raw = blockwise ? tensor.bytes(row * rowBytes, rowBytes) : ByteBuffer.allocate(0);
      floats = new float[blockwise ? 0 : columns];
      if (!blockwise) {
        tensor.readFloats(row * columns, floats, 0, columns);
      }
    }

    void read(int block, BlockQuantizer quantizer) {
      if (type == TensorType.Q8_0) {
        quantizer.fromQ8_0(raw, block * type.blockBytes());
      } else if (type == TensorType.Q4_1) {
        quantizer.fromQ4_1(raw, block * type.blockBytes());
      } else {
        int from = block * WeightLayout.BLOCK;
        quantizer.fromFloats(floats, from, Math.min(WeightLayout.BLOCK, columns - from));
      }
    }
  }

  private static TensorData tensor(
      Checkpoint checkpoint, WeightLayout.Part part, WeightLayout.Matrix matrix) {
    TensorData tensor = checkpoint.tensor(part.tensor());
    long[] expected = {part.rows(), matrix.columns()};
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw tensor.broken(
          "has the shape "
              + Arrays.toString(tensor.shape())
              + ", but the model's configuration asks for "
              + Arrays.toString(expected));
    }
    return tensor;
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long writeFully(FileChannel out, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += out.write(bytes, position);
    }
    return position;
  }
}
