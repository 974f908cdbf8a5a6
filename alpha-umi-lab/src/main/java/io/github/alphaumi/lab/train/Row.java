package io.github.alphaumi.lab.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One conversation as tokens, and what is learnt of it. Where a sample begins as another one goes,
 * as in formats that only append, both are in one row, so that one pass teaches a whole
 * conversation; where not, each has a row of its own.
 */
final class Row {
  private int[] tokens;
  private final List<Pack.Turn> turns = new ArrayList<>();

  private Row(int[] tokens) {
    this.tokens = tokens;
  }

  /** As few rows as the samples have. */
  static List<Row> of(List<SampleEncoder.Encoded> samples) {
    // The longest first, because the shorter ones are mostly parts of it.
    List<SampleEncoder.Encoded> longestFirst = new ArrayList<>(samples);
    longestFirst.sort(Comparator.comparingInt(sample -> -sample.tokens().length));
    List<Row> rows = new ArrayList<>();
    for (SampleEncoder.Encoded sample : longestFirst) {
      Row row = rows.stream().filter(known -> known.has(sample.tokens())).findFirst().orElse(null);
      if (row == null) {
        row = new Row(sample.tokens());
        rows.add(row);
      }
      sample.turns().forEach(row::add);
    }
    return rows;
  }

  int[] tokens() {
    return tokens;
  }

  int length() {
    return tokens.length;
  }

  /** By their places in this row, in the order of these. */
  List<Pack.Turn> turns() {
    return turns;
  }

  private boolean has(int[] beginning) {
    int length = beginning.length;
    return length <= tokens.length && Arrays.equals(tokens, 0, length, beginning, 0, length);
  }

  /** A turn is learnt once, however often it was given. */
  private void add(Pack.Turn turn) {
    if (turns.stream().anyMatch(known -> known.from() == turn.from())) {
      return;
    }
    int place = 0;
    while (place < turns.size() && turns.get(place).from() < turn.from()) {
      place++;
    }
    turns.add(place, turn);
  }

  /**
   * Loses the turns that end behind a number of tokens, and what is behind its last turn, which
   * nothing is learnt of.
   *
   * @return how many turns it lost
   */
  int cut(int most) {
    int before = turns.size();
    turns.removeIf(turn -> turn.to() > most);
    int end = turns.isEmpty() ? 0 : turns.get(turns.size() - 1).to();
    tokens = Arrays.copyOf(tokens, end);
    return before - turns.size();
  }

  /** The most that other rows can share: the token that predicts the first turn stays apart. */
  private int sharable() {
    return turns.get(0).from() - 1;
  }

  /** How many tokens all rows begin with. */
  static int shared(List<Row> rows) {
    Row first = rows.get(0);
    int shared = first.sharable();
    for (Row row : rows) {
      int most = Math.min(shared, row.sharable());
      int differs = Arrays.mismatch(first.tokens, 0, most, row.tokens, 0, most);
      shared = differs < 0 ? most : differs;
    }
    return shared;
  }

  /** Tokens of a pack of these rows. */
  static int packed(List<Row> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    int shared = shared(rows);
    int sum = shared;
    for (Row row : rows) {
      sum += row.length() - shared;
    }
    return sum;
  }

  static Pack pack(List<Row> rows) {
    int shared = shared(rows);
    int length = packed(rows);
    int[] tokens = Arrays.copyOf(rows.get(0).tokens, length);
    int[] positions = new int[length];
    int[] branches = new int[length];
    List<Pack.Turn> turns = new ArrayList<>();
    for (int i = 0; i < shared; i++) {
      positions[i] = i;
    }
    int at = shared;
    for (int branch = 1; branch <= rows.size(); branch++) {
      Row row = rows.get(branch - 1);
      int moved = at - shared;
      for (int i = shared; i < row.length(); i++, at++) {
        tokens[at] = row.tokens[i];
        positions[at] = i;
        branches[at] = branch;
      }
      for (Pack.Turn turn : row.turns) {
        turns.add(
            new Pack.Turn(
                turn.role(),
                turn.from() + moved,
                turn.to() + moved,
                turn.decisive(),
                turn.weight()));
      }
    }
    return new Pack(tokens, positions, branches, List.copyOf(turns));
  }
}
