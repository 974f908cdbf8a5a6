package io.github.alphaumi.lab;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Some records of one input, one after the other.
 *
 * @param input as it was named
 * @param file where it lies, for every machine
 * @param position bytes of the input before them
 * @param index of the first of them
 * @param records how many; -1 for all up to the end, of an input that is packed
 */
record SparkPiece(String input, String file, long position, long index, long records, long bytes)
    implements Serializable {
  private static final int BUFFER = 1 << 16;

  /** An input, cut up. */
  record Cut(String sha256, ArrayList<SparkPiece> pieces) implements Serializable {}

  /**
   * Cuts an input where records end, into pieces of about so many bytes. A packed one stays whole:
   * it can only be read from its beginning.
   */
  static Cut cut(String input, String file, long pieceBytes) throws IOException {
    Path path = Path.of(file);
    HashedFile hashed = new HashedFile(path);
    ArrayList<SparkPiece> pieces = new ArrayList<>();
    if (isPacked(path)) {
      pieces.add(new SparkPiece(input, file, 0, 0, -1, Files.size(path)));
      return new Cut(hashed.sha256(), pieces);
    }
    try (RecordReader reader = RecordWork.reader(hashed.content(), path)) {
      long from = 0;
      long first = 0;
      long index = 0;
      while (reader.next() != null) {
        index++;
        if (reader.position() - from >= pieceBytes) {
          pieces.add(
              new SparkPiece(input, file, from, first, index - first, reader.position() - from));
          from = reader.position();
          first = index;
        }
      }
      if (index > first) {
        pieces.add(
            new SparkPiece(input, file, from, first, index - first, reader.position() - from));
      }
      return new Cut(hashed.sha256(), pieces);
    }
  }

  private static boolean isPacked(Path input) {
    return input.getFileName().toString().endsWith(".gz");
  }

  void apply(RecordStep step, RecordWork.Output output) throws IOException {
    Path path = Path.of(file);
    Path named = Path.of(input);
    long at = index;
    try (RecordReader reader = RecordWork.reader(open(path), path)) {
      for (RecordReader.Raw raw = read(reader, at); raw != null; raw = read(reader, at)) {
        RecordWork.apply(step, path, named, at++, raw, output);
      }
    } catch (ZipException | EOFException e) {
      output.skip(RecordWork.cannotBeUnpacked(named, at, e));
    }
  }

  private RecordReader.@Nullable Raw read(RecordReader reader, long at) throws IOException {
    return records >= 0 && at == index + records ? null : reader.next();
  }

  private InputStream open(Path path) throws IOException {
    if (isPacked(path)) {
      return new HashedFile(path).content();
    }
    InputStream in = Files.newInputStream(path);
    in.skipNBytes(position);
    return new BufferedInputStream(in, BUFFER);
  }

  /** Neighbouring pieces together, so that each lot has about so many bytes. */
  static List<ArrayList<SparkPiece>> lots(List<SparkPiece> pieces, long lotBytes) {
    List<ArrayList<SparkPiece>> lots = new ArrayList<>();
    long size = Long.MAX_VALUE / 2;
    for (SparkPiece piece : pieces) {
      if (size + piece.bytes > lotBytes) {
        lots.add(new ArrayList<>());
        size = 0;
      }
      lots.get(lots.size() - 1).add(piece);
      size += piece.bytes;
    }
    return lots;
  }
}
