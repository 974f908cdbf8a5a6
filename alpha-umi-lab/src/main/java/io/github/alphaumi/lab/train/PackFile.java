package io.github.alphaumi.lab.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The packs that one lesson makes of one file. Only their places are held in memory; each is made
 * when it is asked for. Thread-safe.
 *
 * <p>A record whose rows are too long for one pack makes several, each with the shared beginning.
 * Records in a row are one pack where that takes no more tokens than a pack for each.
 */
final class PackFile {
  private final SampleFile file;
  private final SampleEncoder encoder;
  private final Lesson lesson;
  private final int packTokens;
  private final PackStatistics statistics = new PackStatistics();
  private int[] places = new int[3 * 64];
  private int size;

  private PackFile(SampleFile file, SampleEncoder encoder, Lesson lesson, int packTokens) {
    this.file = file;
    this.encoder = encoder;
    this.lesson = lesson;
    this.packTokens = packTokens;
  }

  /**
   * Reads the file once for all lessons.
   *
   * @param packTokens tokens of a pack at most
   * @param records how many of its records are used at most
   * @param done hears how many records were read
   */
  static List<PackFile> of(
      SampleFile file,
      SampleEncoder encoder,
      List<Lesson> lessons,
      int packTokens,
      int records,
      IntConsumer done)
      throws IOException {
    List<Indexer> indexers = new ArrayList<>();
    for (Lesson lesson : lessons) {
      indexers.add(new Indexer(new PackFile(file, encoder, lesson, packTokens)));
    }
    int last = Math.min(records, file.size());
    for (int record = 0; record < last; record++) {
      List<SampleEncoder.Encoded> samples = encoder.encode(file.read(record));
      for (Indexer indexer : indexers) {
        indexer.add(record, samples);
      }
      done.accept(record + 1);
    }
    List<PackFile> packs = new ArrayList<>();
    for (Indexer indexer : indexers) {
      indexer.end();
      packs.add(indexer.packs);
    }
    return packs;
  }

  SampleFile file() {
    return file;
  }

  int size() {
    return size;
  }

  PackStatistics statistics() {
    return statistics;
  }

  /**
   * A pack.
   *
   * @param index from 0
   */
  Pack at(int index) {
    int record = places[3 * index];
    List<Sample> samples = new ArrayList<>();
    try {
      for (int i = 0; i < places[3 * index + 1]; i++) {
        samples.addAll(file.read(record + i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.name() + " cannot be read: " + e, e);
    }
    List<Row> rows = fitting(Row.of(lesson.of(encoder.encode(samples))));
    return Row.pack(parts(rows).get(places[3 * index + 2]));
  }

  /** Rows that fit, without what nothing is learnt of. */
  private List<Row> fitting(List<Row> rows) {
    rows.forEach(row -> row.cut(packTokens));
    rows.removeIf(row -> row.turns().isEmpty());
    return rows;
  }

  /** The rows of each pack. */
  private List<List<Row>> parts(List<Row> rows) {
    if (Row.packed(rows) <= packTokens) {
      return List.of(rows);
    }
    List<List<Row>> parts = new ArrayList<>();
    for (Row row : rows) { // The longest come first, and each goes where there is room.
      List<Row> part =
          parts.stream().filter(some -> hasRoom(some, row)).findFirst().orElseGet(ArrayList::new);
      if (part.isEmpty()) {
        parts.add(part);
      }
      part.add(row);
    }
    return parts;
  }

  private boolean hasRoom(List<Row> part, Row row) {
    List<Row> together = new ArrayList<>(part);
    together.add(row);
    return Row.packed(together) <= packTokens;
  }

  private void add(int record, int records, int part) {
    if (places.length == 3 * size) {
      places = Arrays.copyOf(places, 2 * places.length);
    }
    places[3 * size] = record;
    places[3 * size + 1] = records;
    places[3 * size + 2] = part;
    size++;
  }

  /** Finds which records go together. */
  private static final class Indexer {
    private final PackFile packs;
    private final List<SampleEncoder.Encoded> gathered = new ArrayList<>();
    private List<Row> rows = List.of();
    private int first;
    private int records;

    Indexer(PackFile packs) {
      this.packs = packs;
    }

    void add(int record, List<SampleEncoder.Encoded> samples) {
      List<SampleEncoder.Encoded> learnt = packs.lesson.of(samples);
      List<Row> alone = Row.of(learnt);
      int turns = turns(alone);
      packs.fitting(alone);
      packs.statistics.tooLong(turns - turns(alone));
      packs.statistics.record(learnt);
      if (records > 0 && goesWith(learnt, alone)) {
        records++;
        return;
      }
      end();
      gathered.addAll(learnt);
      rows = alone;
      first = record;
      records = 1;
    }

    /** Adds to what was gathered if no tokens are lost by that. */
    private boolean goesWith(List<SampleEncoder.Encoded> learnt, List<Row> alone) {
      List<SampleEncoder.Encoded> both = new ArrayList<>(gathered);
      both.addAll(learnt);
      List<Row> together = packs.fitting(Row.of(both));
      int length = Row.packed(together);
      boolean saves = length <= packs.packTokens && length <= Row.packed(rows) + Row.packed(alone);
      if (saves) {
        gathered.addAll(learnt);
        rows = together;
      }
      return saves;
    }

    private static int turns(List<Row> rows) {
      return rows.stream().mapToInt(row -> row.turns().size()).sum();
    }

    /** Writes down the packs of the records that were gathered. */
    void end() {
      if (!rows.isEmpty()) {
        List<List<Row>> parts = packs.parts(rows);
        for (int i = 0; i < parts.size(); i++) {
          packs.add(first, records, i);
          packs.statistics.pack(Row.pack(parts.get(i)), parts.get(i).size());
        }
      }
      gathered.clear();
      rows = List.of();
      records = 0;
    }
  }
}
