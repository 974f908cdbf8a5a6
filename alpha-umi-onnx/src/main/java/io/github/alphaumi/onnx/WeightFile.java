package io.github.alphaumi.onnx;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of those of a model's matrices that ONNX Runtime cannot map where they lie: made once,
 * kept in the cache folder under a name that is a hash of the source's content and of how the copy
 * is made.
 *
 * <p>Processes that make it at the same time make the same bytes.
 */
final class WeightFile {
  private static final Logger LOG = LoggerFactory.getLogger(WeightFile.class);

  /** Changes with every change of layout or quantiser. */
  private static final String REVISION = "3";

  /** Elements encoded at a time: a matrix may have more bytes than an array can. */
  private static final int CHUNK = 1 << 24;

  private WeightFile() {}

  /** The file for this checkpoint and layout, made if it is not there. */
  static Path of(Checkpoint checkpoint, WeightLayout layout, Path cacheDirectory) {
    String name =
        key(checkpoint, layout, new ContentHashes(cacheDirectory))
            + "."
            + extension(layout.format());
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

  private static String key(Checkpoint checkpoint, WeightLayout layout, ContentHashes hashes) {
    Hasher hasher = Hashing.sha256().newHasher();
    String scales =
        layout.activations() == ElementType.FLOAT ? "" : layout.activations().toString();
    List<WeightLayout.Matrix> copied = layout.matrices().stream().filter(layout::isCopied).toList();
    hasher.putString(REVISION + copied + scales, StandardCharsets.UTF_8);
    for (Path file : checkpoint.weightFiles()) {
      try {
        hasher.putBytes(hashes.of(file).asBytes());
      } catch (IOException e) {
        throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
      }
    }
    return hasher.hash().toString().substring(0, 32);
  }

  private static void write(Checkpoint checkpoint, WeightLayout layout, Path file)
      throws IOException {
    WholeFile.write(
        file,
        partial -> {
          try (FileChannel out = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            for (WeightLayout.Matrix matrix : layout.matrices()) {
              if (layout.isCopied(matrix)) {
                write(checkpoint, layout, matrix, out);
              }
            }
            if (out.size() < layout.size()) {
              out.write(ByteBuffer.allocate(1), layout.size() - 1);
            }
            out.force(true);
          }
          checkpoint.requireUnchanged();
        });
  }

  private static void write(
      Checkpoint checkpoint, WeightLayout layout, WeightLayout.Matrix matrix, FileChannel out)
      throws IOException {
    List<WeightLayout.Section> sections = layout.sections(matrix);
    long row = 0;
    for (WeightLayout.Part part : matrix.parts()) {
      TensorData tensor = checkpoint.matrix(part.tensor(), part.tensorRows(), matrix.columns());
      int step = Math.max(1, CHUNK / matrix.columns());
      for (int done = 0; done < part.rows(); done += step) {
        int first = part.firstRow() + done;
        int rows = Math.min(step, part.rows() - done);
        Chunk chunk = new Chunk(sections, matrix.rows(), rows);
        IntStream.range(0, rows)
            .parallel()
            .forEach(
                i ->
                    chunk.encode(
                        RowEncoder.of(tensor, matrix.columns(), matrix.encoding()),
                        checkpoint.rowInFile(part.tensor(), first + i),
                        i));
        chunk.write(out, row);
        row += rows;
      }
    }
  }

  /** Consecutive rows of a matrix in each of its sections. */
  private static final class Chunk {
    private final List<WeightLayout.Section> sections;
    private final int[] rowBytes = new int[WeightLayout.MOST_SECTIONS];
    private final ByteBuffer[] buffers = new ByteBuffer[WeightLayout.MOST_SECTIONS];

    Chunk(List<WeightLayout.Section> sections, int matrixRows, int rows) {
      this.sections = sections;
      Arrays.fill(buffers, ByteBuffer.allocate(0));
      for (int i = 0; i < sections.size(); i++) {
        rowBytes[i] = Math.toIntExact(sections.get(i).length() / matrixRows);
        buffers[i] = ByteBuffer.allocate(Math.multiplyExact(rows, rowBytes[i]));
      }
    }

    void encode(RowEncoder encoder, long rowInFile, int row) {
      if (sections.size() == 1 || sections.get(1).type() == ElementType.FLOAT) {
        encoder.encode(rowInFile, at(0, row), at(1, row), at(2, row));
        return;
      }
      ByteBuffer scales = ByteBuffer.allocate(2 * rowBytes[1]).order(ByteOrder.LITTLE_ENDIAN);
      encoder.encode(rowInFile, at(0, row), scales, at(2, row));
      scales.flip();
      for (ByteBuffer halves = at(1, row); halves.hasRemaining(); ) {
        halves.putShort(Float16.fromFloat(scales.getFloat()));
      }
    }

    private ByteBuffer at(int section, int row) {
      return buffers[section]
          .slice(row * rowBytes[section], rowBytes[section])
          .order(ByteOrder.LITTLE_ENDIAN);
    }

    void write(FileChannel out, long firstRow) throws IOException {
      for (int i = 0; i < sections.size(); i++) {
        writeFully(out, buffers[i], sections.get(i).offset() + firstRow * rowBytes[i]);
      }
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += out.write(bytes, position);
    }
  }
}
